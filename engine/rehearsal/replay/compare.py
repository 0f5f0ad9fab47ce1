"""Holds two rehearsals of one course against each other. What is the same in both is not told."""

from collections import Counter
from collections.abc import Iterable, Iterator

from engine.rehearsal.replay.course import Place
from engine.rehearsal.replay.difference import Difference, Names
from engine.rehearsal.replay.played import Decided, Played, Promise, Told
from engine.rehearsal.replay.spans import span


def compare(old: Played, new: Played, names: Names) -> list[Difference]:
    """Each difference once, the gravest first. A case that stands still is not also said to miss what would follow."""
    stands = new.stopped is not None or (bool(new.waits) and not old.waits)
    return [
        *_stands_still(old, new, names),
        *_forms(old, new, names),
        *_people(old, new, names),
        *_promises(old, new, names, stands=stands),
        *_told(old, new, names, stands=stands),
        *_ways(old, new, names, stands=stands),
        *_ends(old, new, names, stands=stands),
        *_decisions(old, new, names),
    ]


def _make(kind: str, place: Place, en: str, zh: str, **facts: object) -> Difference:
    return Difference(kind, place[0], place[1], en, zh, facts)


def _stands_still(old: Played, new: Played, names: Names) -> Iterator[Difference]:
    if new.stopped is not None and (old.stopped is None or old.stopped.place != new.stopped.place):
        place = new.stopped.place or ("", "")
        yield _make("stopped", place, new.stopped.en, new.stopped.zh)
        return
    before = {one.place for one in old.waits}
    for one in new.waits:
        if one.place in before:
            continue
        zh, en = names.element(one.place, "zh"), names.element(one.place, "en")
        match one.kind:
            case "user_task":
                yield _make(
                    "stuck",
                    one.place,
                    f"It would wait at {en!r}: nobody did this in the case then.",
                    f"会停在“{zh}”：这件事项当时没有人办过这一环节。",
                )
            case "message":
                yield _make(
                    "stuck",
                    one.place,
                    f"It would wait at {en!r}: the message {one.text!r} never came then.",
                    f"会停在“{zh}”：当时没有收到过消息“{one.text}”。",
                )
            case "job":
                yield _make(
                    "stuck",
                    one.place,
                    f"It would wait at {en!r}: no program answered this in the case then.",
                    f"会停在“{zh}”：这件事项当时没有程序给出过结果。",
                )
            case _:
                yield _make("stuck", one.place, f"It would wait at {en!r}.", f"会停在“{zh}”。")


def _forms(old: Played, new: Played, names: Names) -> Iterator[Difference]:
    known = Counter((one.place, tuple(name for name, _, _ in one.errors)) for one in old.refused)
    for one in new.refused:
        key = (one.place, tuple(name for name, _, _ in one.errors))
        if known[key]:
            known[key] -= 1
            continue
        zh, en = names.element(one.place, "zh"), names.element(one.place, "en")
        said_en = "; ".join(f"{name}: {said}" for name, said, _ in one.errors)
        said_zh = "；".join(f"{name}：{said}" for name, _, said in one.errors)
        yield _make(
            "refused",
            one.place,
            f"What was filled in at {en!r} would not be taken: {said_en}",
            f"“{zh}”当时填写的内容将无法提交：{said_zh}",
            fields=[name for name, _, _ in one.errors],
        )


def _people(old: Played, new: Played, names: Names) -> Iterator[Difference]:
    before = Counter(old.barred)
    told: set[Place] = set()
    for place, username in new.barred:
        if before[(place, username)]:
            before[(place, username)] -= 1
            continue
        if place in told:
            continue
        told.add(place)
        offered = next((one.to for one in new.offered if one.place == place), ())
        yield _make(
            "barred",
            place,
            f"{names.people((username,), 'en')} did {names.element(place, 'en')!r} then and could not do it now; "
            f"it is for {names.offered(offered, 'en')}.",
            f"“{names.element(place, 'zh')}”当时由{names.people((username,), 'zh')}办理，现在不可再由其办理；"
            f"可办理的是{names.offered(offered, 'zh')}。",
            by=username,
        )
    first = {one.place: one.to for one in reversed(old.offered)}
    seen: set[Place] = set()
    for one in new.offered:
        if one.place in seen or one.place not in first or one.place in told:
            continue
        seen.add(one.place)
        if first[one.place] != one.to:
            yield _make(
                "people",
                one.place,
                f"{names.element(one.place, 'en')!r} would be offered to {names.offered(one.to, 'en')} instead of "
                f"{names.offered(first[one.place], 'en')}.",
                f"“{names.element(one.place, 'zh')}”的可办理人由{names.offered(first[one.place], 'zh')}变为"
                f"{names.offered(one.to, 'zh')}。",
            )


def _promises(old: Played, new: Played, names: Names, *, stands: bool) -> Iterator[Difference]:
    before, after = _numbered(old.promises), _numbered(new.promises)
    for key in dict.fromkeys((*before, *after)):
        was, now = before.get(key), after.get(key)
        was_broken, is_broken = was is not None and was.is_broken, now is not None and now.is_broken
        if was_broken == is_broken:
            continue
        one = now if is_broken else was
        assert one is not None
        zh, en = names.element(one.place, "zh"), names.element(one.place, "en")
        facts = {"limit": one.limit_id, "late_by": one.late_by, "due_at": one.due_at.isoformat()}
        if is_broken:
            yield _make(
                "broken",
                one.place,
                f"{one.limit_id} at {en!r} would be broken{span(one.late_by, 'en', ' by ')}.",
                f"“{zh}”的时限 {one.limit_id} 将会超时{span(one.late_by, 'zh', ' ')}。",
                **facts,
            )
        elif not stands:
            yield _make(
                "kept",
                one.place,
                f"{one.limit_id} at {en!r} was broken{span(one.late_by, 'en', ' by ')} and would not be.",
                f"“{zh}”的时限 {one.limit_id} 当时超时{span(one.late_by, 'zh', ' ')}，现在不再超时。",
                **facts,
            )


def _numbered(promises: Iterable[Promise]) -> dict[tuple[Place, str, int], Promise]:
    counted: Counter[tuple[Place, str]] = Counter()
    found = {}
    for one in promises:
        key = (one.place, one.limit_name)
        found[(*key, counted[key])] = one
        counted[key] += 1
    return found


def _told(old: Played, new: Played, names: Names, *, stands: bool) -> Iterator[Difference]:
    before, after = _heard(old.told), _heard(new.told)
    for kind, more, less in (("told", after, before), ("not_told", before, after)):
        if stands and kind == "not_told":
            continue
        for key, heard in more.items():
            extra = tuple(name for name in heard if name not in less.get(key, ()))
            if not extra:
                continue
            place, limit_id, is_breach = key
            zh, en = names.element(place, "zh"), names.element(place, "en")
            people_zh, people_en = names.people(extra, "zh"), names.people(extra, "en")
            about_zh, about_en = ("超时", "broken") if is_breach else ("临近到期", "nearly due")
            if kind == "told":
                words = (
                    f"{people_en} would hear that {limit_id} at {en!r} is {about_en}.",
                    f"“{zh}”的时限 {limit_id} {about_zh}时，将告知{people_zh}。",
                )
            else:
                words = (
                    f"{people_en} would no longer hear that {limit_id} at {en!r} is {about_en}.",
                    f"“{zh}”的时限 {limit_id} {about_zh}时，不再告知{people_zh}。",
                )
            yield _make(kind, place, *words, limit=limit_id, people=list(extra))


def _heard(told: Iterable[Told]) -> dict[tuple[Place, str, bool], tuple[str, ...]]:
    """(where, limit, whether it was broken) → who heard, in the order in which they did."""
    found: dict[tuple[Place, str, bool], dict[str, None]] = {}
    for one in told:
        key = (one.place, one.limit_id, one.kind != "warning")
        found.setdefault(key, {}).update(dict.fromkeys(one.usernames))
    return {key: tuple(names) for key, names in found.items()}


def _ways(old: Played, new: Played, names: Names, *, stands: bool) -> Iterator[Difference]:
    ends = {old.end, new.end}
    before = [place for place, outcome in old.visits if outcome == "completed" and place[1] not in ends]
    after = [place for place, outcome in new.visits if outcome == "completed" and place[1] not in ends]
    more, less = Counter(after) - Counter(before), Counter(before) - Counter(after)
    for place in dict.fromkeys(place for place in after if more[place] and not names.is_in_old(place)):
        yield _make(
            "new_step",
            place,
            f"It would pass {names.element(place, 'en')!r}, which is new.",
            f"将经过新增的“{names.element(place, 'zh')}”。",
        )
    for place in dict.fromkeys(place for place in before if less[place] and not names.is_in_new(place)):
        yield _make(
            "gone_step",
            place,
            f"It would no longer pass {names.element(place, 'en')!r}, which is gone.",
            f"不再经过已取消的“{names.element(place, 'zh')}”。",
        )
    gained = next((place for place in after if more[place] and names.is_in_old(place)), None)
    lost = next((place for place in before if less[place] and names.is_in_new(place)), None)
    if (gained is None and lost is None) or (gained is None and stands):
        return
    where = gained or lost
    assert where is not None
    en, zh = _way_words(gained, lost, names)
    yield _make(
        "way",
        where,
        en,
        zh,
        to=gained[1] if gained else None,
        instead_of=lost[1] if lost else None,
    )


def _way_words(gained: Place | None, lost: Place | None, names: Names) -> tuple[str, str]:
    to = (names.element(gained, "en"), names.element(gained, "zh")) if gained else ("", "")
    past = (names.element(lost, "en"), names.element(lost, "zh")) if lost else ("", "")
    if gained and lost:
        return f"It would go to {to[0]!r} instead of {past[0]!r}.", f"将走向“{to[1]}”，而不是“{past[1]}”。"
    if gained:
        return f"It would also pass {to[0]!r}.", f"将多经过“{to[1]}”。"
    return f"It would no longer pass {past[0]!r}.", f"不再经过“{past[1]}”。"


def _ends(old: Played, new: Played, names: Names, *, stands: bool) -> Iterator[Difference]:
    if stands or (old.end, old.state) == (new.end, new.state):
        return
    process_key = new.visits[-1][0][0] if new.visits else ""
    place = next((one for one, _ in reversed(new.visits) if one[1] == new.end), (process_key, new.end or ""))
    earlier = next(
        (one for one, _ in reversed(old.visits) if one[1] == old.end), (process_key, old.end or "")
    )
    yield _make(
        "end",
        place,
        f"It would end at {names.element(place, 'en')!r} instead of {names.element(earlier, 'en')!r}.",
        f"将以“{names.element(place, 'zh')}”结束，而不是“{names.element(earlier, 'zh')}”。",
        was=old.end,
        now=new.end,
    )


def _decisions(old: Played, new: Played, names: Names) -> Iterator[Difference]:
    before, after = _decided(old.decided), _decided(new.decided)
    for key, now in after.items():
        was = before.get(key)
        if was is None or (was.rules == now.rules and was.outputs == now.outputs):
            continue
        yield _make(
            "decision",
            now.place,
            f"{names.element(now.place, 'en')!r}: row {_rows(now)} instead of row {_rows(was)} of {now.table}, "
            f"so {_shown(now)} instead of {_shown(was)}.",
            f"“{names.element(now.place, 'zh')}”：表 {now.table} 命中第 {_rows(now)} 行（原第 {_rows(was)} 行），"
            f"结果 {_shown(now)}（原 {_shown(was)}）。",
            table=now.table,
            rows=list(now.numbers),
            rows_then=list(was.numbers),
        )


def _decided(decided: Iterable[Decided]) -> dict[tuple[Place, int], Decided]:
    counted: Counter[Place] = Counter()
    found = {}
    for one in decided:
        found[(one.place, counted[one.place])] = one
        counted[one.place] += 1
    return found


def _rows(one: Decided) -> str:
    return ", ".join(str(number) for number in one.numbers) or "–"


def _shown(one: Decided) -> str:
    found = [f"{name}={value}" for answer in one.outputs for name, value in answer.items()]
    return ", ".join(found) or "–"

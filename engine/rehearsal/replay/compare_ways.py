"""Which way a case would take, where it would end, and which rows would decide."""

from collections import Counter
from collections.abc import Iterable, Iterator

from engine.rehearsal.replay.course import Place
from engine.rehearsal.replay.difference import Difference, Names, difference
from engine.rehearsal.replay.played import Decided, Played


def way_differences(old: Played, new: Played, names: Names, *, stands: bool) -> Iterator[Difference]:
    ends = {old.end, new.end}
    before = [place for place, outcome in old.visits if outcome == "completed" and place[1] not in ends]
    after = [place for place, outcome in new.visits if outcome == "completed" and place[1] not in ends]
    more, less = Counter(after) - Counter(before), Counter(before) - Counter(after)
    for place in dict.fromkeys(place for place in after if more[place] and not names.is_in_old(place)):
        yield difference(
            "new_step",
            place,
            f"It would pass {names.element(place, 'en')!r}, which is new.",
            f"将经过新增的“{names.element(place, 'zh')}”。",
        )
    for place in dict.fromkeys(place for place in before if less[place] and not names.is_in_new(place)):
        yield difference(
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
    yield difference(
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


def end_differences(old: Played, new: Played, names: Names, *, stands: bool) -> Iterator[Difference]:
    if stands or (old.end, old.state) == (new.end, new.state):
        return
    process_key = new.visits[-1][0][0] if new.visits else ""
    place = next((one for one, _ in reversed(new.visits) if one[1] == new.end), (process_key, new.end or ""))
    earlier = next(
        (one for one, _ in reversed(old.visits) if one[1] == old.end), (process_key, old.end or "")
    )
    yield difference(
        "end",
        place,
        f"It would end at {names.element(place, 'en')!r} instead of {names.element(earlier, 'en')!r}.",
        f"将以“{names.element(place, 'zh')}”结束，而不是“{names.element(earlier, 'zh')}”。",
        was=old.end,
        now=new.end,
    )


def decision_differences(old: Played, new: Played, names: Names) -> Iterator[Difference]:
    before, after = _decided(old.decided), _decided(new.decided)
    for key, now in after.items():
        was = before.get(key)
        if was is None or (was.rules == now.rules and was.outputs == now.outputs):
            continue
        yield difference(
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

"""Which promises would be broken that were kept, or kept that were broken, and who would hear of it."""

from collections import Counter
from collections.abc import Iterable, Iterator

from engine.rehearsal.replay.course import Place
from engine.rehearsal.replay.difference import Difference, Names, difference
from engine.rehearsal.replay.played import Played, Promise, Told
from engine.rehearsal.replay.spans import span


def promise_differences(old: Played, new: Played, names: Names, *, stands: bool) -> Iterator[Difference]:
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
            yield difference(
                "broken",
                one.place,
                f"{one.limit_id} at {en!r} would be broken{span(one.late_by, 'en', ' by ')}.",
                f"“{zh}”的时限 {one.limit_id} 将会超时{span(one.late_by, 'zh', ' ')}。",
                **facts,
            )
        elif not stands:
            yield difference(
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


def told_differences(old: Played, new: Played, names: Names, *, stands: bool) -> Iterator[Difference]:
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
            yield difference(kind, place, *words, limit=limit_id, people=list(extra))


def _heard(told: Iterable[Told]) -> dict[tuple[Place, str, bool], tuple[str, ...]]:
    """(where, limit, whether it was broken) → who heard, in the order in which they did."""
    found: dict[tuple[Place, str, bool], dict[str, None]] = {}
    for one in told:
        key = (one.place, one.limit_id, one.kind != "warning")
        found.setdefault(key, {}).update(dict.fromkeys(one.usernames))
    return {key: tuple(names) for key, names in found.items()}

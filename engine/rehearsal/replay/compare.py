"""Holds two rehearsals of one course against each other. What is the same in both is not told."""

from collections import Counter
from collections.abc import Iterator

from engine.rehearsal.replay.compare_promises import promise_differences, told_differences
from engine.rehearsal.replay.compare_ways import decision_differences, end_differences, way_differences
from engine.rehearsal.replay.course import Place
from engine.rehearsal.replay.difference import Difference, Names, difference
from engine.rehearsal.replay.played import Played


def compare(old: Played, new: Played, names: Names) -> list[Difference]:
    """Each difference once, the gravest first. A case that stands still is not also said to miss what would follow."""
    stands = new.stopped is not None or (bool(new.waits) and not old.waits)
    return [
        *_stands_still(old, new, names),
        *_forms(old, new, names),
        *_people(old, new, names),
        *promise_differences(old, new, names, stands=stands),
        *told_differences(old, new, names, stands=stands),
        *way_differences(old, new, names, stands=stands),
        *end_differences(old, new, names, stands=stands),
        *decision_differences(old, new, names),
    ]


def _stands_still(old: Played, new: Played, names: Names) -> Iterator[Difference]:
    if new.stopped is not None and (old.stopped is None or old.stopped.place != new.stopped.place):
        place = new.stopped.place or ("", "")
        yield difference("stopped", place, new.stopped.en, new.stopped.zh)
        return
    before = {one.place for one in old.waits}
    for one in new.waits:
        if one.place in before:
            continue
        zh, en = names.element(one.place, "zh"), names.element(one.place, "en")
        match one.kind:
            case "user_task":
                yield difference(
                    "stuck",
                    one.place,
                    f"It would wait at {en!r}: nobody did this in the case then.",
                    f"会停在“{zh}”：这件事项当时没有人办过这一环节。",
                )
            case "message":
                yield difference(
                    "stuck",
                    one.place,
                    f"It would wait at {en!r}: the message {one.text!r} never came then.",
                    f"会停在“{zh}”：当时没有收到过消息“{one.text}”。",
                )
            case "job":
                yield difference(
                    "stuck",
                    one.place,
                    f"It would wait at {en!r}: no program answered this in the case then.",
                    f"会停在“{zh}”：这件事项当时没有程序给出过结果。",
                )
            case _:
                yield difference("stuck", one.place, f"It would wait at {en!r}.", f"会停在“{zh}”。")


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
        yield difference(
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
        yield difference(
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
            yield difference(
                "people",
                one.place,
                f"{names.element(one.place, 'en')!r} would be offered to {names.offered(one.to, 'en')} instead of "
                f"{names.offered(first[one.place], 'en')}.",
                f"“{names.element(one.place, 'zh')}”的可办理人由{names.offered(first[one.place], 'zh')}变为"
                f"{names.offered(one.to, 'zh')}。",
            )

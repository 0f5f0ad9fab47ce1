"""Whether a rehearsal of the version that a case had comes out as the case really did."""

from collections import Counter

from engine.rehearsal.replay.course import Course
from engine.rehearsal.replay.difference import Names
from engine.rehearsal.replay.played import Played


def why_not_reproduced(course: Course, played: Played, names: Names) -> tuple[str, str] | None:
    """(en, zh); None: way, end and broken promises are those of the record."""
    if played.stopped is not None:
        return f"The rehearsal stopped: {played.stopped.en}", f"重演中止：{played.stopped.zh}"
    if played.waits:
        place = played.waits[0].place
        return (
            f"The rehearsal waits at {names.element(place, 'en')!r}; the record does not say what took it on.",
            f"重演停在“{names.element(place, 'zh')}”，记录中没有当时如何继续的内容。",
        )
    then = Counter((place, outcome) for place, outcome, _ in course.visits)
    now = Counter(played.visits)
    if then != now:
        (place, _), *_ = [*(now - then), *(then - now)]
        return (
            f"The rehearsal passes {names.element(place, 'en')!r} another number of times than the case did.",
            f"重演经过“{names.element(place, 'zh')}”的次数与实际不同。",
        )
    if (course.state, course.end_element_id) != (played.state, played.end):
        return "The rehearsal ends elsewhere than the case did.", "重演的结局与实际不同。"
    broken = Counter((one.place, one.limit_id) for one in played.promises if one.is_broken)
    if broken != Counter(course.broken):
        (place, limit_id), *_ = [*(broken - Counter(course.broken)), *(Counter(course.broken) - broken)]
        return (
            f"Whether {limit_id} at {names.element(place, 'en')!r} was broken comes out otherwise.",
            f"“{names.element(place, 'zh')}”的时限 {limit_id} 是否超时，重演与实际不同。",
        )
    return None

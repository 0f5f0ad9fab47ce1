"""One finished case: is it reproduced by the version that it had, and what does the change make of it?"""

from dataclasses import dataclass

from engine.commands.releases.installed import InstalledRelease
from engine.rehearsal.replay.compare import compare
from engine.rehearsal.replay.course import Course
from engine.rehearsal.replay.difference import Names
from engine.rehearsal.replay.ground import Ground
from engine.rehearsal.replay.play_course import play_course
from engine.rehearsal.replay.report import ReplayedCase
from engine.rehearsal.replay.reproduced import why_not_reproduced


@dataclass(frozen=True)
class Versions:
    """`base` is what the change is held against. A case may have run on an older one, which shows whether the record
    is enough to play it again."""

    base: InstalledRelease
    changed: InstalledRelease


def replay_case(
    ground: Ground, versions: Versions, own: InstalledRelease, course: Course, *, is_filling: bool = False
) -> ReplayedCase:
    found = ReplayedCase(course.instance_key, course.business_key, course.ended_at)
    if course.obstacle is not None:
        return _not_reproduced(found, course.obstacle)
    directory = ground.directories[course.organisation_key]
    roles = ground.engine.register.roles
    really = play_course(ground, own, course)
    why = why_not_reproduced(course, really, Names(own, own, directory, roles))
    if why is not None:
        return _not_reproduced(found, why)
    base = really if own is versions.base else play_course(ground, versions.base, course)
    changed = play_course(ground, versions.changed, course, is_filling=is_filling)
    differences = compare(base, changed, Names(versions.base, versions.changed, directory, roles))
    return ReplayedCase(found.instance_key, found.business_key, found.ended_at, tuple(differences))


def _not_reproduced(case: ReplayedCase, why: tuple[str, str]) -> ReplayedCase:
    return ReplayedCase(case.instance_key, case.business_key, case.ended_at, why_not=why)

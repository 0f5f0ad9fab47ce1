"""The door of the replay: a changed version on the finished cases of a period. Reads; writes and sends nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.commands.engine import Engine
from engine.commands.releases.check_family import check_family
from engine.commands.releases.family_files import FamilyFiles
from engine.commands.releases.installed import InstalledRelease
from engine.commands.releases.store_release import DeploymentRefused
from engine.model import InvalidInput, NotFound
from engine.people import Actor, require
from engine.rehearsal.replay.course import Course
from engine.rehearsal.replay.ground import Ground, release_of, replay_engine
from engine.rehearsal.replay.read_courses import BATCH, finished_cases, read_courses
from engine.rehearsal.replay.replay_case import Versions, replay_case
from engine.rehearsal.replay.report import ReplayReport

MOST_CASES = 20_000


@dataclass(frozen=True)
class ReplayWish:
    """`changed`: all files of the changed version. The period is `since` up to `until`, by the end of the cases."""

    changed: FamilyFiles
    since: datetime
    until: datetime
    is_filling: bool = False


def replay_family(
    engine: Engine,
    actor: Actor,
    wish: ReplayWish,
    *,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ReplayReport:
    """Raises Forbidden; DeploymentRefused when the changed version has errors; NotFound when the family has no live
    version; InvalidInput for a period that is none, or that holds too many cases.
    """
    require(actor, "release.read")
    if wish.since >= wish.until:
        raise InvalidInput("Expected a period that begins before it ends.", "起始日期应早于结束日期。")
    began = time.perf_counter()
    changed = _checked(engine, wish.changed)
    with engine.store.reading() as session:
        base = _live(engine, session, wish.changed.family)
        keys = finished_cases(session, actor, base.family, wish.since, wish.until)
    if len(keys) > MOST_CASES:
        raise InvalidInput(
            f"Expected at most {MOST_CASES} cases, but {len(keys)} ended in this period. Choose a shorter one.",
            f"此期间内办结的事项有 {len(keys)} 件，超过 {MOST_CASES} 件，请缩短期间。",
        )
    report = ReplayReport(base.family, base.number, wish.since, wish.until, total=len(keys))
    ground = Ground(
        replay_engine(
            engine.settings.processes_folder, engine.handlers, engine.clock, engine.calendars, engine.register
        ),
        {},
    )
    for start in range(0, len(keys), BATCH):
        for course in _courses(engine, ground, keys[start : start + BATCH]):
            if is_cancelled():
                report.is_whole = False
                break
            own = ground.releases[course.release_key]
            report.cases.append(
                replay_case(ground, Versions(base, changed), own, course, is_filling=wish.is_filling)
            )
            on_progress(len(report.cases), len(keys))
    report.seconds = time.perf_counter() - began
    return report


def _courses(engine: Engine, ground: Ground, keys: list[str]) -> list[Course]:
    """One short transaction that reads, for what a batch needs."""
    with engine.store.reading() as session:
        found = list(read_courses(session, keys))
        for one in found:
            engine.calendars.get(one.calendar, session)
            if one.release_key not in ground.releases:
                ground.releases[one.release_key] = engine.releases.get(session, one.release_key)
            if one.organisation_key not in ground.directories:
                ground.directories[one.organisation_key] = engine.directories.get(
                    session, one.organisation_key
                )
    return found


def _checked(engine: Engine, files: FamilyFiles) -> InstalledRelease:
    checked = check_family(files, engine.register, engine.handlers.topics())
    if checked.errors:
        raise DeploymentRefused(checked.findings)
    return release_of(checked, key="replayed", number=0)


def _live(engine: Engine, session: Session, family: str) -> InstalledRelease:
    for one in engine.releases.newest_of_families(session):
        if one.family == family:
            return one
    raise NotFound("release", family, "发布")

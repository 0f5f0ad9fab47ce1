"""Replays cases by their keys: reads their courses in short transactions, plays them in memory."""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy.orm import Session

from engine.commands.engine import Engine
from engine.commands.releases.check_family import check_family
from engine.commands.releases.family_files import FamilyFiles
from engine.commands.releases.installed import InstalledRelease
from engine.commands.releases.store_release import DeploymentRefused
from engine.commands.releases.would_be_installed import would_be_installed
from engine.model import NotFound
from engine.rehearsal.replay.course import Course
from engine.rehearsal.replay.ground import Ground, replay_engine
from engine.rehearsal.replay.read_courses import BATCH, read_courses
from engine.rehearsal.replay.replay_case import Versions, replay_case
from engine.rehearsal.replay.report import ReplayedCase


def changed_release(engine: Engine, changed: FamilyFiles) -> InstalledRelease:
    """The files as a release in memory. Raises DeploymentRefused when they have errors: what cannot run is not tried."""
    checked = check_family(changed, engine.register, engine.handlers.topics())
    if checked.errors:
        raise DeploymentRefused(checked.findings)
    return would_be_installed(checked, "replayed", 0)


class Replayer:
    """Raises NotFound when the family has no live version."""

    def __init__(self, engine: Engine, changed: InstalledRelease, *, is_filling: bool) -> None:
        self._engine, self._is_filling = engine, is_filling
        with engine.store.reading() as session:
            base = _live(engine, session, changed.family)
        self.versions = Versions(base, changed)
        self._ground = Ground(
            replay_engine(
                engine.settings.processes_folder,
                engine.handlers,
                engine.clock,
                engine.calendars,
                engine.register,
            ),
            {},
        )

    def replay(
        self, keys: Sequence[str], is_cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[ReplayedCase]:
        """One after the other, until they are done or somebody cancels."""
        for start in range(0, len(keys), BATCH):
            for course in self._courses(keys[start : start + BATCH]):
                if is_cancelled():
                    return
                own = self._ground.releases[course.release_key]
                yield replay_case(self._ground, self.versions, own, course, is_filling=self._is_filling)

    def _courses(self, keys: Sequence[str]) -> list[Course]:
        """One transaction that reads, for all that a batch needs."""
        engine, ground = self._engine, self._ground
        with engine.store.reading() as session:
            found = list(read_courses(session, keys))
            for one in found:
                engine.calendars.get(one.calendar, session)
                if one.release_key not in ground.releases:
                    ground.releases[one.release_key] = engine.releases.get(session, one.release_key)
                key = one.organisation_key
                if key not in ground.directories:
                    ground.directories[key] = engine.directories.get(session, key)
        return found


def _live(engine: Engine, session: Session, family: str) -> InstalledRelease:
    for one in engine.releases.newest_of_families(session):
        if one.family == family:
            return one
    raise NotFound("release", family, "发布")

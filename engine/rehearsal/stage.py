"""One family, installed once in a database of its own that is set back before each story."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.commands.calendar_shelf import Calendars
from engine.commands.engine import Engine, EngineSettings
from engine.commands.handler import HandlerTable
from engine.commands.releases.deploy import deploy
from engine.commands.releases.family_files import FamilyFiles, read_families
from engine.commands.releases.installed import InstalledRelease, ReleaseShelf
from engine.commands.releases.policy_register import PolicyRegister
from engine.model import NotFound, VirtualClock, WallClock
from engine.people import SYSTEM
from engine.profiles import Profile
from engine.rehearsal.floor import open_floor
from engine.rehearsal.known_ids import KnownIds
from engine.rehearsal.story import Story
from engine.rehearsal.story_error import StoryError, hint
from engine.store import upgrade_schema

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Stage:
    """Used by one thread at a time. `database_url`: where, if not in memory; see `open_floor`.

    Raises DeploymentRefused when the family may not go live, and InvalidInput when there is no place for it.
    """

    def __init__(
        self,
        family_folder: Path,
        processes_folder: Path,
        handlers: HandlerTable,
        database_url: str | None = None,
        files: FamilyFiles | None = None,
    ) -> None:
        """`files`: what is installed, if it does not lie in `family_folder`."""
        self.folder = family_folder
        self.settings = EngineSettings(processes_folder=processes_folder)
        self.calendars = Calendars(processes_folder / "calendars")
        self.register = PolicyRegister(processes_folder / "register")
        self._known: dict[tuple[str, str | None], KnownIds] = {}
        self._loaded: dict[str, InstalledRelease] = {}
        self._floor = open_floor(database_url)
        self.store = self._floor.store
        try:
            families = read_families([self.folder]) if files is None else [files]
            self.family, self.release = self._install(handlers, families)
        except BaseException:
            # Whatever ends it, Ctrl-C too: nothing of it stays on somebody's server.
            self.close()
            raise

    def _install(self, handlers: HandlerTable, families: list[FamilyFiles]) -> tuple[str, InstalledRelease]:
        upgrade_schema(self.store)
        engine = self.engine(VirtualClock(_LONG_AGO), handlers)
        deployed = deploy(engine, SYSTEM, families, name="rehearsal")
        family = deployed.releases[0][0]
        with self.store.reading() as session:
            release = next(one for one in engine.releases.newest_of_families(session) if one.family == family)
        self._loaded[release.release_key] = release
        self._floor.remember()
        return family, release

    def close(self) -> None:
        self._floor.close()

    def set_back(self) -> None:
        """The database as it was after the deployment: no people, no cases."""
        self._floor.set_back()

    def engine(self, clock: WallClock, handlers: HandlerTable) -> Engine:
        """A new engine over the same rows, as after a restart: no case and no person is in its memory.

        Calendars and the register are files, not rows, and a release never changes: these are read once.
        """
        engine = Engine(
            store=self.store,
            clock=clock,
            handlers=handlers,
            settings=self.settings,
            calendars=self.calendars,
            releases=ReleaseShelf(self._loaded),
        )
        engine.register = self.register
        return engine

    @property
    def roles(self) -> Mapping[str, Any]:
        return self.register.roles

    def profile_of(self, story: Story) -> Profile | None:
        """The story's profile, else the one that fits its process; None for a family without profiles."""
        given, profiles = story.given, self.release.profiles
        if given.profile is not None:
            profile = self.release.profile(given.profile)
            if profile is None:
                near, near_zh = hint(given.profile, profiles)
                raise StoryError(
                    story.path, None, f"There is no profile {given.profile!r} in family {self.family}.{near}",
                    f"流程族“{self.family}”中没有档案“{given.profile}”。{near_zh}", table="given",
                )  # fmt: skip
            return profile
        fitting = sorted(one.id for one in profiles.values() if given.process in one.processes)
        return profiles[fitting[0]] if fitting else None

    def known(self, story: Story, profile: Profile | None) -> KnownIds:
        """Raises StoryError when the process does not exist."""
        process_key = story.given.process or (profile.process if profile else "")
        if process_key not in self.release.models:
            near, near_zh = hint(process_key, self.release.models)
            raise StoryError(
                story.path, None, f"There is no process {process_key!r} in family {self.family}.{near}",
                f"流程族“{self.family}”中没有流程“{process_key}”。{near_zh}", table="given",
            )  # fmt: skip
        key = (process_key, profile.id if profile else None)
        if key not in self._known:
            self._known[key] = KnownIds(self.release, process_key, profile, self.register.ids)
        return self._known[key]


def family_folder_of(story: Story, processes_folder: Path) -> Path:
    """Where the diagrams of a story are: around it, else the family of `processes/` that has its profile or process."""
    for folder in story.path.resolve().parents[:3]:
        if any(folder.glob("*.bpmn")):
            return folder
    given = story.given
    for folder in sorted(one for one in processes_folder.iterdir() if one.is_dir()):
        if given.profile is not None and (folder / "profiles" / f"{given.profile}.toml").is_file():
            return folder
        if given.profile is None and any(
            f'id="{given.process}"'.encode() in diagram.read_bytes() for diagram in folder.glob("*.bpmn")
        ):
            return folder
    raise NotFound("procedure family", given.profile or given.process or "", "流程族")

"""What every command is given: where rows live, what time it is, who handles what. Made by the wiring."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.calendar_shelf import Calendars
from engine.commands.case.live_cases import LiveCases
from engine.commands.due.lateness import LateReport
from engine.commands.due.leases import Leases
from engine.commands.handler import HandlerTable
from engine.commands.releases.called_blocks import BLOCKS
from engine.commands.releases.installed import ReleaseShelf
from engine.commands.releases.policy_register import PolicyRegister
from engine.jobs import JobQueue
from engine.model import NotFound, Organisation, WallClock
from engine.people import Directory, PasswordCheck, load_directory
from engine.spiff import Guards
from engine.store import Store


@dataclass(frozen=True)
class EngineSettings:
    """`processes_folder` holds calendars and the register; `link` turns a path into an address for mails."""

    processes_folder: Path
    guards: Guards = field(default_factory=Guards)
    base_url: str = ""
    catch_up: str = "all"  # once | all | skip: repeating timers after downtime
    message_kept_days: int = 7
    lost_race_tries: int = 5

    @property
    def blocks_folder(self) -> Path:
        """Building blocks that families call."""
        return self.processes_folder / BLOCKS


class Directories:
    """People of each organisation, reloaded when its directory version has grown."""

    def __init__(self) -> None:
        self._directories: dict[str, tuple[int, Directory]] = {}

    def get(self, session: Session, organisation_key: str, version: int | None = None) -> Directory:
        """`version`, when the caller has just read it, spares a statement."""
        if version is None:
            version = session.execute(
                select(Organisation.directory_version).where(
                    Organisation.organisation_key == organisation_key
                )
            ).scalar_one_or_none()
            if version is None:
                raise NotFound("organisation", organisation_key, "机构")
        found = self._directories.get(organisation_key)
        if found is None or found[0] != version:
            found = (version, load_directory(session, organisation_key))
            self._directories[organisation_key] = found
        return found[1]


@dataclass
class Engine:
    store: Store
    clock: WallClock
    handlers: HandlerTable
    settings: EngineSettings
    calendars: Calendars
    # Called after a commit that left something due: the keeper of jobs and timers looks again.
    ring: Callable[[], None] = field(default=lambda: None)
    # Asked between two due rows: a process that stops finishes the one in hand and leaves the others.
    is_stopping: Callable[[], bool] = field(default=lambda: False)
    # Called after a commit that told people something, with their usernames; pages that are open show it.
    told: Callable[[Collection[str]], None] = field(default=lambda _usernames: None)
    jobs: JobQueue = field(default_factory=JobQueue)
    leases: Leases = field(default_factory=Leases)
    late: LateReport = field(default_factory=LateReport)
    releases: ReleaseShelf = field(default_factory=ReleaseShelf)
    live: LiveCases = field(default_factory=LiveCases)
    directories: Directories = field(default_factory=Directories)
    imports_past: bool = False  # notices of the past are recorded, not sent
    # Delivers one notice row by mail; None: notices stand in the app only.
    send_mail: Callable[[Mapping[str, Any]], None] | None = None
    # Remembers a verified password for a minute: argon2 on each call of the API would be slow.
    passwords: PasswordCheck = field(default_factory=PasswordCheck)
    register: PolicyRegister = field(init=False)

    def __post_init__(self) -> None:
        if not self.imports_past:
            self.releases.clock = self.clock
        self.register = PolicyRegister(self.settings.processes_folder / "register")

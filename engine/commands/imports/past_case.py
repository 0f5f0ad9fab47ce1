"""One row of a register, understood and checked: whose case it is, when it came, how far it got, who worked on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.commands.imports.answers import Answers
from engine.commands.releases.installed import InstalledRelease
from engine.people import Actor, Directory
from engine.profiles import Profile
from engine.worktime import Calendar


@dataclass(frozen=True)
class RegisterPlace:
    """Where the cases of one organisation go: its people, its calendar, and the procedure that it follows."""

    organisation_key: str
    directory: Directory
    calendar: Calendar
    release: InstalledRelease
    profile: Profile | None
    process_key: str


@dataclass(frozen=True)
class NamedWorkers:
    """Who did what, as the register says it. Empty where it is silent."""

    handled_by: tuple[Actor, ...] = ()
    received_by: Actor | None = None
    approved_by: Actor | None = None
    called_back_by: Actor | None = None
    involved: tuple[
        Actor, ...
    ] = ()  # who took steps beside the handlers: supervised, settled, supplied, filed

    @property
    def beside_handlers(self) -> tuple[Actor, ...]:
        """Who may have done any other step. Approvers and callers back are named for their own part only."""
        received = () if self.received_by is None else (self.received_by,)
        return (*received, *self.involved)


@dataclass(frozen=True)
class PastCase:
    """`closed_at` None: still open, waiting at the stage that `status` names."""

    row_number: int
    number: str
    place: RegisterPlace
    unit_key: str
    received_at: datetime
    closed_at: datetime | None
    status: str
    workers: NamedWorkers
    answers: Answers
    written: Mapping[str, str] = field(default_factory=dict)  # the row as it stood, for the record

"""What one version made of one course."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.rehearsal.replay.course import Place


@dataclass(frozen=True)
class Promise:
    """One clock as it ended. `late_by` in seconds, of a promise that was broken."""

    place: Place
    limit_name: str
    limit_id: str
    started_at: datetime
    due_at: datetime
    is_broken: bool
    late_by: int


@dataclass(frozen=True)
class Told:
    """A step of a ladder. `kind`: warning | breach | rung; `label` is the share of a warning, the number of a rung."""

    kind: str
    place: Place
    limit_id: str
    label: str
    usernames: tuple[str, ...]


@dataclass(frozen=True)
class Decided:
    place: Place
    table: str
    rules: tuple[str, ...]
    numbers: tuple[int, ...]  # of the rules, as people count rows
    outputs: Any


@dataclass(frozen=True)
class Waits:
    """Where a case stands and nothing that is recorded takes it on. `kind`: user_task | job | message | …"""

    place: Place
    kind: str
    text: str = ""


@dataclass(frozen=True)
class Stopped:
    """An expression, a table or a guard stopped the case here."""

    place: Place | None
    en: str
    zh: str


@dataclass(frozen=True)
class Refused:
    """A form that would not have taken what was filled in: field → what it says, in en and zh."""

    place: Place
    errors: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Offered:
    """Who could take a task when it opened: roles and names."""

    place: Place
    to: tuple[str, ...]


@dataclass
class Played:
    visits: list[tuple[Place, str]] = field(default_factory=list)  # (place, completed | cancelled)
    end: str | None = None
    state: str = "running"
    ended_at: datetime | None = None
    promises: list[Promise] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)
    waits: list[Waits] = field(default_factory=list)
    stopped: Stopped | None = None
    refused: list[Refused] = field(default_factory=list)
    offered: list[Offered] = field(default_factory=list)
    barred: list[tuple[Place, str]] = field(default_factory=list)  # who did it then, and may not here
    not_run: list[Place] = field(default_factory=list)  # service tasks without a recorded result
    filled: list[Place] = field(default_factory=list)  # tasks that the form's example answered

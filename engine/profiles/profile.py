"""A policy profile as objects: limits by the family's own names, roles, options, ladders, numbering."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from engine.worktime import AnyLimit, Limit


@dataclass(frozen=True)
class ProfileLimit:
    """One promise. `is_fact` is false for a default of ours, which no page may present as a rule of the source."""

    name: str
    id: str
    value: str
    limit: AnyLimit | None  # None when the profile says that there is no such promise
    lower: Limit | None  # of a range: the moment of a warning
    text: Mapping[str, str]
    is_fact: bool = True
    role: str | None = None
    warn: tuple[str, ...] | None = None
    ladder: str = "default"
    is_off: bool = False
    is_answer: bool = (
        False  # by its due moment the customer has the answer: it may be promised at registration
    )


@dataclass(frozen=True)
class Ladder:
    """Who hears when. `warn` holds shares ("75%") or limits before the end; `every` is "equal" or a limit."""

    name: str
    warn: tuple[str, ...] = ("75%", "90%")
    every: str = "equal"
    rungs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Numbering:
    pattern: str = "{year}-{number:05d}"
    restarts: str = "year"  # or "never"


@dataclass(frozen=True)
class QuietHours:
    start: time
    end: time


@dataclass(frozen=True)
class Profile:
    id: str
    family: str
    process: str
    title: Mapping[str, str]
    source: str
    calendar: str
    numbering: Numbering = Numbering()
    roles: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, ProfileLimit] = field(default_factory=dict)
    ladders: Mapping[str, Ladder] = field(default_factory=dict)
    escalates_to: Mapping[str, str] = field(default_factory=dict)
    quiet_hours: QuietHours | None = None
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    also: tuple[str, ...] = ()  # further processes that run under this profile, such as a weekly report

    @property
    def processes(self) -> tuple[str, ...]:
        return (self.process, *self.also)

    def ladder(self, name: str) -> Ladder:
        return self.ladders.get(name) or Ladder(name)

    def limit_ids(self) -> dict[str, str]:
        """Register id → the family's limit name."""
        return {limit.id: name for name, limit in self.limits.items() if limit.id}

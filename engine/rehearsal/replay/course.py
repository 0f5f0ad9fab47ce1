"""The course that a finished case took, as a script: who did what when, and what came from outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Place = tuple[str, str]  # (process key, element id)


@dataclass(frozen=True)
class Opening:
    """One time that a task was open. `values` None: it was taken away before anybody did it."""

    process_key: str
    element_id: str
    user_task_key: str
    opened_at: datetime
    ended_at: datetime
    by: str
    values: Mapping[str, Any] | None
    sequence: int

    @property
    def place(self) -> Place:
        return (self.process_key, self.element_id)


@dataclass(frozen=True)
class JobResult:
    """What a service task brought: variables, or the code of a business error."""

    topic: str
    element_id: str  # empty for a business error: the record names its topic only
    at: datetime
    outputs: Mapping[str, Any]
    error_code: str | None
    sequence: int


@dataclass(frozen=True)
class Act:
    """Something else that happened to the case at a moment.

    `kind`: message | signal | pause | resume | acknowledge | claim | release | assign | terminate.
    """

    kind: str
    at: datetime
    by: str
    subject: str
    facts: Mapping[str, Any]
    sequence: int


@dataclass(frozen=True)
class Course:
    instance_key: str
    business_key: str
    organisation_key: str
    unit_key: str
    release_key: str
    process_key: str
    profile_id: str
    calendar: str
    started_at: datetime
    started_by: str
    ended_at: datetime
    state: str
    end_element_id: str | None
    first_values: Mapping[str, Any]
    last_values: Mapping[str, Any]
    openings: tuple[Opening, ...]
    jobs: tuple[JobResult, ...]
    acts: tuple[Act, ...]
    visits: tuple[tuple[Place, str, datetime], ...]  # (place, completed | cancelled, entered at) in order
    broken: tuple[tuple[Place, str], ...]  # (where, limit id) of the promises that were broken
    # Why it cannot be played again, as (en, zh): somebody intervened in a way that no diagram knows.
    obstacle: tuple[str, str] | None = None

"""The row of a case as one command holds it, and the audit rows that the command adds to its chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from engine.model import (
    NEWEST_CHANGE,
    Conflict,
    Incident,
    InvalidInput,
    NotFound,
    Organisation,
    ProcessInstance,
    VariableScope,
    table_of,
)

_FIELDS = (
    "instance_key",
    "organisation_key",
    "unit_key",
    "release_key",
    "definition_key",
    "process_key",
    "profile_id",
    "business_key",
    "subject",
    "state",
    "row_version",
    "variables",
    "started_at",
    "started_by",
    "changed_at",
    "changed_by",
    "ended_at",
    "end_element_id",
    "complained_about",
    "is_safety",
    "is_imported",
    "audit_sequence",
    "audit_head",
    "element_sequence",
    "suspended_at",
    "suspended_by",
)

_FIXED = ("instance_key", "organisation_key", "started_at", "started_by")
_CHANGING = tuple(name for name in _FIELDS if name not in _FIXED)
_cases, _scopes = table_of(ProcessInstance), table_of(VariableScope)
_organisations, _incidents = table_of(Organisation), table_of(Incident)
_INSERT = _cases.insert()
_UPDATE = _cases.update().where(
    _cases.c.instance_key == bindparam("of_case"), _cases.c.row_version == bindparam("expected_version")
)
_LOAD = (
    select(
        *(_cases.c[name] for name in _FIELDS),
        _organisations.c.directory_version,
        _organisations.c.calendar,
        NEWEST_CHANGE.label("calendar_change"),
        # Asked along, so that the many commands on cases without a fault need not look for one.
        exists()
        .where(_incidents.c.instance_key == _cases.c.instance_key, _incidents.c.resolved_at.is_(None))
        .label("has_incident"),
    )
    .join_from(_cases, _organisations, _organisations.c.organisation_key == _cases.c.organisation_key)
    .where(_cases.c.instance_key == bindparam("of_case"))
    .with_for_update(of=_cases)
)
_LOCK = select(_cases.c.instance_key).where(_cases.c.instance_key == bindparam("of_case")).with_for_update()
_LOAD_STATE = select(_cases.c.state_blob).where(_cases.c.instance_key == bindparam("of_case"))
_LOAD_SCOPES = select(_scopes.c.scope_key, _scopes.c.variables).where(
    _scopes.c.instance_key == bindparam("of_case")
)


@dataclass
class CaseRecord:
    """Columns of `process_instance` but for the state itself, which the runner holds."""

    instance_key: str
    organisation_key: str
    unit_key: str
    release_key: str
    definition_key: str
    process_key: str
    profile_id: str
    business_key: str
    subject: str
    state: str
    row_version: int
    variables: dict[str, Any]
    started_at: datetime
    started_by: str
    changed_at: datetime
    changed_by: str
    ended_at: datetime | None = None
    end_element_id: str | None = None
    complained_about: str | None = None
    is_safety: bool = False
    is_imported: bool = False
    audit_sequence: int = 0
    audit_head: str = ""
    element_sequence: int = 0
    suspended_at: datetime | None = None
    suspended_by: str | None = None
    has_incident: bool = False  # no column: whether an incident of the case is open
    calendar_change: int = 0  # no column: the newest change of calendars when the case was read

    def insert(self, session: Session, state_format: int, state_blob: bytes) -> None:
        values = {name: getattr(self, name) for name in _FIELDS}
        session.connection().execute(
            _INSERT, values | {"state_format": state_format, "state_blob": state_blob}
        )

    def update(self, session: Session, state_format: int, state_blob: bytes) -> None:
        """Writes the next row version. Raises Conflict when another command was first."""
        expected = self.row_version
        self.row_version += 1
        values = {name: getattr(self, name) for name in _CHANGING}
        values |= {"state_format": state_format, "state_blob": state_blob}
        done = session.connection().execute(
            _UPDATE, values | {"of_case": self.instance_key, "expected_version": expected}
        )
        if done.rowcount != 1:
            raise LostRace(self.instance_key)


def accused_of(variables: Mapping[str, Any]) -> str | None:
    """Who is complained about, so that no query ever shows them the case. Raises InvalidInput for another shape."""
    accused = variables.get("complained_about") or None
    if accused is not None and not isinstance(accused, str):
        raise InvalidInput(
            f"Expected one username in complained_about, but found {accused!r}.",
            "complained_about（被投诉人）只能是一个用户名。",
        )
    return accused


class LostRace(Conflict):
    """Another command changed the case between our read and our write. Tried again before anyone hears of it."""

    def __init__(self, instance_key: str) -> None:
        super().__init__(
            f"Expected case {instance_key} unchanged, but another person changed it at the same moment.",
            "这件事项刚刚被其他人更改，请重试。",
        )


def lock_case(session: Session, instance_key: str) -> None:
    """Whoever takes rows of a case for itself takes the case first, or two would wait for each other (PostgreSQL)."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(_LOCK, {"of_case": instance_key})


def load_record(session: Session, instance_key: str) -> tuple[CaseRecord, int, str]:
    """The case, the directory version and the calendar of its organisation. Locks the row on PostgreSQL."""
    row = session.connection().execute(_LOAD, {"of_case": instance_key}).one_or_none()
    if row is None:
        raise NotFound("case", instance_key, "事项")
    values = row._mapping
    record = CaseRecord(
        **{name: values[name] for name in _FIELDS},
        has_incident=values["has_incident"],
        calendar_change=values["calendar_change"],
    )
    return record, values["directory_version"], values["calendar"]


def load_state(session: Session, instance_key: str) -> tuple[bytes, dict[str, dict[str, Any]]]:
    """The stored state and the inner variable scopes: what a case needs that is not in memory."""
    connection, of_case = session.connection(), {"of_case": instance_key}
    blob = connection.execute(_LOAD_STATE, of_case).scalar_one()
    rows = connection.execute(_LOAD_SCOPES, of_case)
    scopes = {row.scope_key: row.variables for row in rows}
    return blob, scopes

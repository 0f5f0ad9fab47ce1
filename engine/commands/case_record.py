"""The row of a case as one command holds it, and the audit rows that the command adds to its chain."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engine.model import Conflict, NotFound, Organisation, ProcessInstance, VariableScope

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

    def insert(self, session: Session, state_format: int, state_blob: bytes) -> None:
        session.execute(
            insert(ProcessInstance).values(**asdict(self), state_format=state_format, state_blob=state_blob)
        )

    def update(self, session: Session, state_format: int, state_blob: bytes) -> None:
        """Writes the next row version. Raises Conflict when another command was first."""
        expected = self.row_version
        self.row_version += 1
        values = asdict(self)
        for fixed in ("instance_key", "organisation_key", "release_key", "started_at", "started_by"):
            del values[fixed]
        done = session.execute(
            update(ProcessInstance)
            .where(ProcessInstance.instance_key == self.instance_key, ProcessInstance.row_version == expected)
            .values(**values, state_format=state_format, state_blob=state_blob)
        )
        if done.rowcount != 1:  # type: ignore[attr-defined]
            raise LostRace(self.instance_key)


class LostRace(Conflict):
    """Another command changed the case between our read and our write. Tried again before anyone hears of it."""

    def __init__(self, instance_key: str) -> None:
        super().__init__(
            f"Expected case {instance_key} unchanged, but another person changed it at the same moment.",
            "这件事项刚刚被其他人更改，请重试。",
        )


def load_record(session: Session, instance_key: str) -> tuple[CaseRecord, int, str]:
    """The case, the directory version and the calendar of its organisation. Locks the row on PostgreSQL."""
    columns = [getattr(ProcessInstance, name) for name in _FIELDS]
    row = session.execute(
        select(*columns, Organisation.directory_version, Organisation.calendar)
        .join(Organisation, Organisation.organisation_key == ProcessInstance.organisation_key)
        .where(ProcessInstance.instance_key == instance_key)
        .with_for_update(of=ProcessInstance)
    ).one_or_none()
    if row is None:
        raise NotFound("case", instance_key, "事项")
    values = row._mapping
    record = CaseRecord(**{name: values[name] for name in _FIELDS})
    return record, values["directory_version"], values["calendar"]


def load_state(session: Session, instance_key: str) -> tuple[bytes, dict[str, dict[str, Any]]]:
    """The stored state and the inner variable scopes: what a case needs that is not in memory."""
    blob = session.execute(
        select(ProcessInstance.state_blob).where(ProcessInstance.instance_key == instance_key)
    ).scalar_one()
    rows = session.execute(
        select(VariableScope.scope_key, VariableScope.variables).where(
            VariableScope.instance_key == instance_key
        )
    )
    scopes = {row.scope_key: row.variables for row in rows}
    return blob, scopes

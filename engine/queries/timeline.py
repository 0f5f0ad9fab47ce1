"""What has happened in a case, in order: acts of people from the audit chain, events of the diagram from history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import recorded_acts
from engine.model import AuditRow, ElementInstance, UserTask
from engine.queries.case_header import CaseHeader

# Visits that a reader cares about and that no audit row tells.
_KINDS = ("boundaryEvent", "intermediateCatchEvent", "endEvent", "callActivity", "businessRuleTask")
# Events that an audit row of the same moment has told already.
_RUNG = ("element.boundaryEvent", "element.intermediateCatchEvent")


@dataclass(frozen=True)
class TimelineEntry:
    """`act` is an act of the audit, or `element.<kind>`; `facts` are values that its sentence may use."""

    at: datetime
    actor: str
    act: str
    facts: Mapping[str, Any]


def find_timeline(session: Session, header: CaseHeader, locale: str) -> list[TimelineEntry]:
    """Oldest first. Two statements for the events and one for the names of tasks."""
    tasks = {
        row.user_task_key: (row.process_key, row.element_id)
        for row in session.execute(
            select(UserTask.user_task_key, UserTask.process_key, UserTask.element_id).where(
                UserTask.instance_key == header.key
            )
        )
    }
    limits = (
        {limit.id or name: limit.text.get(locale) or name for name, limit in header.profile.limits.items()}
        if header.profile
        else {}
    )

    def shown(username: str | None) -> str:
        return header.directory.shown(username, locale)

    found: list[tuple[datetime, int, int, TimelineEntry]] = []
    for row in session.execute(
        recorded_acts().where(AuditRow.chain == header.key).order_by(AuditRow.sequence)
    ):
        payload = row.payload or {}
        facts: dict[str, Any] = {
            "step": _step_name(header, tasks.get(row.subject), payload.get("element") or row.subject, locale),
            "limit": limits.get(row.subject, row.subject),
            "limit_id": row.subject,
            "subject": row.subject,
            "to": shown(payload.get("to")),
            "told": [shown(name) for name in payload.get("told", ())],
            "due_at": _moment(payload.get("due_at")),
        } | {
            name: payload.get(name)
            for name in (
                "reason",
                "kind",
                "share",
                "rung",
                "evidence",
                "code",
                "late_seconds",
            )
        }
        entry = TimelineEntry(row.at, shown(row.actor) if row.actor != "system" else "", row.act, facts)
        found.append((row.at, 0, row.sequence, entry))
    for visit in session.execute(
        select(
            ElementInstance.sequence,
            ElementInstance.process_key,
            ElementInstance.element_id,
            ElementInstance.kind,
            ElementInstance.left_at,
        )
        .where(
            ElementInstance.instance_key == header.key,
            ElementInstance.kind.in_(_KINDS),
            ElementInstance.outcome == "completed",
        )
        .order_by(ElementInstance.sequence)
    ):
        name = header.release.name_of(visit.process_key, visit.element_id, locale)
        entry = TimelineEntry(visit.left_at, "", f"element.{visit.kind}", {"step": name})
        found.append((visit.left_at, 1, visit.sequence, entry))
    rung = {at for at, _, _, entry in found if entry.act in ("timer.fired", "message.received")}
    found = [one for one in found if not (one[3].act in _RUNG and one[0] in rung)]
    found.sort(key=lambda one: one[:3])
    return [entry for *_, entry in found]


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _step_name(header: CaseHeader, task: tuple[str, str] | None, subject: str, locale: str) -> str:
    if task is not None:
        return header.release.name_of(*task, locale)
    for process_key, model in header.release.models.items():
        if subject in model.elements:
            return header.release.name_of(process_key, subject, locale)
    return ""

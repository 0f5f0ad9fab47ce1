"""A person corrects what stopped a case, and lets it try again; or lets many try again that failed alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.case.access import ACCUSED, require_case
from engine.commands.case.json_values import given_values
from engine.commands.case.on_case import on_case
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.commands.incidents import resolve_incident
from engine.commands.repair.reason import require_reason
from engine.model import Incident, InvalidInput, NotFound, Rejected, WrongState
from engine.people import Actor


def mend_incident(
    engine: Engine,
    actor: Actor,
    *,
    incident_key: str,
    values: Mapping[str, Any],
    reason: str,
    retries: int = 1,
) -> None:
    """Sets variables as the failed element sees them, then tries again. What they were stands in the record.

    Raises NotFound, Forbidden; InvalidInput without a reason, or for who is complained about; WrongState when it is resolved.
    """
    require_reason(reason)
    values = given_values(values)
    if ACCUSED in values:
        raise InvalidInput(
            f"Expected {ACCUSED} to stay as it is: only a person at a task changes it (COI-1).",
            "被投诉人只能由办理待办的人员更改（回避规则 COI-1）。",
        )
    row: Any = None

    def find(session: Session) -> str:
        nonlocal row
        row = session.execute(
            select(Incident.instance_key, Incident.element_instance_key, Incident.resolved_at).where(
                Incident.incident_key == incident_key
            )
        ).one_or_none()
        if row is None:
            raise NotFound("incident", incident_key, "异常")
        return str(row.instance_key)

    def change(work: CaseWork) -> None:
        require_case(work.session, work.record, work.frame.directory, actor, "incident.resolve")
        if row.resolved_at is not None:
            raise WrongState("Expected an open incident.", "此异常已经处理。")
        key = row.element_instance_key
        seen = (work.run.case_scope() if key is None else work.frame.scope(key)).visible()
        before = {name: seen.get(name) for name in values}
        work.note(
            "case.variables_corrected",
            incident_key,
            {"reason": reason, "before": before, "after": dict(values)},
        )
        work.correct(key, values)

    if values:
        on_case(engine, actor, find, change)
    resolve_incident(engine, actor, incident_key=incident_key, retries=retries)


@dataclass(frozen=True)
class Retried:
    """One incident of many: tried again, or why it was `refused`."""

    incident_key: str
    refused: Rejected | None


def retry_incidents(
    engine: Engine, actor: Actor, *, incident_keys: Sequence[str], retries: int = 1
) -> list[Retried]:
    """One transaction each; one that is refused does not keep the others from it."""
    done = []
    for key in incident_keys:
        refused = None
        try:
            resolve_incident(engine, actor, incident_key=key, retries=retries)
        except Rejected as problem:
            refused = problem
        done.append(Retried(key, refused))
    return done

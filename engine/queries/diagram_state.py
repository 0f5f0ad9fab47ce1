"""A case on its diagrams: what is done, where it stands, what is overdue, and which flows were taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import (
    ClockRow,
    ElementInstance,
    Incident,
    ProcessInstance,
    UserTask,
)
from engine.people import Actor
from engine.queries.case_header import CaseHeader, header_of_case, process_name
from engine.queries.drawing import drawing
from engine.queries.source import Source
from engine.spiff import places_in_state


@dataclass(frozen=True)
class DiagramState:
    """Element ids of one process. `overdue` are active ones whose promise is broken."""

    process_key: str
    name: str
    finished: Sequence[str]
    active: Sequence[str]
    overdue: Sequence[str]
    flows: Sequence[str]
    counts: Mapping[str, int]
    incidents: Sequence[str]


def find_diagrams(source: Source, actor: Actor, instance_key: str, locale: str) -> list[DiagramState]:
    """The case's own process first, then the called ones that it has been in."""
    with source.store.reading() as session:
        header = header_of_case(source, session, actor, instance_key)
        finished = _finished(session, header)
        active = _active(session, header)
        overdue = _overdue(session, header)
        incidents = set(
            session.execute(
                select(Incident.element_id).where(
                    Incident.instance_key == instance_key, Incident.resolved_at.is_(None)
                )
            ).scalars()
        )
    keys = [header.row.process_key]
    keys += [
        key for key in finished.keys() | active.keys() if key not in keys and key in header.release.models
    ]
    states = []
    for key in keys:
        model = header.release.models[key]
        done, now = finished.get(key, {}), active.get(key, set())
        for element_id in list(now):
            now = now | set(model.enclosing(element_id))
        taken = [
            flow.id
            for flow in model.flows.values()
            if flow.source in done and (flow.target in done or flow.target in now)
        ]
        states.append(
            DiagramState(
                process_key=key,
                name=process_name(header.release, key, locale),
                finished=sorted(done.keys() - now),
                active=sorted(now),
                overdue=sorted(now & overdue.get(key, set())),
                flows=taken,
                counts={one: number for one, number in done.items() if number > 1},
                incidents=sorted(one for one in incidents if one and one in model.elements),
            )
        )
    return states


def find_drawing(source: Source, actor: Actor, instance_key: str, process_key: str, locale: str) -> bytes:
    """The diagram file of one process of the case, with element names in the reader's language."""
    with source.store.reading() as session:
        header = header_of_case(source, session, actor, instance_key)
        return drawing(session, header.release, process_key, locale)


def _finished(session: Session, header: CaseHeader) -> dict[str, dict[str, int]]:
    """Process key → element id → completed visits."""
    found: dict[str, dict[str, int]] = {}
    for process_key, element_id in session.execute(
        select(ElementInstance.process_key, ElementInstance.element_id).where(
            ElementInstance.instance_key == header.key, ElementInstance.outcome == "completed"
        )
    ):
        visits = found.setdefault(process_key, {})
        visits[element_id] = visits.get(element_id, 0) + 1
    return found


def _active(session: Session, header: CaseHeader) -> dict[str, set[str]]:
    """Process key → elements where the case stands, the call activities around them among these."""
    found: dict[str, set[str]] = {}
    if header.row.state != "running":
        return found
    stored = session.execute(
        select(ProcessInstance.state_blob).where(ProcessInstance.instance_key == header.key)
    ).scalar_one()
    for process_key, element_id in places_in_state(stored):
        element = header.release.element(process_key, element_id)
        # A boundary event waits on its task, which is drawn active already.
        if element is not None and element.kind != "boundaryEvent":
            found.setdefault(process_key, set()).add(element_id)
    return found


def _overdue(session: Session, header: CaseHeader) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for process_key, element_id in session.execute(
        select(ClockRow.process_key, ClockRow.element_id).where(
            ClockRow.instance_key == header.key,
            ClockRow.stopped_at.is_(None),
            ClockRow.state != "paused",
            ClockRow.due_at < header.now,
        )
    ):
        found.setdefault(process_key, set()).add(element_id)
    for process_key, element_id in session.execute(
        select(UserTask.process_key, UserTask.element_id).where(
            UserTask.instance_key == header.key, UserTask.state == "open", UserTask.due_at < header.now
        )
    ):
        found.setdefault(process_key, set()).add(element_id)
    return found

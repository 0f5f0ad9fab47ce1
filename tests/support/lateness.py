"""How late each due moment was met, and how much of that is nobody's fault but the SIGKILL's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from held_tickets import Outage
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import AuditRow, LadderStep, Timer

NOT_LATE = timedelta(0)


@dataclass(frozen=True)
class Met:
    """One due moment that was met. `excused`: the part of its lateness that lies in outages."""

    case: str
    what: str
    due_at: datetime
    met_at: datetime
    excused: timedelta = NOT_LATE

    @property
    def late(self) -> timedelta:
        return self.met_at - self.due_at

    @property
    def inexcusably_late(self) -> timedelta:
        return self.late - self.excused


def met_moments(session: Session, outages: Sequence[Outage]) -> list[Met]:
    """Of all timers that fired and all ladder steps that were sent. No timer may have fired twice in its case."""
    # By the record of the case, which is written in the transaction that moved the token: a try that was lost does not
    # count, though the timer's row may name its moment.
    rows = [
        *session.execute(
            select(Timer.instance_key, Timer.element_id, Timer.fires_at, AuditRow.at).join(
                AuditRow,
                (AuditRow.chain == Timer.instance_key)
                & (AuditRow.subject == Timer.element_id)
                & (AuditRow.act == "timer.fired"),
            )
        ),
        *session.execute(
            select(LadderStep.instance_key, LadderStep.kind, LadderStep.due_at, LadderStep.sent_at).where(
                LadderStep.state == "sent"
            )
        ),
    ]
    of_case: dict[str | None, list[Outage]] = {}
    for outage in outages:
        of_case.setdefault(outage.case, []).append(outage)
    found = []
    for case, what, due_at, met_at in rows:
        behind = [*of_case.get(case, []), *of_case.get(None, [])]
        found.append(Met(case, what, due_at, met_at, covered(due_at, met_at, behind)))
    return found


def covered(begin: datetime, end: datetime, outages: Iterable[Outage]) -> timedelta:
    """How much of the time from `begin` to `end` lies in at least one outage."""
    total, reached = NOT_LATE, begin
    for outage in sorted(outages, key=lambda one: one.since):
        since, until = max(outage.since, reached), min(outage.until, end)
        if until > since:
            total += until - since
            reached = until
    return total


def without_any(absences: Sequence[Sequence[tuple[datetime, datetime]]]) -> list[Outage]:
    """When no process of several was there at all. `absences`: of each process, (since, until)."""
    common = list(absences[0])
    for other in absences[1:]:
        common = [
            (max(one[0], two[0]), min(one[1], two[1]))
            for one in common
            for two in other
            if max(one[0], two[0]) < min(one[1], two[1])
        ]
    return [Outage(None, since, until) for since, until in common]

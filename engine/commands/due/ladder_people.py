"""Whom a clock concerns: who works on what it measures, and who stands above them."""

from typing import Any

from sqlalchemy import select

from engine.commands.case.clocks import OpenClock
from engine.commands.case.work import CaseWork
from engine.model import Candidate, UserTask
from engine.people import Rung, find_rungs

MOST_TOLD = 10  # of a task that nobody has claimed yet


def open_tasks_of(work: CaseWork, clock: OpenClock) -> list[Any]:
    """The open task that the clock measures, else those inside the stage, the called process or the case.

    Before its element is reached, who works on the case now is who can still keep the promise.
    """
    rows = work.session.execute(
        select(
            UserTask.user_task_key,
            UserTask.assignee,
            UserTask.unit_key,
            UserTask.process_key,
            UserTask.element_id,
        ).where(UserTask.instance_key == work.record.instance_key, UserTask.state == "open")
    ).all()
    visit, place = clock.row["element_instance_key"], (clock.row["process_key"], clock.row["element_id"])
    own = [row for row in rows if row.user_task_key == visit]
    if own or not visit:
        return own or list(rows)
    return [row for row in rows if place in work.tasks.enclosing(row.process_key, row.element_id)]


def workers_of(work: CaseWork, clock: OpenClock) -> tuple[str, ...]:
    """Holders of the open tasks; of one that nobody holds (any more) the people who may take it."""
    found: dict[str, None] = {}
    for row in open_tasks_of(work, clock):
        if work.frame.directory.is_active(row.assignee):
            found[row.assignee] = None
            continue
        for name in _candidates(work, row.user_task_key):
            found[name] = None
    return tuple(found)


def _candidates(work: CaseWork, user_task_key: str) -> list[str]:
    specs = work.session.execute(
        select(Candidate.role_key, Candidate.unit_key, Candidate.username).where(
            Candidate.user_task_key == user_task_key
        )
    ).all()
    directory = work.frame.directory
    names = [row.username for row in specs if row.username]
    for row in specs:
        if row.role_key:
            names += directory.holders_in(row.role_key, row.unit_key)
    return [name for name in dict.fromkeys(names) if name not in work.frame.excluded][:MOST_TOLD]


def rungs_of(work: CaseWork, clock: OpenClock) -> list[Rung]:
    """The ladder of the clock: the profile's own rungs or escalations first, else the register's."""
    profile = work.profile
    tasks = open_tasks_of(work, clock)
    workers = workers_of(work, clock)
    plan = work.clocks.ladder_of(clock.row["ladder"])
    return find_rungs(
        work.frame.directory,
        role_key=clock.row["role_key"],
        unit_key=next((row.unit_key for row in tasks), clock.row["unit_key"]),
        escalates_to=work.frame.escalates_to,
        assignee=workers[0] if len(workers) == 1 else None,
        explicit=tuple((profile.roles.get(name, name) if profile else name) for name in plan.rungs),
        excluded=work.frame.excluded,
    )

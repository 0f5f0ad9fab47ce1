"""Drives cases from their start to their end on the happy path; only commands are on the stopwatch, not our looking.

Many cases are in flight, as in a house at work: each goes on by one task, then the keeper does what is due of all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bench.house import House
from bench.measure import Stopwatch
from engine.commands.complete_user_task import complete_user_task
from engine.commands.due.due_work import do_due_work
from engine.commands.start_instance import start_instance
from engine.model import Candidate, ProcessInstance, UserTask
from engine.people.candidates import EVERYONE

MOST_TASKS = 60


@dataclass
class Driven:
    """What happened: (process key, element id, values) of each task in order, and the variables at the end."""

    profile_id: str
    first: dict[str, Any]
    instance_key: str
    tasks: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)


def drive(house: House, profiles: Sequence[str], watch: Stopwatch) -> list[Driven]:
    """One case for each entry of `profiles`."""
    cases = [start(house, profile, watch) for profile in profiles]
    open_cases = cases
    while open_cases:
        with watch.running("due work"):
            do_due_work(house.engine)
        open_cases = [one for one in open_cases if complete_next(house, one, watch)]
    for one in cases:
        with house.engine.store.reading() as session:
            row = session.get_one(ProcessInstance, one.instance_key)
        assert row.state == "completed", (row.state, one.tasks)
        one.variables = row.variables
    return cases


def start(house: House, profile_id: str, watch: Stopwatch) -> Driven:
    form = house.release.start_form(house.release.profiles[profile_id].process)
    values = house.values(form.key if form else None)
    with watch.running("start"):
        started = start_instance(
            house.engine, house.actor("p_first_receiver"), variables=values, profile_id=profile_id
        )
    return Driven(profile_id, values, started.instance_key)


def complete_next(house: House, case: Driven, watch: Stopwatch) -> bool:
    """Whether there was a task to complete."""
    task = open_task(house, case.instance_key)
    if task is None:
        return False
    username, row = task
    values = house.values(row.form_ref)
    with watch.running("complete"):
        complete_user_task(
            house.engine, house.actor(username), user_task_key=row.user_task_key, values=values
        )
    case.tasks.append((row.process_key, row.element_id, values))
    assert len(case.tasks) <= MOST_TASKS, [element for _, element, _ in case.tasks]
    return True


def open_task(house: House, instance_key: str) -> tuple[str, Any] | None:
    with house.engine.store.reading() as session:
        row = session.execute(
            select(
                UserTask.user_task_key, UserTask.process_key, UserTask.element_id, UserTask.form_ref,
                UserTask.assignee, Candidate.role_key, Candidate.username,
            )
            .outerjoin(Candidate, Candidate.user_task_key == UserTask.user_task_key)
            .where(UserTask.instance_key == instance_key, UserTask.state == "open")
            .limit(1)
        ).first()  # fmt: skip
    if row is None:
        return None
    if row.assignee or row.username:
        return row.assignee or row.username, row
    return f"p_{'head' if row.role_key == EVERYONE else row.role_key}", row

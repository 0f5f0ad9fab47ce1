"""Drives one case from its start to its end on the happy path; only commands are on the stopwatch, not our looking."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bench.house import House
from bench.measure import Stopwatch
from engine.commands.complete_user_task import complete_user_task
from engine.commands.due_work import do_due_jobs
from engine.commands.start_instance import start_instance
from engine.model import Candidate, ProcessInstance, UserTask
from engine.people.candidates import EVERYONE

MOST_TASKS = 60


@dataclass
class Driven:
    """What happened: (process key, element id, values) of each task in order, and the variables at the end."""

    profile_id: str
    first: dict[str, Any]
    tasks: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)


def drive(house: House, profile_id: str, watch: Stopwatch, **first: Any) -> Driven:
    engine = house.engine
    process_key = house.release.profiles[profile_id].process
    form = house.release.start_form(process_key)
    values = house.values(form.key if form else None) | first
    driven = Driven(profile_id, values)
    with watch.running("start"):
        started = start_instance(
            engine, house.actor("p_first_receiver"), variables=values, profile_id=profile_id
        )
    while True:
        with watch.running("jobs"):
            do_due_jobs(engine, started.instance_key)
        task = open_task(house, started.instance_key)
        if task is None:
            break
        username, row = task
        filled = house.values(row.form_ref)
        with watch.running("complete"):
            complete_user_task(engine, house.actor(username), user_task_key=row.user_task_key, values=filled)
        driven.tasks.append((row.process_key, row.element_id, filled))
        assert len(driven.tasks) <= MOST_TASKS, [element for _, element, _ in driven.tasks]
    with engine.store.reading() as session:
        case = session.get_one(ProcessInstance, started.instance_key)
    assert case.state == "completed", (case.state, driven.tasks)
    driven.variables = case.variables
    return driven


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

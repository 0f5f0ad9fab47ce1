"""A server may stop after any step: the next one goes on from the rows, and nothing of the story changes."""

from datetime import timedelta

import pytest
from cases import complete, jobs, open_tasks, start, state, variables
from engines import make_engine, person
from sqlalchemy import select

from engine.audit import verify
from engine.commands.correlate_message import correlate_message
from engine.commands.due.due_work import do_due_work
from engine.commands.hold_user_task import claim_user_task
from engine.model import AuditRow, ElementInstance, Notice
from engine.store import Store


class Straight:
    """One server that runs from first to last."""

    def __init__(self, engine, database_url):
        self.engine, self.url = engine, database_url

    def step(self, act, *arguments, **more):
        return act(self.engine, *arguments, **more)

    def stop(self):
        self.engine.store.close()


class Restarted(Straight):
    """A new server, with empty memory, for every step."""

    def step(self, act, *arguments, **more):
        self.stop()
        self.engine = make_engine(Store(self.url), self.engine.clock)
        return act(self.engine, *arguments, **more)


@pytest.fixture(params=[Straight, Restarted])
def house(request, stored_engine, database_url):
    running = request.param(stored_engine, database_url)
    yield running
    running.stop()


def test_a_late_answer_is_told_alike(house, clock):
    case = house.step(start)
    task_key = house.step(open_tasks, case)["answer"]
    house.step(claim, "li_na", task_key)
    clock.advance(timedelta(days=2))
    house.step(do_due_work)
    house.step(do_due_work)
    house.step(complete, "li_na", task_key, reply="已致歉")
    house.step(complete, "wang_wei", house.step(open_tasks, case)["press"], pressed=True)

    assert house.step(state, case) == "completed"
    assert house.step(path, case) == [
        ("received", "completed"),
        ("answer_overdue", "completed"),
        ("answer", "completed"),
        ("answered", "completed"),
        ("press", "completed"),
        ("pressed", "completed"),
    ]
    assert house.step(variables, case) == {"subject": "柜台等候太久", "reply": "已致歉", "pressed": True}
    assert house.step(told, case).count(("deadline_breached", "wang_wei")) == 1
    assert house.step(acts, case).count("task.completed") == 2
    assert house.step(acts, case).count("timer.fired") == 1
    with house.engine.store.reading() as session:
        assert verify(session).problems == []


def test_a_job_is_told_alike(house):
    case = house.step(start, "recording")
    house.step(do_due_work)
    house.step(do_due_work)

    assert house.step(state, case) == "completed"
    assert [element for element, _ in house.step(path, case)] == ["asked", "record", "recorded"]
    assert [job.attempts for job in house.step(jobs, case)] == [1]


def test_a_message_is_told_alike(house):
    case = house.step(start, "listening")
    house.step(complete, "zhao_min", house.step(open_tasks, case)["call_back"], reached=True)
    house.step(reply, case, satisfied=True)

    assert house.step(state, case) == "completed"
    assert house.step(variables, case)["reached"] is True
    assert [element for element, _ in house.step(path, case)] == [
        "begun",
        "call_back",
        "await_reply",
        "replied",
    ]


def claim(engine, username, task_key):
    claim_user_task(engine, person(engine, username), user_task_key=task_key)


def reply(engine, case, **values):
    correlate_message(
        engine,
        person(engine, "li_na"),
        message_name="customer_replied",
        correlation=case.business_key,
        variables=values,
        message_id="mail-1",
    )


def path(engine, case):
    with engine.store.reading() as session:
        rows = session.execute(
            select(ElementInstance.element_id, ElementInstance.outcome)
            .where(ElementInstance.instance_key == case.instance_key)
            .order_by(ElementInstance.sequence)
        )
        return [tuple(row) for row in rows]


def told(engine, case):
    with engine.store.reading() as session:
        rows = session.execute(
            select(Notice.kind, Notice.recipient).where(Notice.instance_key == case.instance_key)
        )
        return [tuple(row) for row in rows]


def acts(engine, case):
    with engine.store.reading() as session:
        return (
            session.execute(
                select(AuditRow.act).where(AuditRow.chain == case.instance_key).order_by(AuditRow.sequence)
            )
            .scalars()
            .all()
        )

"""A restart changes nothing: random walks with a new engine before every step leave the same rows as one that lives on."""

from datetime import timedelta
from typing import Any

import pytest
from engines import FRIDAY, PROCESSES, person, record
from families import install
from hypothesis import given, settings
from hypothesis import strategies as st
from rows_and_state import assert_rows_fit_state
from sqlalchemy import select
from wandering import FIRST, PROFILE, WANDERING, WAYS

from engine.commands.calendar_shelf import Calendars
from engine.commands.clock_commands import pause_clock, resume_clock
from engine.commands.complete_user_task import complete_user_task
from engine.commands.correlate_message import correlate_message
from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine, EngineSettings
from engine.commands.handler import Handler, HandlerTable
from engine.commands.start_instance import start_instance
from engine.model import (
    AuditRow,
    Candidate,
    ClockRow,
    ElementInstance,
    Incident,
    Job,
    LadderStep,
    MessageSubscription,
    Notice,
    ProcessInstance,
    Rejected,
    Timer,
    UserTask,
    VariableScope,
    VirtualClock,
)
from engine.people import SYSTEM
from engine.store import Store

CALENDARS = Calendars(PROCESSES / "calendars")
# Column names that hold keys, which differ from one run to the next.
KEYS = (
    "_key",
    "once",
    "hash",
    "previous",
    "head",
    "digest",
    "state_blob",
    "worker",
    "body",
    "subject",
    "data",
)


class Server:
    """An engine over a database of its own; `is_restarting` replaces it before each step."""

    def __init__(self, store: Store, is_restarting: bool) -> None:
        self.is_restarting = is_restarting
        self.clock = VirtualClock(FRIDAY)
        self.store = store
        self.start_anew()
        install(self.engine, WANDERING, profiles=[PROFILE])

    def start_anew(self) -> None:
        handlers = HandlerTable([Handler("record", lambda context: {"recorded": bool(record(context))})])
        self.engine = Engine(self.store, self.clock, handlers, EngineSettings(PROCESSES), CALENDARS)

    def begin(self) -> None:
        self.clock.set(FRIDAY)
        self.case = start_instance(
            self.engine, person(self.engine, "li_na"), process_key="wandering", variables=FIRST
        )

    def step(self, act: str, choice: int, way: str) -> str:
        """What came of it, for the comparison."""
        if self.is_restarting:
            self.start_anew()
        try:
            return getattr(self, act)(choice, way) or ""
        except Rejected as refused:
            return f"{type(refused).__name__} {refused.en.replace(self.case.business_key, '#')}"

    def complete(self, choice: int, way: str) -> str:
        tasks = self._rows(
            select(UserTask.user_task_key, UserTask.element_id).where(
                self._of(UserTask), UserTask.state == "open"
            )
        )
        if not tasks:
            return "none"
        key, element_id = sorted(tasks, key=lambda one: one.element_id)[choice % len(tasks)]
        by = "wang_wei" if element_id == "tell_it" else "li_na"
        answer = "no" if choice % 3 == 0 else "yes"
        complete_user_task(
            self.engine, person(self.engine, by), user_task_key=key, values={"way": way, "answer": answer}
        )
        return element_id

    def wait(self, choice: int, way: str) -> str:
        self.clock.advance(timedelta(hours=1 + choice))
        report = do_due_work(self.engine, self.case.instance_key)
        return str([[one.kind for one in report.steps], [one.element_id for one in report.timers]])

    def work(self, choice: int, way: str) -> str:
        return str(len(do_due_work(self.engine, self.case.instance_key).jobs))

    def send(self, choice: int, way: str) -> str:
        sent = correlate_message(
            self.engine, SYSTEM, message_name="answer", correlation=self.case.business_key,
            variables={"answer": f"mail {choice}"}, organisation_key="bank",
        )  # fmt: skip
        return f"{sent.is_kept}"

    def pause(self, choice: int, way: str) -> str:
        open_clocks = self._rows(
            select(ClockRow.clock_key, ClockRow.state, ClockRow.limit_name, ClockRow.element_id)
            .where(self._of(ClockRow), ClockRow.stopped_at.is_(None))
            .order_by(ClockRow.limit_name, ClockRow.element_id)
        )
        if not open_clocks:
            return "none"
        clock = open_clocks[choice % len(open_clocks)]
        if clock.state == "paused":
            resume_clock(self.engine, SYSTEM, clock_key=clock.clock_key)
        else:
            pause_clock(self.engine, SYSTEM, clock_key=clock.clock_key, kind="customer", reason="等")
        return f"{clock.limit_name} {clock.element_id}"

    def _of(self, table: Any) -> Any:
        return table.instance_key == self.case.instance_key

    def _rows(self, statement: Any) -> list[Any]:
        with self.store.reading() as session:
            return list(session.execute(statement).all())

    def rows(self) -> dict[str, list[str]]:
        """All rows of the case, without their keys."""
        found = {}
        for table in (
            ProcessInstance,
            VariableScope,
            ElementInstance,
            UserTask,
            Timer,
            Job,
            MessageSubscription,
            ClockRow,
            LadderStep,
            Notice,
            Incident,
        ):
            columns = [
                one
                for one in table.__table__.columns
                if not one.name.endswith(KEYS) and one.name != "correlation" and one.name != "payload"
            ]
            found[table.__tablename__] = sorted(
                str(tuple(row)) for row in self._rows(select(*columns).where(self._of(table)))
            )
        audited = select(AuditRow.act, AuditRow.at, AuditRow.actor).where(
            AuditRow.chain == self.case.instance_key
        )
        found["audit"] = [str(tuple(row)) for row in self._rows(audited.order_by(AuditRow.sequence))]
        candidates = (
            select(UserTask.element_id, Candidate.role_key, Candidate.username)
            .join(Candidate, Candidate.user_task_key == UserTask.user_task_key)
            .where(self._of(UserTask))
        )
        found["candidates"] = sorted(str(tuple(row)) for row in self._rows(candidates))
        return found


@pytest.fixture(scope="module")
def servers(databases, settled_tables):
    pair = [Server(databases.copy_of(settled_tables), is_restarting) for is_restarting in (False, True)]
    yield pair
    for server in pair:
        databases.throw_away(server.store)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["complete", "complete", "complete", "wait", "wait", "work", "send", "pause"]),
        st.integers(0, 30),
        st.sampled_from(WAYS[:-1] * 3 + WAYS[-1:]),
    ),
    min_size=1,
    max_size=14,
)


def compare(servers, steps):
    for server in servers:
        server.begin()

    for step in steps:
        said = [server.step(*step) for server in servers]
        assert said[0] == said[1]
        restarting = servers[1]
        restarting.start_anew()
        assert_rows_fit_state(restarting.engine, restarting.case)

    lasting, restarted = (server.rows() for server in servers)
    assert lasting["incident"] == []
    for table, rows in lasting.items():
        assert restarted[table] == rows, table


@settings(max_examples=30, deadline=None, derandomize=True)
@given(steps=STEPS)
def test_a_new_engine_before_every_step_leaves_the_same_rows(servers, steps):
    compare(servers, steps)


@pytest.mark.soak
@settings(max_examples=300, deadline=None)
@given(steps=STEPS)
def test_hundreds_of_walks_survive_all_their_restarts(servers, steps):
    compare(servers, steps)


def test_an_event_gateway_is_forgotten_when_it_has_chosen(servers):
    """Another branch keeps it in memory; the event that it saw is an object of the engine that no state could keep."""
    compare(servers, [("send", 0, ""), ("wait", 17, ""), ("wait", 9, ""), ("complete", 1, "race")])

    for server in servers:
        assert "answered" in str(server.rows()["element_instance"])

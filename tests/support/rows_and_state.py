"""What must be true of the rows of any case at any time: they tell the same as its stored state."""

from typing import Any

from cases import Started
from sqlalchemy import select

from engine.commands.case.open_case import open_case
from engine.commands.engine import Engine
from engine.model import (
    ClockRow,
    ElementInstance,
    Job,
    LadderStep,
    MessageSubscription,
    ProcessInstance,
    Timer,
    UserTask,
    VariableScope,
)
from engine.people import SYSTEM


def assert_rows_fit_state(engine: Engine, case: Started) -> None:
    """`engine` must not hold the case in memory: the state is read as after a restart."""
    with engine.store.reading() as session:

        def rows(table: Any, *conditions: Any) -> list[Any]:
            wanted = select(table).where(table.instance_key == case.instance_key, *conditions)
            return list(session.execute(wanted).scalars())

        tasks = {row.user_task_key for row in rows(UserTask, UserTask.state == "open")}
        timers = rows(Timer, Timer.state.in_(("waiting", "paused", "failed")))
        jobs = {
            row.element_instance_key
            for row in rows(Job, Job.kind == "handler", Job.state.in_(("waiting", "running", "failed")))
        }
        messages = {row.subscription_key for row in rows(MessageSubscription)}
        clocks = {row.clock_key: row for row in rows(ClockRow, ClockRow.stopped_at.is_(None))}
        steps = rows(LadderStep, LadderStep.state == "waiting")
        scopes = {row.scope_key for row in rows(VariableScope)}
        history = sorted(row.sequence for row in rows(ElementInstance))

        assert history == list(range(1, len(history) + 1))
        assert {step.clock_key for step in steps} <= clocks.keys()
        if session.get_one(ProcessInstance, case.instance_key).state != "running":
            outlived = [*tasks, *timers, *jobs, *messages, *clocks, *scopes]
            assert outlived == [], "Something outlived its case."
            return

        run = open_case(engine, session, SYSTEM, case.instance_key).run
        places: dict[str, set[str]] = {}
        for key, place in run.waiting.items():
            places.setdefault(place.kind, set()).add(key)
        exhausted = {
            row.timer_key for row in rows(Timer, Timer.state == "fired", Timer.cycles_left.is_not(None))
        }
        due = places.get("timer", set()) | places.get("repeating_timer", set())
        assert tasks == places.get("user_task", set())
        assert {row.timer_key for row in timers} == due - exhausted
        assert jobs == places.get("job", set())
        assert messages == places.get("message", set())
        assert scopes == run.scopes.keys() - {"case"}
        visits = {visit.key for visit in run.open_visits()} | {"", case.instance_key}
        for clock in clocks.values():
            assert clock.element_instance_key in visits, f"The clock of {clock.element_id} measures nothing."
            awaits_breach = any(step.clock_key == clock.clock_key and step.kind == "breach" for step in steps)
            assert awaits_breach == (clock.state == "running"), f"The ladder of {clock.element_id} is wrong."
        for timer in timers:
            clock = clocks.get(timer.clock_key)
            if clock is not None:
                assert (timer.due_at, timer.state == "paused") == (clock.due_at, clock.state == "paused")
            else:
                assert timer.state == "waiting", f"{timer.element_id} waits for a clock that has stopped."

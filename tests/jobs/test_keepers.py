"""What every keeper promises, on the real clock: in one process over SQLite, in several over PostgreSQL."""

import threading
import time
from datetime import timedelta

import pytest
from cases import complete, jobs, open_task, open_tasks, start, state, timers, variables, visits
from engines import make_engine, person, settle
from sqlalchemy import select, update

from engine.commands.handler import Handler
from engine.commands.terminate_instance import terminate_instance
from engine.jobs import QUEUES
from engine.model import HandlerFailed, Incident, Job, SystemClock, Timer, new_key
from web.wiring.keeper import build_keeper, give_back_jobs
from web.wiring.settings import Settings

PATIENCE_SECONDS = 30
QUIET_SECONDS = 0.5


class Recorder:
    """The handler of the tiny family's job; a test may hold it up or let it fail."""

    def __init__(self):
        self.keys, self.acts = [], lambda key: None
        self._lock = threading.Lock()

    def __call__(self, context):
        with self._lock:
            self.keys.append(context.idempotency_key)
        self.acts(context.idempotency_key)
        return {"recorded_as": context.idempotency_key}


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def serve(store, database_url, recorder):
    """Starts one more process, so to speak: an engine with a keeper of its own."""
    first = make_engine(store, SystemClock(), [Handler("record", recorder)])
    settle(first)
    running = []

    def started(queues=QUEUES, *, is_started=True):
        engine = make_engine(store, SystemClock(), [Handler("record", recorder)])
        keeper = build_keeper(engine, Settings(database_url=database_url), queues)
        running.append(keeper)
        engine.keeper = keeper
        if is_started:
            keeper.start()
        return engine

    started.first = first
    yield started
    for keeper in running:
        keeper.stop()


def eventually(what, seconds=PATIENCE_SECONDS):
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "It did not come about in time."
        time.sleep(0.02)


def test_a_job_is_done_soon_after_the_step_that_owes_it(serve, recorder):
    engine = serve()

    case = start(engine, "recording")

    eventually(lambda: state(engine, case) == "completed")
    assert variables(engine, case)["recorded_as"] == recorder.keys[0]
    assert len(recorder.keys) == 1


def test_what_another_process_owes_is_done_too(serve):
    engine = serve()

    case = start(serve.first, "recording")  # its engine rings nobody
    if engine.store.is_sqlite:
        engine.ring()  # else the next sweep finds it; PostgreSQL tells by itself

    eventually(lambda: state(serve.first, case) == "completed")


def test_a_job_whose_step_was_rolled_back_never_was(serve, recorder):
    engine = serve()
    case = start(engine, "recording")
    eventually(lambda: state(engine, case) == "completed")
    (row,) = jobs(engine, case)
    values = {column.name: getattr(row, column.name) for column in Job.__table__.columns}

    def owe_and_fail():
        with engine.store.transaction() as session:
            engine.jobs.enqueue(
                session, [values | {"job_key": new_key(), "state": "waiting", "worker": None}]
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        owe_and_fail()
    engine.ring()
    other = start(engine, "recording")
    eventually(lambda: state(engine, other) == "completed")

    assert len(recorder.keys) == 2
    assert len(jobs(engine, case)) == 1


def test_a_job_that_failed_is_tried_again_with_the_same_key_when_its_time_has_come(serve, recorder):
    def fail_once(key):
        if len(recorder.keys) == 1:
            raise HandlerFailed("The archive is closed.", "档案室关门了。")

    recorder.acts = fail_once
    engine = serve()
    case = start(engine, "recording")
    eventually(lambda: [job.retries_left for job in jobs(engine, case)] == [2])
    (job,) = jobs(engine, case)
    assert (job.state, job.error) == ("waiting", "The archive is closed.")
    assert job.due_at > engine.clock.now() + timedelta(minutes=5)
    time.sleep(QUIET_SECONDS)
    assert len(recorder.keys) == 1

    with engine.store.transaction() as session:
        engine.jobs.retry(session, job.job_key, at=engine.clock.now())
    engine.ring()

    eventually(lambda: state(engine, case) == "completed")
    assert len(recorder.keys) == 2
    assert len(set(recorder.keys)) == 1


def test_a_retry_that_waits_holds_up_nothing_else_of_its_case(serve, recorder):
    def fail(key):
        raise HandlerFailed("The archive is closed.", "档案室关门了。")

    recorder.acts = fail
    engine = serve()
    case = start(engine, "recording")
    eventually(lambda: [job.retries_left for job in jobs(engine, case)] == [2])

    # Another job of the same case, due now.
    (row,) = jobs(engine, case)
    values = {column.name: getattr(row, column.name) for column in Job.__table__.columns}
    now = engine.clock.now()
    fresh = values | {
        "job_key": new_key(),
        "due_at": now,
        "created_at": now,
        "retries_left": 1,
        "attempts": 0,
    }
    with engine.store.transaction() as session:
        engine.jobs.enqueue(session, [fresh])
    engine.ring()

    eventually(lambda: {job.state for job in jobs(engine, case)} == {"waiting", "failed"})


def test_a_job_that_goes_on_failing_waits_for_a_person(serve, recorder):
    def fail(key):
        raise HandlerFailed("No such archive.", "没有这个档案室。", permanent=True)

    recorder.acts = fail
    engine = serve()
    case = start(engine, "recording")

    eventually(lambda: [job.state for job in jobs(engine, case)] == ["failed"])
    with engine.store.reading() as session:
        assert session.execute(select(Incident.message)).scalar_one()["zh"] == "没有这个档案室。"


def test_a_job_whose_case_is_over_is_not_run(serve, recorder):
    case = start(serve.first, "recording")
    terminate_instance(
        serve.first, person(serve.first, "wang_wei"), instance_key=case.instance_key, reason="twice"
    )

    engine = serve()
    other = start(engine, "recording")
    eventually(lambda: state(engine, other) == "completed")

    assert len(recorder.keys) == 1
    assert [job.state for job in jobs(engine, case)] == ["cancelled"]


def test_a_timer_fires_at_its_moment(serve):
    engine = serve()
    case = start(engine)
    at = engine.clock.now() + timedelta(milliseconds=700)

    with engine.store.transaction() as session:
        session.execute(update(Timer).values(fires_at=at, due_at=at))
    if engine.store.is_sqlite:
        engine.ring()  # as the command does that moves it; PostgreSQL hears it by itself

    eventually(lambda: set(open_tasks(engine, case)) == {"answer", "press"})
    (timer,) = timers(engine, case)
    assert timer.state == "fired"
    assert timer.fired_at >= at


def test_several_processes_do_each_thing_once(serve, recorder):
    engines = [serve() for _ in range(3)]
    recording = [start(engines[number % 3], "recording") for number in range(12)]
    answering = [start(engines[number % 3]) for number in range(6)]
    at = engines[0].clock.now()
    with engines[0].store.transaction() as session:
        session.execute(update(Timer).values(fires_at=at, due_at=at))
    for engine in engines:
        engine.ring()

    eventually(lambda: {state(engines[0], case) for case in recording} == {"completed"})
    eventually(lambda: all(len(open_tasks(engines[0], case)) == 2 for case in answering))

    assert len(recorder.keys) == len(set(recorder.keys)) == 12
    assert [visits(engines[0], case, "answer_overdue") for case in answering] == [1] * 6


def test_a_task_is_completed_while_its_case_is_at_work_elsewhere(serve):
    engine = serve()
    case = start(engine)
    at = engine.clock.now()
    with engine.store.transaction() as session:
        session.execute(update(Timer).values(fires_at=at, due_at=at))
    engine.ring()

    complete(engine, "li_na", open_tasks(engine, case)["answer"])

    eventually(lambda: timers(engine, case)[0].state in ("fired", "cancelled"))
    assert visits(engine, case, "answer") == 1


def test_stopping_finishes_the_job_in_hand_and_begins_no_other(serve, recorder):
    has_begun, may_end = threading.Event(), threading.Event()

    def hold(key):
        has_begun.set()
        assert may_end.wait(PATIENCE_SECONDS)

    recorder.acts = hold
    engine = serve()
    case = start(engine, "recording")
    assert has_begun.wait(PATIENCE_SECONDS)

    stopping = threading.Thread(target=engine.keeper.stop)
    stopping.start()
    time.sleep(QUIET_SECONDS)
    late = start(serve.first, "recording")
    may_end.set()
    stopping.join(PATIENCE_SECONDS)

    assert not stopping.is_alive()
    assert state(engine, case) == "completed"
    assert state(engine, late) == "running"

    again = serve()
    again.ring()
    eventually(lambda: state(again, late) == "completed")


def test_a_job_that_is_given_back_may_be_taken_at_once_and_has_lost_no_try(serve, recorder):
    has_begun, may_end = threading.Event(), threading.Event()

    def hold(key):
        if len(recorder.keys) == 1:
            has_begun.set()
            assert may_end.wait(PATIENCE_SECONDS)

    recorder.acts = hold
    engine = serve()
    case = start(engine, "recording")
    assert has_begun.wait(PATIENCE_SECONDS)
    (before,) = jobs(engine, case)

    assert not engine.keeper.stop(patience_seconds=0.2)
    assert give_back_jobs(engine) == 1
    other = serve()
    other.ring()

    eventually(lambda: state(engine, case) == "completed")
    may_end.set()
    (after,) = jobs(engine, case)
    assert (after.state, after.retries_left) == ("done", before.retries_left)
    assert visits(engine, case, "record") == 1


def test_who_asks_hears_what_each_queue_holds(serve):
    start(serve.first, "recording")
    start(serve.first)
    now = serve.first.clock.now()

    with serve.first.store.reading() as session:
        states = {one.queue: one for one in serve.first.jobs.inspect(session, now)}

    assert set(states) == set(QUEUES)
    assert (states["handlers"].due, states["handlers"].running) == (1, 0)
    assert states["handlers"].oldest_due_at <= now
    assert states["timers"].due == 0
    assert states["timers"].later >= 2  # the timer, and the first steps of its ladder
    assert states["notices"].oldest_due_at is None


def test_a_keeper_is_caught_up_when_it_has_looked_once(serve):
    engine = serve(is_started=False)
    assert not engine.keeper.is_caught_up

    engine.keeper.start()

    eventually(lambda: engine.keeper.is_caught_up)
    assert open_task(engine, start(engine))

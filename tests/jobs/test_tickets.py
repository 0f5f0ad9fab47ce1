"""Tickets on PostgreSQL: one for each due row, however many ring; and what becomes of them when a process vanishes."""

import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from cases import start, state
from engines import make_engine, settle
from procrastinate.schema import migrations_path
from sqlalchemy import make_url, text, update

from engine.commands.due.run_jobs import run_job
from engine.commands.handler import Handler
from engine.jobs.distributed import DistributedKeeper
from engine.jobs.distributed.ring import ring
from engine.jobs.distributed.tickets import Ticket, defer, priority_of
from engine.model import SystemClock, Timer
from engine.store import Store, upgrade_schema

pytestmark = pytest.mark.postgresql
PATIENCE_SECONDS = 30


@pytest.fixture
def url(postgres):
    with postgres.database() as given:
        yield given


@pytest.fixture
def store(url):
    opened = Store(url)
    yield opened
    opened.close()


@pytest.fixture
def engine(store):
    made = make_engine(store, SystemClock())
    settle(made)
    return made


class Work:
    """What a keeper's tickets lead to: noted, and held up for a moment so that two at once would be seen."""

    def __init__(self, seconds=0.0):
        self.seconds = seconds
        self.done, self.at_once, self._inside = [], Counter(), Counter()
        self._lock = threading.Lock()

    def __call__(self, of, until=None):
        with self._lock:
            self._inside[of] += 1
            self.at_once[of] = max(self.at_once[of], self._inside[of])
        time.sleep(self.seconds)
        with self._lock:
            self._inside[of] -= 1
            self.done.append(of)


@pytest.fixture
def keep(url, store):
    keepers = []

    def started(moments=None, jobs=None):
        keeper = DistributedKeeper(
            make_url(url).set(drivername="postgresql").render_as_string(hide_password=False),
            SystemClock(),
            store.transaction,
            moments or Work(),
            jobs or Work(),
        )
        keepers.append(keeper)
        keeper.start()
        return keeper

    yield started
    assert [keeper.stop() for keeper in keepers] == [True] * len(keepers)


def tickets(store):
    with store.reading() as session:
        return session.execute(
            text(
                "SELECT queueing_lock, lock, queue_name, status::text, priority FROM procrastinate_jobs ORDER BY id"
            )
        ).all()


def make_due(engine, **where):
    now = engine.clock.now() - timedelta(seconds=1)
    with engine.store.transaction() as session:
        session.execute(update(Timer).filter_by(**where).values(fires_at=now, due_at=now))


def rung(engine):
    with engine.store.transaction() as session:
        return ring(session, engine.clock.now())


def eventually(what, seconds=PATIENCE_SECONDS):
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "It did not come about in time."
        time.sleep(0.02)


def test_a_job_has_its_ticket_in_the_transaction_of_its_step(engine):
    case = start(engine, "recording")

    (ticket,) = tickets(engine.store)
    assert ticket.queue_name == "handlers"
    assert ticket.lock == f"{case.instance_key}/handlers"
    assert ticket.status == "todo"


def test_a_timer_has_no_ticket_before_its_moment_and_one_from_then_on(engine):
    case = start(engine)
    assert rung(engine) == 0

    make_due(engine)

    assert rung(engine) == 1
    (ticket,) = tickets(engine.store)
    assert (ticket.queue_name, ticket.lock) == ("timers", case.instance_key)
    assert rung(engine) == 0  # it has one


def test_those_who_ring_at_once_make_one_ticket_for_each_row(engine, url):
    for _ in range(20):
        start(engine)
    make_due(engine)
    stores = [Store(url) for _ in range(4)]

    def go(one):
        for _ in range(5):
            with one.transaction() as session:
                ring(session, engine.clock.now())

    threads = [threading.Thread(target=go, args=(one,)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    names = [ticket.queueing_lock for ticket in tickets(engine.store)]
    assert len(names) == len(set(names)) == 20
    for one in stores:
        one.close()


def test_a_matter_of_safety_goes_first(engine):
    calm, safety = start(engine), start(engine)
    with engine.store.transaction() as session:
        session.execute(
            text("UPDATE process_instance SET is_safety = true WHERE instance_key = :key"),
            {"key": safety.instance_key},
        )
    make_due(engine)
    rung(engine)

    priorities = {ticket.lock: ticket.priority for ticket in tickets(engine.store)}
    assert priorities[safety.instance_key] > priorities[calm.instance_key]


def test_one_case_is_never_worked_on_twice_at_once(store, keep):
    work = Work(0.05)
    with store.transaction() as session:
        defer(session, [Ticket("timer", str(number), f"case-{number % 2}", "timers") for number in range(12)])

    for _ in range(3):
        keep(moments=work)

    eventually(lambda: len(work.done) == 12)
    assert set(work.at_once.values()) == {1}


def test_moments_come_in_the_order_in_which_they_fell_due_whenever_their_tickets_were_made(store, keep):
    work = Work()
    now = SystemClock().now()
    made = [
        Ticket("timer", str(minute), f"case-{minute:02}", "timers", priority_of(at, is_safety=False), at)
        for minute in range(30)
        for at in [now + timedelta(minutes=minute)]
    ]
    with store.transaction() as session:
        defer(session, sorted(made, key=lambda ticket: ticket.key[::-1]))

    keep(moments=work)

    eventually(lambda: len(work.done) == 30)
    assert work.done == sorted(work.done)


@pytest.mark.parametrize("at", [datetime(2025, 1, 1, tzinfo=UTC), datetime(2055, 12, 31, tzinfo=UTC)])
def test_a_priority_fits_its_column_and_safety_stands_above_all(at):
    first, last = datetime(2025, 1, 1, tzinfo=UTC), datetime(2055, 12, 31, tzinfo=UTC)

    assert -(2**31) <= priority_of(at, is_safety=False) < 2**31
    assert -(2**31) <= priority_of(at, is_safety=True) < 2**31
    assert priority_of(last, is_safety=True) > priority_of(first, is_safety=False)


def test_a_ticket_of_a_process_that_vanished_is_taken_back(engine, keep):
    start(engine)
    make_due(engine)
    rung(engine)
    with engine.store.transaction() as session:  # as a worker that took it and was killed ten seconds ago
        (worker,) = session.execute(text("SELECT worker_id FROM procrastinate_register_worker_v1()")).one()
        session.execute(
            text("SELECT id FROM procrastinate_fetch_job_v2('{timers}', :worker)"), {"worker": worker}
        )
        session.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '10 s'"))
    assert [ticket.status for ticket in tickets(engine.store)] == ["doing"]

    work = Work()
    keep(moments=work)

    eventually(lambda: work.done)


def test_a_ticket_of_a_living_process_is_left_to_it(engine):
    start(engine)
    make_due(engine)
    rung(engine)
    with engine.store.transaction() as session:
        (worker,) = session.execute(text("SELECT worker_id FROM procrastinate_register_worker_v1()")).one()
        session.execute(
            text("SELECT id FROM procrastinate_fetch_job_v2('{timers}', :worker)"), {"worker": worker}
        )

    assert rung(engine) == 0
    assert [ticket.status for ticket in tickets(engine.store)] == ["doing"]


def test_a_keeper_goes_on_when_all_its_connections_were_cut(engine, url, keep):
    handled = []
    serving = make_engine(
        engine.store, SystemClock(), [Handler("record", lambda context: handled.append(context.case_number))]
    )

    work = Work()
    keep(moments=work, jobs=lambda key: run_job(serving, key))
    eventually(lambda: _cut(engine.store) >= 3)

    for _ in range(3):
        case = start(engine, "recording")
        eventually(lambda case=case: state(engine, case) == "completed")
        _cut(engine.store)

    assert len(handled) == len(set(handled)) == 3


def _cut(store):
    with store.transaction() as session:
        return len(
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND application_name IN ('huiyin worker', 'huiyin listener')"
                )
            ).all()
        )


def test_a_ticket_that_was_taken_back_meanwhile_is_no_trouble_to_who_had_it(engine, keep, caplog):
    begun, may_end = threading.Event(), threading.Event()
    done = []

    def hold(case, until):
        begun.set()
        assert may_end.wait(PATIENCE_SECONDS)
        done.append(case)

    keep(moments=hold)
    start(engine)
    make_due(engine)
    assert begun.wait(PATIENCE_SECONDS)
    with engine.store.transaction() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))
    may_end.set()

    eventually(lambda: len(done) >= 2)  # the row is still due, since nothing was done here: another ticket
    assert "Job was not found" not in caplog.text
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


def test_work_that_fails_is_tried_again(engine, keep):
    start(engine)
    make_due(engine)
    tries = []

    def fail(case, until):
        tries.append(case)
        if len(tries) == 1:
            raise OSError("the database is away")

    keep(moments=fail)

    eventually(lambda: len(tries) >= 2)


def test_the_revision_fits_the_library():
    """A newer Procrastinate brings revisions of its own: then ours must bring the tables up, and setup.cfg the version."""

    newest = sorted(path.name for path in migrations_path.glob("*.sql"))[-1]

    assert newest == "03.04.00_50_post_add_retry_failed_job_procedure.sql"


def test_an_upgrade_leaves_the_tickets_alone(engine):
    start(engine, "recording")

    upgrade_schema(engine.store)

    assert len(tickets(engine.store)) == 1

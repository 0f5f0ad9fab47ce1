"""The keeper of a single process, on the real clock: it wakes its lanes in time, and nothing that rings is lost."""

import threading
from datetime import datetime, timedelta

import pytest
from cases import jobs, open_task, start, state
from engines import make_engine, person, settle

from engine.commands.complete_user_task import complete_user_task
from engine.commands.due.due_moments import do_due_moments
from engine.commands.due.due_work import do_due_jobs, next_job_due_at, next_moment_due_at
from engine.commands.handler import Handler
from engine.jobs import EmbeddedKeeper, Lane
from engine.model import SystemClock
from engine.store import Store, upgrade_schema

PATIENCE_SECONDS = 20  # nothing here takes a tenth of a second, but the machine may be busy
NEVER = timedelta(hours=1)
SOON = timedelta(milliseconds=20)


class Work:
    """The work of one lane: counts its runs, and does in each what a test wants."""

    def __init__(self, act=lambda run: None, due=None):
        self.act, self.due = act, due
        self.runs = 0
        self._changed = threading.Condition()

    def __call__(self):
        with self._changed:
            self.runs += 1
            run = self.runs
        try:
            self.act(run)
        finally:
            with self._changed:
                self.done = run
                self._changed.notify_all()

    done = 0

    def next_due_at(self):
        return self.due

    def wait_for(self, runs):
        """Waits until so many runs are done."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.done >= runs, PATIENCE_SECONDS), (
                f"{self.done} of {runs}"
            )


@pytest.fixture
def keep():
    """Starts a keeper over named works, and stops it at the end."""
    keepers = []

    def started(is_started=True, **works):
        spans = {name: works.pop(name) for name in ("sweep", "after_failure") if name in works}
        lanes = [Lane(name, work.next_due_at, work) for name, work in works.items()]
        keeper = EmbeddedKeeper(lanes, SystemClock(), **({"sweep": NEVER, "after_failure": NEVER} | spans))
        keepers.append(keeper)
        if is_started:
            keeper.start()
        return keeper

    yield started
    for keeper in keepers:
        keeper.stop()


def test_each_lane_is_worked_off_at_the_start(keep):
    timers, mail = Work(), Work()
    keep(timers=timers, mail=mail)

    timers.wait_for(1)
    mail.wait_for(1)


def test_it_wakes_when_something_is_due(keep):
    work = Work()
    work.due = SystemClock().now() + 5 * SOON
    seen: list[datetime] = []
    work.act = lambda run: seen.append(SystemClock().now())
    keep(timers=work)

    work.wait_for(2)

    assert seen[1] >= work.due


def test_a_ring_wakes_it_at_once(keep):
    work = Work()
    keeper = keep(timers=work)
    work.wait_for(1)

    keeper.ring()

    work.wait_for(2)


def test_a_ring_during_a_run_is_followed_by_another_run(keep):
    has_begun, may_end = threading.Event(), threading.Event()

    def act(run):
        if run == 1:
            has_begun.set()
            assert may_end.wait(PATIENCE_SECONDS)

    work = Work(act)
    keeper = keep(timers=work)
    assert has_begun.wait(PATIENCE_SECONDS)

    for _ in range(50):
        keeper.ring()
    may_end.set()

    work.wait_for(2)
    keeper.stop()
    assert work.runs <= 3  # many rings are one


def test_no_ring_is_lost_however_it_falls_between_two_runs(keep):
    work = Work()
    keeper = keep(timers=work)
    work.wait_for(1)

    for _ in range(300):
        before = work.runs  # read while the run before may still be putting itself to sleep
        keeper.ring()
        work.wait_for(before + 1)


def test_a_ring_before_the_start_is_not_lost(keep):
    work = Work()
    keeper = keep(is_started=False, timers=work)
    keeper.ring()

    keeper.start()

    work.wait_for(1)
    keeper.ring()
    work.wait_for(2)


def test_a_lane_that_fails_is_tried_again(keep, caplog):
    def act(run):
        if run < 3:
            raise OSError("the database is away")

    work = Work(act)
    keeper = keep(timers=work, after_failure=SOON)

    work.wait_for(3)

    keeper.stop()
    assert keeper.is_caught_up
    assert "the database is away" in caplog.text


def test_a_lane_that_fails_does_not_stop_the_others(keep, caplog):
    def act(run):
        raise OSError("away")

    broken, sound = Work(act), Work()
    keeper = keep(broken=broken, sound=sound)
    broken.wait_for(1)
    sound.wait_for(1)

    keeper.ring()

    sound.wait_for(2)
    broken.wait_for(2)
    assert not keeper.is_caught_up


def test_it_is_caught_up_when_each_lane_has_once_done_all_that_was_due(keep):
    may_end = threading.Event()
    slow, quick = Work(lambda run: may_end.wait(PATIENCE_SECONDS)), Work()
    keeper = keep(slow=slow, quick=quick)
    quick.wait_for(1)
    assert not keeper.is_caught_up

    may_end.set()
    slow.wait_for(1)
    keeper.stop()

    assert keeper.is_caught_up


def test_it_looks_now_and_then_though_nothing_rings(keep):
    work = Work()
    keep(timers=work, sweep=SOON)

    work.wait_for(4)


def test_a_due_moment_far_away_does_not_put_the_sweep_off(keep):
    work = Work(due=SystemClock().now() + timedelta(days=365))
    keep(timers=work, sweep=SOON)

    work.wait_for(3)


def test_stopping_finishes_the_work_in_hand(keep):
    has_begun, may_end = threading.Event(), threading.Event()
    finished = []

    def act(run):
        has_begun.set()
        assert may_end.wait(PATIENCE_SECONDS)
        finished.append(run)

    keeper = keep(timers=Work(act))
    assert has_begun.wait(PATIENCE_SECONDS)

    stopping = threading.Thread(target=keeper.stop)
    stopping.start()
    assert finished == []
    may_end.set()
    stopping.join(PATIENCE_SECONDS)

    assert finished == [1]
    assert not stopping.is_alive()


def test_after_it_was_stopped_nothing_runs_and_nothing_breaks(keep):
    work = Work()
    keeper = keep(timers=work)
    work.wait_for(1)
    keeper.stop()

    keeper.ring()
    keeper.stop()

    assert work.runs == 1


def test_a_run_is_never_doubled_in_one_process(keep):
    inside, most = [], []
    lock = threading.Lock()

    def act(run):
        with lock:
            inside.append(run)
            most.append(len(inside))
        keeper_ref[0].ring()
        with lock:
            inside.remove(run)

    keeper_ref = []
    work = Work(act)
    keeper_ref.append(keep(is_started=False, timers=work, sweep=SOON))
    keeper_ref[0].start()

    work.wait_for(20)

    assert set(most) == {1}


def test_a_command_that_leaves_a_job_has_it_done_soon_after(tmp_path, keep):
    store = Store(f"sqlite:///{tmp_path / 'huiyin.db'}")
    upgrade_schema(store)
    has_run = threading.Event()
    engine = make_engine(store, SystemClock(), [Handler("record", lambda context: has_run.set())])
    settle(engine)
    keeper = EmbeddedKeeper(
        [
            Lane("moments", lambda: next_moment_due_at(engine), lambda: do_due_moments(engine)),
            Lane("jobs", lambda: next_job_due_at(engine), lambda: do_due_jobs(engine)),
        ],
        engine.clock,
    )
    engine.ring = keeper.ring
    keeper.start()
    try:
        case = start(engine, "recording")
        other = start(engine)
        complete_user_task(engine, person(engine, "li_na"), user_task_key=open_task(engine, other), values={})

        assert has_run.wait(PATIENCE_SECONDS)
    finally:
        keeper.stop()

    assert [one.state for one in jobs(engine, case)] == ["done"]
    assert (state(engine, case), state(engine, other)) == ("completed", "completed")
    store.close()

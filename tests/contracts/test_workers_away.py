"""Every worker is dead for an hour, while the web goes on: on return each moment is met once, in the order in which they
fell due, and is reported as late.

The hour passes on a virtual clock that ends at the present moment, so that those who return are the real keepers on the
real clock. A returning house of one process is played by `do_due_work`, and then by the keeper itself.
"""

import re
import threading
from collections import Counter
from datetime import timedelta

import pytest
from cases import open_tasks, start, state
from engines import make_engine, person, settle
from families import boundary, install, process, profile, service, timer, user
from running_server import pause
from sqlalchemy import func, or_, select

from engine.audit import verify
from engine.commands.complete_user_task import complete_user_task
from engine.commands.due.due_work import do_due_work
from engine.commands.handler import Handler
from engine.model import (
    AuditPayload,
    AuditRow,
    Job,
    LadderStep,
    Notice,
    SystemClock,
    Timer,
    VirtualClock,
)
from web.wiring.keeper import build_keeper
from web.wiring.settings import Settings

HOUR = timedelta(minutes=60)
PROMISE = timedelta(minutes=50)  # with warnings after 75 % and 90 % of it
PATIENCE_SECONDS = 60
LOOK_EVERY_SECONDS = 0.1

PROCESSES = (
    process(
        "asking",
        "received -> ask -> asked; overdue -> press -> pressed",
        user("ask", sla="promise"),
        boundary("overdue", "ask", timer('${limit("promise")}'), cancels=False),
        user("press", "outlet_head"),
    ),
    process("noting", "begun -> note -> noted", service("note", "note_outside")),
)


class House:
    """Cases of two hours, of which the workers have seen the first one."""

    def __init__(self, store):
        self.now = SystemClock().now()
        self.noted = []
        self._lock = threading.Lock()
        self.clock = VirtualClock(self.now - 2 * HOUR)
        self.web = self.engine(store, self.clock)
        settle(self.web)
        install(self.web, *PROCESSES, profiles=[profile("asking", {"promise": "50 MIN"})])
        self.cases = []

    def engine(self, store, clock):
        return make_engine(store, clock, [Handler("note_outside", self._note)])

    def _note(self, context):
        with self._lock:
            self.noted.append(context.idempotency_key)
        return {}

    def at(self, minutes):
        """So many minutes before the present."""
        self.clock.set(self.now - timedelta(minutes=minutes))


@pytest.fixture
def house(store):
    """At the present moment, before the workers return."""
    made = House(store)
    made.early = start(made.web, "asking")  # its promise is broken while the workers still live
    for minutes in (120 - 0.75 * 50, 120 - 0.9 * 50, 120 - 50):
        made.at(minutes - 0.1)
        do_due_work(made.web)
    for minutes in range(95, 61, -4):
        made.at(minutes)
        made.cases.append(start(made.web, "asking"))
    made.at(60)
    do_due_work(made.web)  # the last work before the hour begins
    made.noting = []
    for minutes in range(58, 0, -6):
        made.at(minutes)
        made.noting.append(start(made.web, "noting"))
        if minutes == 28:
            made.kept = made.cases.pop()  # answered in time, while nobody could have warned of it
            complete_user_task(
                made.web,
                person(made.web, "li_na"),
                user_task_key=open_tasks(made.web, made.kept)["ask"],
                values={},
            )
    made.at(0)
    return made


def return_by_hand(house, store):
    engine = house.engine(store, SystemClock())
    do_due_work(engine)
    return engine


def return_as_keeper(house, store):
    engine = house.engine(store, SystemClock())
    url = store.engine.url.render_as_string(hide_password=False)
    keeper = build_keeper(engine, Settings(database_url=url))
    keeper.start()
    try:
        for _ in range(int(PATIENCE_SECONDS / LOOK_EVERY_SECONDS)):
            if not anything_due(store, house.now):
                break
            pause(LOOK_EVERY_SECONDS)
    finally:
        keeper.stop()
    return engine


def anything_due(store, now):
    wanted = select(
        or_(
            select(func.count()).where(Timer.state == "waiting", Timer.fires_at <= now).scalar_subquery() > 0,
            select(func.count())
            .where(LadderStep.state == "waiting", LadderStep.due_at <= now)
            .scalar_subquery()
            > 0,
            select(func.count()).where(Job.state.in_(("waiting", "running"))).scalar_subquery() > 0,
        )
    )
    with store.reading() as session:
        return session.execute(wanted).scalar_one()


@pytest.mark.parametrize("come_back", [return_by_hand, return_as_keeper])
def test_after_an_hour_without_workers_each_moment_is_met_once_and_told_as_late(
    house, store, come_back, caplog
):
    returned = come_back(house, store)
    again = do_due_work(house.engine(store, SystemClock()))

    assert not again
    returned.late.tell()  # what the keeper's lane has not told yet
    with store.reading() as session:
        told = [int(one) for one in re.findall(r"(\d+) due moments were late", caplog.text)]
        assert sum(told) == len(met_in_the_hour(session, house))
        check_moments_once(session, house)
        check_jobs_once(session, house)
        check_told_as_late(session, house)
        assert verify(session).problems == []
    assert {state(house.web, case) for case in house.noting} == {"completed"}
    assert state(house.web, house.kept) == "completed"


@pytest.mark.parametrize("come_back", [return_by_hand, return_as_keeper])
def test_after_an_hour_without_workers_moments_are_met_in_the_order_in_which_they_fell_due(
    house, store, come_back
):
    come_back(house, store)

    with store.reading() as session:
        met = met_in_the_hour(session, house)
    assert len(met) > 3 * len(house.cases)
    assert [due_at for due_at, _ in sorted(met, key=lambda one: one[1])] == [due_at for due_at, _ in met]


def met_in_the_hour(session, house):
    """(due, met) of all timers and steps of the hour, in the order in which they fell due."""
    since = house.now - HOUR
    found = [
        *session.execute(select(Timer.fires_at, Timer.fired_at).where(Timer.fired_at.is_not(None))),
        *session.execute(
            select(LadderStep.due_at, LadderStep.sent_at).where(LadderStep.sent_at.is_not(None))
        ),
    ]
    return sorted(tuple(row) for row in found if since < row[0] <= house.now)


def check_moments_once(session, house):
    cases = {case.instance_key for case in house.cases}
    timers = session.execute(select(Timer.instance_key, Timer.state)).all()
    assert Counter(one.state for one in timers if one.instance_key in cases) == {"fired": len(cases)}
    assert [one.state for one in timers if one.instance_key == house.kept.instance_key] == ["cancelled"]
    fired = Counter(session.execute(select(AuditRow.chain).where(AuditRow.act == "timer.fired")).scalars())
    assert fired == dict.fromkeys({*cases, house.early.instance_key}, 1)
    breached = Counter(
        session.execute(select(AuditRow.chain).where(AuditRow.act == "clock.breached")).scalars()
    )
    assert breached == fired
    told = session.execute(select(Notice.once, Notice.recipient)).all()
    assert len(told) == len(set(told))
    assert house.kept.instance_key not in set(
        session.execute(select(Notice.instance_key).where(Notice.kind == "deadline_breached")).scalars()
    )


def check_jobs_once(session, house):
    jobs = session.execute(
        select(Job.instance_key, Job.element_instance_key, Job.state, Job.attempts).where(
            Job.kind == "handler"
        )
    ).all()
    assert {(job.state, job.attempts) for job in jobs} == {("done", 1)}
    assert sorted(house.noted) == sorted(f"{job.instance_key}:{job.element_instance_key}" for job in jobs)
    assert len(house.noted) == len(house.noting)


def check_told_as_late(session, house):
    """Each timer that fired late says so in the record of its case."""
    facts = session.execute(
        select(AuditRow.chain, AuditPayload.payload)
        .join(
            AuditPayload,
            (AuditPayload.chain == AuditRow.chain) & (AuditPayload.sequence == AuditRow.sequence),
        )
        .where(AuditRow.act.in_(("timer.fired", "clock.breached")))
    ).all()
    late = {case: payload.get("late_seconds", 0) for case, payload in facts}
    assert late.pop(house.early.instance_key) == 0
    fires_at = dict(
        session.execute(select(Timer.instance_key, Timer.fires_at).where(Timer.state == "fired")).all()
    )
    assert late.keys() == {case.instance_key for case in house.cases}
    for case, seconds in late.items():
        assert seconds >= (house.now - fires_at[case]).total_seconds() - 1

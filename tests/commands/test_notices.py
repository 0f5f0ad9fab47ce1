"""What people are told is kept once, and leaves by mail: late at night not, twice only after a crash, never for imports."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

import pytest
from cases import complete, open_task, open_tasks, start
from crashes import CrashingStore, Killed
from engines import ORGANISATION, make_engine, person
from families import install, process, profile, user
from promises import at, local, notices
from sqlalchemy import select, update

from engine.commands.case.on_case import on_case
from engine.commands.due.due_work import do_due_work
from engine.commands.due.leases import LEASE
from engine.commands.notice_commands import mark_read
from engine.commands.start_instance import start_instance
from engine.model import HandlerFailed, Job, Notice
from engine.people import SYSTEM

ASSIGNED = process("assigned", "in -> keep -> out", user("keep", assignee="zhao_min"))
QUIET = '[quiet_hours]\nfrom = "21:00"\nto = "08:00"'


@dataclass
class Mailbox:
    """Takes mail, after as many failures as a test wants."""

    failures: list[Exception] = field(default_factory=list)
    sent: list[dict] = field(default_factory=list)

    def __call__(self, notice):
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(dict(notice))


@pytest.fixture
def mailbox(engine):
    engine.send_mail = Mailbox()
    install(engine, ASSIGNED, profiles=[profile("assigned", {}, more=QUIET)])
    return engine.send_mail


def mail_jobs(engine):
    with engine.store.reading() as session:
        return list(session.execute(select(Job).where(Job.kind == "notice")).scalars())


def test_mail_leaves_once_for_each_notice(engine, mailbox):
    case = start(engine, "assigned")

    do_due_work(engine)
    do_due_work(engine)

    (sent,) = mailbox.sent
    assert (sent["recipient"], sent["address"]) == ("zhao_min", "zhao_min@bank.example")
    (notice,) = notices(engine, case)
    assert (notice.state, notice.sent_at, sent["notice_key"]) == (
        "sent",
        engine.clock.now(),
        notice.notice_key,
    )


def test_mail_waits_for_the_end_of_the_night_but_stands_in_the_app_at_once(engine, mailbox):
    engine.clock.set(local("2026-03-02 22:30"))
    case = start(engine, "assigned")
    do_due_work(engine)

    assert len(notices(engine, case)) == 1
    assert not at(engine, local("2026-03-03 08:00") - timedelta(milliseconds=1)).jobs
    at(engine, "2026-03-03 08:00")

    assert len(mailbox.sent) == 1


def test_a_safety_case_wakes_people(engine, mailbox):
    engine.clock.set(local("2026-03-02 22:30"))

    start_instance(engine, person(engine, "li_na"), process_key="assigned", variables={"severity": "safety"})
    do_due_work(engine)

    assert len(mailbox.sent) == 1


def test_mail_that_fails_waits_twice_as_long_each_time_at_most_an_hour_and_then_is_given_up(engine, mailbox):
    mailbox.failures = [HandlerFailed("No connection.")] * 99
    case = start(engine, "assigned")
    began = engine.clock.now()
    tries = []
    while waiting := [one for one in mail_jobs(engine) if one.state == "waiting"]:
        engine.clock.set(waiting[0].due_at)
        tries.append(engine.clock.now() - began)
        do_due_work(engine)

    waits = [after - before for before, after in pairwise(tries)]
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16, 32, 60)]
    assert [one.state for one in mail_jobs(engine)] == ["failed"]
    assert [one.state for one in notices(engine, case)] == ["failed"]


def test_mail_goes_out_when_the_server_is_back(engine, mailbox):
    mailbox.failures = [HandlerFailed("No connection.")] * 3
    case = start(engine, "assigned")

    for _ in range(4):
        do_due_work(engine)
        engine.clock.advance(timedelta(hours=1))

    assert [one.state for one in notices(engine, case)] == ["sent"]
    assert len(mailbox.sent) == 1


def test_a_refusal_for_good_is_not_tried_again(engine, mailbox):
    mailbox.failures = [HandlerFailed("No such mailbox.", permanent=True)]
    case = start(engine, "assigned")

    for _ in range(3):
        do_due_work(engine)
        engine.clock.advance(timedelta(hours=1))

    assert mailbox.sent == []
    assert [one.state for one in notices(engine, case)] == ["failed"]


def test_an_address_that_no_mail_program_can_write_does_not_stop_the_others(engine, mailbox):
    mailbox.failures = [ValueError("not an address")]
    start(engine, "assigned")
    start(engine, "assigned")

    do_due_work(engine)

    assert len(mailbox.sent) == 1
    assert sorted(one.state for one in mail_jobs(engine)) == ["done", "waiting"]


def test_a_crash_between_sending_and_the_commit_sends_the_same_mail_again(engine, mailbox):
    case = start(engine, "assigned")
    crashing = CrashingStore(engine.store)
    victim = make_engine(crashing, engine.clock)
    victim.send_mail = mailbox
    crashing.crash_at(2)  # the first commit takes the job, the second one would say that it was sent
    with pytest.raises(Killed):
        do_due_work(victim)

    engine.clock.advance(LEASE)
    do_due_work(engine)

    # A mail program shows the two as one: their Message-ID is the key of the notice.
    assert len({one["notice_key"] for one in mailbox.sent}) == 1
    assert [one.state for one in notices(engine, case)] == ["sent"]


def test_mail_already_sent_is_not_sent_again_when_only_its_job_was_lost(engine, mailbox):
    start(engine, "assigned")
    do_due_work(engine)
    with engine.store.transaction() as session:
        session.execute(update(Job).where(Job.kind == "notice").values(state="waiting"))

    do_due_work(engine)

    assert len(mailbox.sent) == 1


def test_cases_of_the_past_are_told_to_nobody(engine, mailbox):
    engine.imports_past = True

    case = start(engine, "assigned")
    do_due_work(engine)

    assert [one.state for one in notices(engine, case)] == ["imported"]
    assert (mail_jobs(engine), mailbox.sent) == ([], [])


def test_without_a_mail_server_notices_stand_in_the_app(engine):
    install(engine, ASSIGNED)

    case = start(engine, "assigned")

    assert [one.state for one in notices(engine, case)] == ["in_app"]
    assert mail_jobs(engine) == []


def test_mail_that_waits_is_held_back_when_its_reader_turns_out_to_be_complained_about(engine, mailbox):
    install(
        engine,
        process(
            "naming",
            "in -> split; split -> name_them -> join; split -> keep -> join; join -> out",
            "<parallelGateway id='split'/><parallelGateway id='join'/>",
            user("name_them"),
            user("keep", assignee="zhao_min"),
        ),
        profiles=[profile("naming", {}, more=QUIET)],
    )
    engine.clock.set(local("2026-03-02 22:30"))
    case = start(engine, "naming")

    complete(engine, "li_na", open_tasks(engine, case)["name_them"], complained_about="zhao_min")
    at(engine, "2026-03-03 09:00")

    assert mailbox.sent == []


def test_a_notice_leads_to_its_task(engine):
    install(engine, ASSIGNED)
    case = start(engine, "assigned")

    (notice,) = notices(engine, case)

    assert notice.user_task_key == open_task(engine, case)
    assert f"/tasks/{notice.user_task_key}" in notice.body
    assert case.business_key in notice.subject


# Read


def test_who_is_told_marks_it_as_read_and_nobody_else(engine):
    install(engine, ASSIGNED)
    first, second = start(engine, "assigned"), start(engine, "assigned")
    keys = [notices(engine, one)[0].notice_key for one in (first, second)]

    assert mark_read(engine, person(engine, "li_na"), keys) == 0
    assert mark_read(engine, person(engine, "zhao_min"), keys[:1]) == 1
    assert mark_read(engine, person(engine, "zhao_min"), keys[:1]) == 0  # twice is once

    assert [notices(engine, one)[0].read_at for one in (first, second)] == [engine.clock.now(), None]
    assert mark_read(engine, person(engine, "zhao_min")) == 1  # all that are left
    assert mark_read(engine, person(engine, "zhao_min"), []) == 0


def test_one_notice_is_written_once_whatever_asks_for_it_twice(engine):
    case = start(engine)

    def tell(work):
        facts = {"message": {"zh": "来了", "en": "came"}}
        work.notices.tell("reminder", ("li_na", "li_na"), once="twice", facts=facts)

    for _ in range(2):
        on_case(engine, SYSTEM, lambda _session: case.instance_key, tell)

    with engine.store.reading() as session:
        rows = session.execute(select(Notice.organisation_key, Notice.recipient)).all()
    assert [tuple(one) for one in rows] == [(ORGANISATION, "li_na")]

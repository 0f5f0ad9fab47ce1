"""The person complained about, and strangers of a case, at the doors that take no task: messages and work outside."""

from datetime import timedelta

import pytest
from engines import make_engine, person, settle
from pages import PASSWORD, new_case
from sqlalchemy import select

from engine.commands.correlate_message import correlate_message
from engine.commands.external_tasks import Topic, fetch_and_lock, set_retries
from engine.commands.handler import HandlerTable
from engine.commands.people.people_commands import grant_role
from engine.commands.start_instance import start_instance
from engine.model import AuditRow, Forbidden, InvalidInput, Job, NotFound
from engine.people import SYSTEM


@pytest.fixture
def bank(any_store, clock):
    made = make_engine(any_store, clock)
    settle(made)
    made.handlers = HandlerTable()
    return made


def begin(bank, process_key, **variables):
    return start_instance(bank, person(bank, "li_na"), process_key=process_key, variables=variables)


def fetch(bank, username):
    topics = [Topic("record", timedelta(minutes=1))]
    return fetch_and_lock(bank, person(bank, username), worker=username, topics=topics, at_most=10)


def test_a_worker_is_handed_nothing_of_a_case_about_that_person(bank):
    grant_role(bank, SYSTEM, username="zhao_min", unit_key="bank", role_key="worker")
    begin(bank, "recording", amount=1, complained_about="zhao_min")
    other = begin(bank, "recording", amount=2)
    with bank.store.reading() as session:
        jobs = dict(session.execute(select(Job.instance_key, Job.job_key)).all())
    about = next(key for case, key in jobs.items() if case != other.instance_key)

    assert [task.instance_key for task in fetch(bank, "zhao_min")] == [other.instance_key]
    with pytest.raises(NotFound):
        set_retries(bank, person(bank, "zhao_min"), job_key=about, retries=9)


def test_new_tries_are_recorded_with_who_gave_them(bank):
    grant_role(bank, SYSTEM, username="zhao_min", unit_key="bank", role_key="worker")
    begin(bank, "recording", amount=1)
    [task] = fetch(bank, "zhao_min")

    set_retries(bank, person(bank, "zhao_min"), job_key=task.job_key, retries=5)

    with bank.store.reading() as session:
        rows = session.execute(select(AuditRow.actor, AuditRow.subject).where(AuditRow.act == "job.retries"))
        assert [tuple(row) for row in rows] == [("zhao_min", task.job_key)]


def send(bank, username, case, **variables):
    return correlate_message(
        bank,
        person(bank, username),
        message_name="customer_replied",
        correlation=case.business_key,
        variables=variables,
    )


def test_a_colleague_who_takes_no_part_speaks_for_no_customer(bank):
    grant_role(bank, SYSTEM, username="chen_bo", unit_key="bank", role_key="staff")
    case = begin(bank, "listening")

    with pytest.raises(Forbidden, match="yours"):
        send(bank, "chen_bo", case, satisfied=True)


def test_a_message_takes_no_complaint_back(bank):
    grant_role(bank, SYSTEM, username="wang_wei", unit_key="bank", role_key="worker")
    case = begin(bank, "listening", complained_about="zhao_min")

    for accused in (None, "", "wang_wei"):
        with pytest.raises(InvalidInput, match="COI-1"):
            send(bank, "li_na", case, complained_about=accused)
    assert send(bank, "li_na", case, complained_about="zhao_min").is_kept


def test_neither_number_nor_words_tell_the_accused_that_there_is_a_case(li_na, engine):
    grant_role(engine, SYSTEM, username="chen_bo", unit_key="bank", role_key="staff")
    about = new_case(engine, complained_about="chen_bo")
    other = new_case(engine)

    answers = [
        li_na.client.get(f"/engine-rest{path}", auth=("chen_bo", PASSWORD))
        for case in (about, other, "none-such")
        for path in (f"/process-instance/{case}", f"/history/process-instance/{case}")
    ]

    assert {answer.status_code for answer in answers} == {404}
    words = {
        answer.json["message"].replace(about, "…").replace(other, "…").replace("none-such", "…")
        for answer in answers
    }
    assert len(words) == 2  # one for each address, whatever the case

"""Several people, several servers, one case: one is first, the others hear who and when, and nothing is lost."""

from functools import partial

import pytest
from at_once import at_once, failures
from cases import complete, open_task, start, state, variables, visits
from engines import person
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from engine.audit import verify
from engine.commands.attachments import add_attachment
from engine.commands.case.on_case import on_case
from engine.commands.case.record import LostRace
from engine.commands.hold_user_task import claim_user_task
from engine.model import Attachment, AttachmentContent, Conflict, ProcessInstance, UserTask


@pytest.fixture
def servers(stored_engine, another_server):
    return [stored_engine, another_server()]


def test_two_people_complete_one_task_and_one_of_them_hears_who_was_first(servers):
    for round_number in range(8):
        case = start(servers[0])
        task_key = open_task(servers[0], case)

        outcomes = at_once(
            [
                partial(complete, servers[0], "li_na", task_key, reply="李娜的答复"),
                partial(complete, servers[1], "zhao_min", task_key, reply="赵敏的答复"),
            ]
        )

        lost = failures(outcomes)
        assert [type(one) for one in lost] == [Conflict], (round_number, lost)
        winner = "zhao_min" if isinstance(outcomes[0], Conflict) else "li_na"
        assert lost[0].by == winner
        assert lost[0].at == servers[0].clock.now()
        assert winner in lost[0].en
        assert winner in lost[0].zh
        kept = variables(servers[0], case)
        assert kept["reply"] == {"li_na": "李娜的答复", "zhao_min": "赵敏的答复"}[winner]
        assert visits(servers[0], case, "answer") == 1


def test_two_people_claim_one_task_and_one_of_them_holds_it(servers):
    task_key = open_task(servers[0], start(servers[0]))

    outcomes = at_once(
        [
            lambda: claim_user_task(servers[0], person(servers[0], "li_na"), user_task_key=task_key),
            lambda: claim_user_task(servers[1], person(servers[1], "zhao_min"), user_task_key=task_key),
        ]
    )

    (lost,) = failures(outcomes)
    assert isinstance(lost, Conflict)
    with servers[0].store.reading() as session:
        holder = session.execute(
            select(UserTask.assignee).where(UserTask.user_task_key == task_key)
        ).scalar_one()
    assert lost.by == holder


def test_cases_started_at_once_get_numbers_without_gap_or_double(servers):
    outcomes = at_once([partial(start, server) for server in servers * 5])

    assert failures(outcomes) == []
    assert sorted(case.business_key for case in outcomes) == [f"TINY-2026-{n:04}" for n in range(1, 11)]


def test_the_same_number_given_twice_at_once_is_registered_once(servers):
    outcomes = at_once([partial(start, server, business_key="投诉-7") for server in servers * 2])

    lost = failures(outcomes)
    assert [type(one) for one in lost] == [Conflict] * 3
    assert {one.by for one in lost} == {"li_na"}


def test_many_cases_driven_at_once_all_arrive(servers):
    def drive(number):
        server = servers[number % 2]
        case = start(server)
        complete(server, "li_na", open_task(server, case), reply=str(number))
        return case

    outcomes = at_once([partial(drive, number) for number in range(12)])

    assert failures(outcomes) == []
    assert {state(servers[0], case) for case in outcomes} == {"completed"}
    with servers[0].store.reading() as session:
        assert verify(session).problems == []


def test_a_server_with_an_old_copy_of_a_case_reads_it_anew(servers):
    first, second = servers
    case = start(first)
    task_key = open_task(first, case)
    claim_user_task(second, person(second, "zhao_min"), user_task_key=task_key)

    with pytest.raises(Conflict) as refused:
        complete(first, "li_na", task_key)

    assert refused.value.by == "zhao_min"
    complete(second, "zhao_min", task_key)
    assert state(first, case) == "completed"


def test_a_command_that_loses_its_race_is_tried_again(stored_engine):
    case, tries = start(stored_engine), []

    def change(work):
        tries.append(work.record.row_version)
        if len(tries) < 3:
            raise LostRace(case.instance_key)
        work.assign({"note": f"try {len(tries)}"})
        return len(tries)

    done = on_case(stored_engine, person(stored_engine, "li_na"), lambda _: case.instance_key, change)

    assert done == 3
    assert variables(stored_engine, case)["note"] == "try 3"


def test_a_command_that_always_loses_gives_up_and_says_so(stored_engine):
    case, tries = start(stored_engine), []

    def change(work):
        tries.append(1)
        raise LostRace(case.instance_key)

    with pytest.raises(LostRace, match="at the same moment"):
        on_case(stored_engine, person(stored_engine, "li_na"), lambda _: case.instance_key, change)

    assert len(tries) == stored_engine.settings.lost_race_tries


def test_a_database_that_gives_up_on_us_is_asked_again(stored_engine):
    case, tries = start(stored_engine), []

    def change(work):
        tries.append(1)
        if len(tries) == 1:
            raise OperationalError("UPDATE", {}, Exception("database is locked"))
        work.assign({"note": "second try"})

    on_case(stored_engine, person(stored_engine, "li_na"), lambda _: case.instance_key, change)

    assert variables(stored_engine, case)["note"] == "second try"


def test_a_row_version_that_moved_on_is_a_lost_race(stored_engine):
    case = start(stored_engine)

    def change(work):
        work.session.execute(
            update(ProcessInstance)
            .where(ProcessInstance.instance_key == case.instance_key)
            .values(row_version=ProcessInstance.row_version + 1)
        )

    with pytest.raises(LostRace):
        on_case(stored_engine, person(stored_engine, "li_na"), lambda _: case.instance_key, change)

    # Nothing of it was kept, and the case goes on.
    complete(stored_engine, "li_na", open_task(stored_engine, case))
    assert state(stored_engine, case) == "completed"


def test_the_same_document_added_at_once_is_stored_once(servers):
    cases = [start(servers[0]) for _ in range(4)]

    outcomes = at_once(
        [
            partial(
                add_attachment,
                servers[number % 2],
                person(servers[0], "li_na"),
                instance_key=case.instance_key,
                file_name="回执.txt",
                content="回执".encode(),
            )
            for number, case in enumerate(cases)
        ]
    )

    assert failures(outcomes) == []
    with servers[0].store.reading() as session:
        assert session.execute(select(func.count()).select_from(AttachmentContent)).scalar_one() == 1
        assert session.execute(select(func.count()).select_from(Attachment)).scalar_one() == 4

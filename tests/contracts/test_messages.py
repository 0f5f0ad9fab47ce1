"""Messages: taken once, kept when they come early, and never lost between two chairs."""

from datetime import timedelta
from functools import partial

import pytest
from at_once import at_once, failures
from cases import complete, open_task, start, state, variables, visits
from engines import person

from engine.commands.correlate_message import correlate_message
from engine.model import Message


@pytest.fixture
def servers(stored_engine, another_server):
    return [stored_engine, another_server()]


def test_a_message_moves_the_case_that_waits_for_it(stored_engine):
    case = waiting_case(stored_engine)

    sent = send(stored_engine, case, satisfied=True)

    assert (sent.instance_key, sent.is_kept) == (case.instance_key, False)
    assert state(stored_engine, case) == "completed"
    assert variables(stored_engine, case)["satisfied"] is True


def test_a_message_that_comes_early_is_kept_and_delivered_when_the_case_waits(stored_engine):
    case = start(stored_engine, "listening")

    sent = send(stored_engine, case, satisfied=False)
    assert sent.is_kept
    complete(stored_engine, "li_na", open_task(stored_engine, case))

    assert state(stored_engine, case) == "completed"
    assert variables(stored_engine, case)["satisfied"] is False
    with stored_engine.store.reading() as session:
        assert session.get_one(Message, sent.message_key).state == "delivered"


def test_a_message_that_comes_early_does_not_wait_for_ever(stored_engine, clock):
    case = start(stored_engine, "listening")
    send(stored_engine, case)
    clock.advance(timedelta(days=stored_engine.settings.message_kept_days))

    complete(stored_engine, "li_na", open_task(stored_engine, case))

    assert state(stored_engine, case) == "running"


def test_the_same_message_twice_at_once_is_taken_once(servers):
    for _ in range(6):
        case = waiting_case(servers[0])

        outcomes = at_once([partial(send, server, case, "mail-1" + case.instance_key) for server in servers])

        assert failures(outcomes) == []
        assert sorted(one.is_repeated for one in outcomes) == [False, True]
        assert visits(servers[0], case, "await_reply") == 1


def test_the_same_early_message_twice_at_once_is_kept_once(servers):
    for _ in range(6):
        case = start(servers[0], "listening")

        outcomes = at_once([partial(send, server, case, "mail-2" + case.instance_key) for server in servers])

        assert failures(outcomes) == []
        assert sorted(one.is_repeated for one in outcomes) == [False, True]


def test_a_message_sent_again_later_is_not_taken_again(stored_engine):
    case = waiting_case(stored_engine)
    send(stored_engine, case, "mail-3", round=1)

    again = send(stored_engine, case, "mail-3", round=2)

    assert again.is_repeated
    assert variables(stored_engine, case)["round"] == 1


def test_a_message_that_comes_while_the_case_begins_to_wait_is_never_lost(servers):
    for _ in range(12):
        case = start(servers[0], "listening")
        task_key = open_task(servers[0], case)

        outcomes = at_once(
            [
                partial(complete, servers[0], "li_na", task_key),
                partial(send, servers[1], case, satisfied=True),
            ]
        )

        assert failures(outcomes) == []
        assert state(servers[0], case) == "completed", outcomes


def waiting_case(server, **more):
    case = start(server, "listening", **more)
    complete(server, "li_na", open_task(server, case))
    return case


def send(server, case, message_id=None, **values):
    return correlate_message(
        server,
        person(server, "li_na"),
        message_name="customer_replied",
        correlation=case.business_key,
        variables=values,
        message_id=message_id,
    )

"""Messages find the one place that waits for them: in time, once, inside one organisation. At once: tests/contracts."""

from datetime import timedelta

import pytest
from cases import complete, open_task, open_tasks, start, state, variables
from engines import person
from families import boundary, catch, caught, end, for_each, install, process, script, throw, user
from promises import incidents, open_incident, told
from sqlalchemy import select

from engine.commands.case.on_case import CaseStopped
from engine.commands.correlate_message import correlate_message
from engine.commands.due.due_work import do_due_work
from engine.commands.incidents import resolve_incident
from engine.commands.people.people_commands import add_organisation, add_person, grant_role
from engine.commands.start_instance import start_instance
from engine.model import Forbidden, Incident, InvalidInput, Job, Message, MessageSubscription
from engine.people import SYSTEM

KEPT = timedelta(days=7)


def send(engine, correlation, by="li_na", name="customer_replied", message_id=None, **values):
    return correlate_message(
        engine,
        person(engine, by),
        message_name=name,
        correlation=correlation,
        variables=values,
        message_id=message_id,
    )


@pytest.fixture
def case(engine):
    """A case that waits for the customer's reply."""
    case = start(engine, "listening")
    complete(engine, "li_na", open_task(engine, case))
    return case


def subscriptions(engine):
    with engine.store.reading() as session:
        return session.execute(select(MessageSubscription.message_name)).scalars().all()


def test_a_place_stops_waiting_when_its_message_has_come(engine, case):
    assert subscriptions(engine) == ["customer_replied"]

    send(engine, case.business_key)

    assert subscriptions(engine) == []
    assert state(engine, case) == "completed"


@pytest.mark.parametrize(("days", "comes"), [(6, True), (7, False)])
def test_an_early_message_is_kept_for_a_week(engine, days, comes):
    case = start(engine, "listening")
    kept = send(engine, case.business_key, satisfied=True)
    engine.clock.advance(timedelta(days=days))

    complete(engine, "li_na", open_task(engine, case))

    assert kept.is_kept
    assert (state(engine, case) == "completed") is comes


def test_of_two_early_messages_the_first_is_delivered_first(engine):
    case = start(engine, "listening")
    send(engine, case.business_key, round=1)
    engine.clock.advance(timedelta(minutes=1))
    send(engine, case.business_key, round=2)

    complete(engine, "li_na", open_task(engine, case))

    assert variables(engine, case)["round"] == 1
    with engine.store.reading() as session:
        rows = session.execute(
            select(Message.state, Message.instance_key).order_by(Message.received_at)
        ).all()
    assert [tuple(row) for row in rows] == [("delivered", case.instance_key), ("kept", None)]


def test_a_message_for_another_number_or_of_another_name_is_kept(engine, case):
    grant_role(engine, SYSTEM, username="zhao_min", unit_key="bank", role_key="worker")

    assert send(engine, "no such number", by="zhao_min").is_kept
    assert send(engine, case.business_key, name="customer_wrote").is_kept

    assert state(engine, case) == "running"


@pytest.fixture
def other_bank(engine):
    """Another organisation with somebody of its own."""
    add_organisation(engine, SYSTEM, key="other", name={"zh": "城西支行", "en": "West branch"})
    add_person(
        engine, SYSTEM, username="zhang_san", organisation_key="other", name={"zh": "张三", "en": "Zhang San"}
    )
    grant_role(engine, SYSTEM, username="zhang_san", unit_key="other", role_key="first_receiver")
    return engine


def test_a_message_never_crosses_to_another_organisation(other_bank, case):
    twin = start(other_bank, "listening", by="zhang_san")
    assert twin.business_key == case.business_key  # each organisation counts for itself
    complete(other_bank, "zhang_san", open_task(other_bank, twin))

    send(other_bank, case.business_key, by="zhang_san")

    assert (state(other_bank, case), state(other_bank, twin)) == ("running", "completed")


def test_nobody_sends_a_message_into_another_organisation(other_bank, case):
    with pytest.raises(Forbidden):
        correlate_message(
            other_bank,
            person(other_bank, "zhang_san"),
            message_name="customer_replied",
            correlation=case.business_key,
            variables={},
            organisation_key="bank",
        )


def test_who_holds_no_role_sends_no_messages(engine, case):
    with pytest.raises(Forbidden):
        send(engine, case.business_key, by="chen_bo")


@pytest.mark.parametrize("is_early", [True, False])
def test_the_person_complained_about_cannot_answer_for_the_customer(engine, is_early):
    case = start_instance(
        engine, person(engine, "li_na"), process_key="listening", variables={"complained_about": "zhao_min"}
    )
    if not is_early:
        complete(engine, "li_na", open_task(engine, case))

    with pytest.raises(Forbidden) as refused:
        send(engine, case.business_key, by="zhao_min", satisfied=True)
    with pytest.raises(Forbidden) as refused_nothing:
        send(engine, "no such number", by="zhao_min", satisfied=True)

    # The same words for both: else trying numbers would tell who is complained about.
    assert refused.value.zh == refused_nothing.value.zh
    assert state(engine, case) == "running"


@pytest.mark.parametrize("value", [{1, 2}, 2**70, "a\0b"])
def test_what_no_database_keeps_is_refused(engine, case, value):
    with pytest.raises(InvalidInput):
        send(engine, case.business_key, found=value)


ASKING = process(
    "asking",
    "in -> look -> ask_them -> wait -> out",
    user("look"),
    throw("ask_them", caught("message", "question"), correlation="partner"),
    catch("wait", caught("message", "answer")),
)
ANSWERING = process(
    "replying",
    "begun -> listen -> reply -> answered",
    catch("listen", caught("message", "question")),
    user("reply"),
    end("answered", caught("message", "answer")).replace(
        "<messageEvent",
        "<extensionElements><camunda:properties><camunda:property name='correlation' value='asker'/>"
        "</camunda:properties></extensionElements><messageEvent",
    ),
)


def test_one_case_asks_another_and_hears_its_answer(engine):
    install(engine, ASKING + ANSWERING)
    partner = start(engine, "replying")
    asker = start_instance(
        engine,
        person(engine, "li_na"),
        process_key="asking",
        variables={"partner": partner.business_key},
        business_key="asker-1",
    )

    complete(engine, "li_na", open_tasks(engine, asker)["look"])
    do_due_work(engine)
    assert list(open_tasks(engine, partner)) == ["reply"]
    complete(engine, "li_na", open_tasks(engine, partner)["reply"], asker="asker-1")
    do_due_work(engine)

    assert (state(engine, asker), state(engine, partner)) == ("completed", "completed")


def test_a_case_does_not_answer_itself_when_it_asks_another(engine):
    install(
        engine,
        process(
            "both",
            "in -> split; split -> look -> ask_them -> asked; split -> listen -> heard",
            "<parallelGateway id='split'/>",
            user("look"),
            throw("ask_them", caught("message", "question"), correlation="partner"),
            catch("listen", caught("message", "question")),
        ),
    )
    first = start_instance(
        engine, person(engine, "li_na"), process_key="both", variables={"partner": "B"}, business_key="A"
    )
    second = start_instance(
        engine, person(engine, "li_na"), process_key="both", variables={"partner": "A"}, business_key="B"
    )

    complete(engine, "li_na", open_tasks(engine, first)["look"])
    do_due_work(engine)

    with engine.store.reading() as session:
        waiting = session.execute(select(MessageSubscription.instance_key)).scalars().all()
    assert waiting == [first.instance_key]
    assert list(open_tasks(engine, second)) == ["look"]


def test_a_message_to_nobody_in_particular_is_an_incident_at_once(engine):
    install(engine, ASKING)
    case = start(engine, "asking")

    with pytest.raises(CaseStopped, match="partner"):
        complete(engine, "li_na", open_tasks(engine, case)["look"])

    assert open_incident(engine, case).element_id == "ask_them"


def test_a_message_from_a_case_that_two_wait_for_is_not_lost(engine):
    install(
        engine,
        process(
            "asking",
            "in -> look -> ask_them -> out",
            user("look"),
            throw("ask_them", caught("message", "question"), correlation="partner"),
        )
        + process(
            "replying",
            "begun -> listen -> answered",
            catch("listen", caught("message", "question"), correlation="topic"),
        ),
    )
    waiting = [
        start_instance(engine, person(engine, "li_na"), process_key="replying", variables={"topic": "货"})
        for _ in range(2)
    ]
    asker = start_instance(engine, person(engine, "li_na"), process_key="asking", variables={"partner": "货"})

    complete(engine, "li_na", open_tasks(engine, asker)["look"])
    do_due_work(engine)

    incident = open_incident(engine, asker)
    assert "2 do" in incident.message["en"]
    with engine.store.transaction() as session:  # one of them is withdrawn
        session.delete(session.execute(select(MessageSubscription).limit(1)).scalar_one())
    resolve_incident(engine, person(engine, "wang_wei"), incident_key=incident.incident_key)
    do_due_work(engine)
    assert sorted(state(engine, case) for case in waiting) == ["completed", "running"]


def test_a_message_behind_which_a_step_fails_is_sent_again_when_that_is_mended(engine):
    install(
        engine,
        process(
            "asking",
            "in -> look -> ask_them -> out",
            user("look"),
            throw("ask_them", caught("message", "question"), correlation="partner"),
        )
        + process(
            "replying",
            "begun -> split; split -> listen -> reckon -> join; split -> supply -> join; join -> answered",
            "<parallelGateway id='split'/><parallelGateway id='join'/>",
            catch("listen", caught("message", "question")),
            script("reckon", "total = amount + 1"),
            user("supply"),
        ),
    )
    partner = start(engine, "replying")
    asker = start_instance(
        engine, person(engine, "li_na"), process_key="asking", variables={"partner": partner.business_key}
    )
    complete(engine, "li_na", open_tasks(engine, asker)["look"])
    do_due_work(engine)
    assert open_incident(engine, partner).element_id == "reckon"

    complete(engine, "li_na", open_tasks(engine, partner)["supply"], amount=1)
    resolve_incident(engine, SYSTEM, incident_key=open_incident_of_job(engine))
    do_due_work(engine)

    assert state(engine, partner) == "completed"


def open_incident_of_job(engine):
    with engine.store.reading() as session:
        return session.execute(
            select(Incident.incident_key).where(Incident.job_key.is_not(None), Incident.resolved_at.is_(None))
        ).scalar_one()


def test_each_iteration_sends_its_own_message(engine):
    install(
        engine,
        process(
            "asking",
            "in -> ask_all -> out",
            f"<subProcess id='ask_all' name='ask_all'>{for_each('partners', 'partner')}"
            "<startEvent id='each' name='each'/><endEvent id='each_done' name='each_done'/>"
            + throw("ask_them", caught("message", "question"), correlation="partner")
            + "<sequenceFlow id='e1' sourceRef='each' targetRef='ask_them'/>"
            "<sequenceFlow id='e2' sourceRef='ask_them' targetRef='each_done'/></subProcess>",
        )
        + process("replying", "begun -> listen -> answered", catch("listen", caught("message", "question"))),
    )
    partners = [start(engine, "replying") for _ in range(3)]

    start_instance(
        engine,
        person(engine, "li_na"),
        process_key="asking",
        variables={"partners": [one.business_key for one in partners]},
    )
    do_due_work(engine)

    assert {state(engine, one) for one in partners} == {"completed"}


def test_a_message_may_interrupt_a_task(engine):
    install(
        engine,
        process(
            "withdrawable",
            "in -> keep -> out; withdrawn -> gone",
            user("keep"),
            boundary("withdrawn", "keep", caught("message", "withdrawal")),
        ),
    )
    case = start(engine, "withdrawable")

    send(engine, case.business_key, name="withdrawal")

    assert state(engine, case) == "completed"
    assert open_tasks(engine, case) == {}
    assert subscriptions(engine) == []


def test_an_early_message_that_takes_a_task_away_leaves_no_notice_of_it(engine):
    install(
        engine,
        process(
            "withdrawable",
            "in -> look -> keep -> out; withdrawn -> gone",
            user("look"),
            user("keep", assignee="zhao_min"),
            boundary("withdrawn", "keep", caught("message", "withdrawal")),
        ),
    )
    case = start(engine, "withdrawable")
    send(engine, case.business_key, name="withdrawal")

    complete(engine, "li_na", open_tasks(engine, case)["look"])

    assert state(engine, case) == "completed"
    assert told(engine, case, "zhao_min") == []
    assert incidents(engine, case) == []


def test_what_a_case_sends_is_delivered_once_though_its_worker_vanishes(engine):
    install(engine, ASKING + ANSWERING)
    partner = start(engine, "replying")
    asker = start_instance(
        engine, person(engine, "li_na"), process_key="asking", variables={"partner": partner.business_key}
    )
    complete(engine, "li_na", open_tasks(engine, asker)["look"])
    with engine.store.reading() as session:
        payload = session.execute(select(Job.payload).where(Job.kind == "message")).scalar_one()
    # As after a crash between the delivery and the end of the job: the same id comes again.
    send(engine, partner.business_key, name="question", message_id=payload["message_id"])

    do_due_work(engine)

    with engine.store.reading() as session:
        assert session.execute(
            select(Message.state).where(Message.message_name == "question")
        ).scalars().all() == ["delivered"]
        assert session.execute(select(Job.state).where(Job.kind == "message")).scalar_one() == "done"

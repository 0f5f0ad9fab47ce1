"""Handlers of service tasks: tried again, stopped for a person, taken over, and never the end of their lane."""

from contextlib import suppress
from datetime import timedelta

import pytest
from cases import complete, jobs, open_tasks, start, state, variables, visits
from crashes import CrashingStore, Killed
from engines import make_engine, person
from families import call, install, process, service, user
from post import SENDING, Post, sent, with_handler
from promises import at, incidents, notices, open_incident, told

from engine.commands.due.due_work import do_due_work
from engine.commands.due.leases import LEASE
from engine.commands.due.run_jobs import run_due_jobs
from engine.commands.handler import Handler
from engine.commands.incidents import resolve_incident
from engine.commands.start_instance import start_instance
from engine.commands.terminate_instance import terminate_instance
from engine.model import HandlerFailed, InvalidInput, NotFound
from engine.people import SYSTEM

TEN_MINUTES = timedelta(minutes=10)


def test_a_job_is_tried_three_times_ten_minutes_apart_and_then_waits_for_a_person(engine):
    post = Post(*[HandlerFailed("The post is closed.", "邮局关门了。")] * 3)
    server, case = sent(engine, post)

    do_due_work(server)
    for minutes in (9, 10, 19, 20, 60):
        at(server, post.calls[0].now + timedelta(minutes=minutes))

    assert [context.now - post.calls[0].now for context in post.calls] == [
        0 * TEN_MINUTES,
        TEN_MINUTES,
        2 * TEN_MINUTES,
    ]
    (job,) = jobs(server, case)
    assert (job.state, job.retries_left, job.error) == ("failed", 0, "The post is closed.")
    incident = open_incident(server, case)
    assert (incident.kind, incident.element_id, incident.message["zh"]) == ("handler", "send", "邮局关门了。")


def test_each_wait_of_a_list_is_kept_before_its_own_try(engine):
    post = Post(*[HandlerFailed("Closed.")] * 5)
    waiting_longer = process(
        "sending", "in -> send -> out", service("send", "post", retry="PT10M,PT20M,PT1H")
    )
    server, case = sent(engine, post, waiting_longer)

    do_due_work(server)
    for minutes in (9, 10, 29, 30, 89, 90, 300):
        at(server, post.calls[0].now + timedelta(minutes=minutes))

    waited = [(context.now - post.calls[0].now) // timedelta(minutes=1) for context in post.calls]
    assert waited == [0, 10, 30, 90]
    assert open_incident(server, case).element_id == "send"

    resolve_incident(
        server, person(server, "wang_wei"), incident_key=open_incident(server, case).incident_key, retries=3
    )
    do_due_work(server)
    assert len(post.calls) == 5
    (job,) = jobs(server, case)
    assert job.due_at - server.clock.now() == timedelta(minutes=20)


def test_a_mended_job_goes_on(engine):
    post = Post(*[HandlerFailed("Closed.")] * 3, {"sent": True})
    server, case = sent(engine, post)
    for _ in range(3):
        do_due_work(server)
        server.clock.advance(TEN_MINUTES)
    incident = open_incident(server, case)

    resolve_incident(server, person(server, "wang_wei"), incident_key=incident.incident_key)
    do_due_work(server)

    assert state(server, case) == "completed"
    assert variables(server, case)["sent"] is True
    assert [one.resolved_by for one in incidents(server, case)] == ["wang_wei"]


def test_a_permanent_failure_is_not_tried_again(engine):
    post = Post(HandlerFailed("No such address.", permanent=True))
    server, case = sent(engine, post)

    do_due_work(server)
    server.clock.advance(timedelta(days=1))
    do_due_work(server)

    assert len(post.calls) == 1
    assert open_incident(server, case).message["en"] == "No such address."


@pytest.mark.parametrize(
    "problem",
    [ValueError("odd"), KeyError("missing"), RecursionError(), NotFound("address", "x"), InvalidInput("no")],
    ids=lambda problem: type(problem).__name__,
)
def test_whatever_a_handler_raises_its_lane_goes_on(engine, problem):
    post = Post(problem)
    server, broken = sent(engine, post)
    sound = start_instance(server, person(server, "li_na"), process_key="sending", variables={})

    do_due_work(server)

    assert state(server, broken) == "running"
    assert state(server, sound) == "completed"
    assert jobs(server, broken)[0].state in ("waiting", "failed")
    assert jobs(server, broken)[0].error


@pytest.mark.parametrize(
    "outputs", [{"found": {1, 2}}, {"found": 2**70}, {"found": "a\0b"}, {"found": "\ud800"}, 7]
)
def test_outputs_that_nothing_can_keep_are_a_failure_of_the_handler(engine, outputs):
    server, case = sent(engine, Post(outputs))

    do_due_work(server)

    assert [one.state for one in jobs(server, case)] == ["failed"]
    assert open_incident(server, case).kind == "handler"


def test_outputs_are_the_same_in_memory_as_after_a_restart(engine):
    post = Post(lambda context: {"at": context.now, "pair": (1, 2)})
    server, case = sent(
        engine, post, process("sending", "in -> send -> look -> out", service("send", "post"), user("look"))
    )

    do_due_work(server)

    assert variables(server, case)["pair"] == [1, 2]
    complete(server, "li_na", open_tasks(server, case)["look"])  # over the case in memory
    assert variables(server, case)["at"] == "2026-02-13T08:00:00+00:00"


def test_a_handler_cannot_change_the_case_behind_its_back(engine):
    def spoil(context):
        context.variables["list"].append("spoilt")

    server, case = sent(
        engine,
        Post(spoil),
        process("sending", "in -> send -> look -> out", service("send", "post"), user("look")),
        list=["sound"],
    )

    do_due_work(server)
    complete(server, "li_na", open_tasks(server, case)["look"])

    assert variables(server, case)["list"] == ["sound"]


def test_a_job_of_a_vanished_worker_is_taken_over_with_the_same_key(engine):
    post = Post(Killed(), {"sent": True})
    server, case = sent(engine, post)
    with pytest.raises(Killed):
        run_due_jobs(server)
    other = with_handler(engine, post)

    assert run_due_jobs(other) == []
    other.clock.advance(LEASE)
    run_due_jobs(other)

    assert state(other, case) == "completed"
    assert len({context.idempotency_key for context in post.calls}) == 1
    assert visits(other, case, "send") == 1


@pytest.mark.parametrize("commit", [1, 2])
def test_a_crash_at_any_commit_runs_the_handler_again_but_moves_the_case_once(engine, commit):
    post = Post({"sent": 1}, {"sent": 2})
    crashing = CrashingStore(engine.store)
    server = make_engine(crashing, engine.clock, [Handler("post", post)])
    install(server, SENDING)
    case = start(server, "sending")
    crashing.crash_at(commit)
    with pytest.raises(Killed):
        do_due_work(server)

    server.clock.advance(LEASE)
    do_due_work(with_handler(engine, post))

    assert state(engine, case) == "completed"
    assert visits(engine, case, "send") == 1
    assert len({context.idempotency_key for context in post.calls}) == 1


def test_notices_of_a_handler_are_told_once_however_often_it_is_tried(engine):
    def tell(context):
        context.notify("reminder", "outlet_head", {"message": {"zh": "来了", "en": "came"}})
        context.notify("reminder", "customer")
        if len(post.calls) < 3:
            raise HandlerFailed("Not yet.")

    post = Post(tell, tell, tell)
    server, case = sent(engine, post)
    for _ in range(3):
        do_due_work(server)
        server.clock.advance(TEN_MINUTES)

    assert len(post.calls) == 3
    assert told(server, case, "wang_wei") == told(server, case, "customer") == ["reminder"]


def test_a_handler_never_tells_the_person_complained_about(engine):
    post = Post(lambda context: context.notify("reminder", "wang_wei"))
    server, case = sent(engine, post, complained_about="wang_wei")

    do_due_work(server)

    assert state(server, case) == "completed"
    assert notices(server, case) == []


def test_inputs_and_outputs_are_what_the_diagram_says(engine):
    drawing = process(
        "sending",
        "in -> send -> out",
        service(
            "send",
            "post",
            inputs={"to": "${customer}", "text": "Re ${subject}"},
            outputs={"receipt": "${number + 1}"},
        ),
    )
    post = Post({"number": 41, "secret": "x"})
    server, case = sent(engine, post, drawing, customer="王五", subject="退货")

    do_due_work(server)

    assert post.calls[0].inputs == {"to": "王五", "text": "Re 退货"}
    assert variables(server, case)["receipt"] == 42
    assert "secret" not in variables(server, case)


def test_outputs_of_a_called_process_see_its_own_variables(engine):
    drawing = process(
        "sending", "in -> ask -> look -> out", call("ask", "asked", ins="amount", outs="total"), user("look")
    ) + process(
        "asked", "begun -> send -> finished", service("send", "post", outputs={"total": "${amount + fee}"})
    )
    server, case = sent(engine, Post({"fee": 1}), drawing, amount=10)

    do_due_work(server)

    assert variables(server, case)["total"] == 11


def test_an_output_that_cannot_be_reckoned_stops_the_job_for_a_person(engine):
    drawing = process(
        "sending", "in -> send -> out", service("send", "post", outputs={"total": "${number + 1}"})
    )
    server, case = sent(engine, Post({"number": "many"}), drawing)

    do_due_work(server)

    assert [one.state for one in jobs(server, case)] == ["failed"]
    assert open_incident(server, case).element_id == "send"


def test_a_failing_step_after_a_job_leaves_it_for_a_person(engine):
    drawing = process(
        "sending", "in -> send -> number -> out", service("send", "post"), service("number", "number")
    )
    post = Post({}, {})

    def refuse(context):
        raise NotFound(
            "series", "dossier"
        )  # an error that, raised elsewhere, would mean that the case is gone

    server = make_engine(engine.store, engine.clock, [Handler("post", post), Handler("number", refuse, True)])
    install(server, drawing)
    case = start(server, "sending")

    do_due_work(server)

    assert state(server, case) == "running"
    assert [one.state for one in jobs(server, case)] == ["failed"]
    assert open_incident(server, case).element_id == "number"


def test_a_job_of_a_stopped_case_is_not_run(engine):
    post = Post()
    server, case = sent(engine, post)

    terminate_instance(server, SYSTEM, instance_key=case.instance_key, reason="重复登记")
    do_due_work(server)

    assert post.calls == []
    assert [one.state for one in jobs(server, case)] == ["cancelled"]


def test_a_case_stopped_while_its_handler_runs_takes_no_outputs(engine):
    def stop(context):
        terminate_instance(server, SYSTEM, instance_key=case.instance_key, reason="重复登记")
        return {"sent": True}

    server, case = sent(engine, Post(stop))

    do_due_work(server)

    assert "sent" not in variables(server, case)
    assert [one.state for one in jobs(server, case)] == ["cancelled"]


def test_a_job_without_a_handler_waits_for_a_worker_outside(engine):
    install(engine, SENDING)
    case = start(engine, "sending")

    do_due_work(engine)

    (job,) = jobs(engine, case)
    assert (job.state, job.is_external) == ("waiting", True)


def test_a_job_whose_handler_is_gone_is_an_incident_not_a_silence(engine):
    server, case = sent(engine, Post())

    do_due_work(engine)  # a server without it

    assert "post" in open_incident(server, case).message["zh"]


def test_urgent_jobs_are_run_first(engine):
    post = Post()
    server, _ = sent(engine, post, subject="普通")
    start_instance(
        server,
        person(server, "li_na"),
        process_key="sending",
        variables={"severity": "safety", "subject": "燃气泄漏"},
    )

    do_due_work(server)

    assert [context.variables["subject"] for context in post.calls] == ["燃气泄漏", "普通"]


def test_a_handler_that_kills_its_process_each_time_is_stopped_for_a_person(engine):
    post = Post(*[Killed()] * 9)
    server, case = sent(engine, post)

    for _ in range(5):
        with suppress(Killed):
            run_due_jobs(server)
        server.clock.advance(LEASE)

    assert len(post.calls) == 3
    assert [one.state for one in jobs(server, case)] == ["failed"]
    assert "中途退出" in open_incident(server, case).message["zh"]
    resolve_incident(server, SYSTEM, incident_key=open_incident(server, case).incident_key)
    post.acts.clear()
    run_due_jobs(server)
    assert state(server, case) == "completed"


def test_a_failure_after_a_takeover_counts_both_tries(engine):
    post = Post(Killed(), HandlerFailed("Closed."), HandlerFailed("Closed."))
    server, case = sent(engine, post)
    with pytest.raises(Killed):
        run_due_jobs(server)

    for _ in range(4):
        server.clock.advance(timedelta(minutes=10))
        run_due_jobs(server)

    assert len(post.calls) == 3
    assert [one.state for one in jobs(server, case)] == ["failed"]

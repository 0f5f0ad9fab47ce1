"""A supervisor stops a case for a while, moves a moment, skips, goes back, corrects and retries; each with a reason."""

from datetime import timedelta

import pytest
from cases import complete, instance, jobs, open_task, open_tasks, start, state, timers, variables, visits
from engines import person
from families import (
    boundary,
    catch,
    caught,
    for_each,
    gateway,
    install,
    process,
    profile,
    script,
    service,
    sub_process,
    timer,
    user,
)
from moved_cases import rows_of
from sqlalchemy import select

from engine.commands.clock_commands import pause_clock, resume_clock
from engine.commands.correlate_message import correlate_message
from engine.commands.due.due_moments import do_due_moments
from engine.commands.due.due_work import do_due_work
from engine.commands.hold_user_task import save_draft
from engine.commands.repair.go_back_to import go_back_to
from engine.commands.repair.mend_incident import mend_incident, retry_incidents
from engine.commands.repair.move_due_moment import move_due_moment
from engine.commands.repair.skip_element import skip_element
from engine.commands.repair.suspend_case import resume_case, suspend_case
from engine.model import AuditRow, Forbidden, Incident, InvalidInput, NotFound, WrongState
from engine.people import SYSTEM

WHY = "流程图画错了"


def asking(engine, flow, *elements, limits=None, key="asking"):
    install(engine, process(key, flow, *elements), profiles=[profile(key, limits)] if limits else [])
    return start(engine, key)


def suspend(engine, case, by="wang_wei"):
    suspend_case(engine, person(engine, by), instance_key=case.instance_key, reason=WHY)


def resume(engine, case, by="wang_wei"):
    resume_case(engine, person(engine, by), instance_key=case.instance_key, reason="已改正")


def skip(engine, case, place_key, reason=WHY, by="wang_wei"):
    skip_element(
        engine, person(engine, by), instance_key=case.instance_key, place_key=place_key, reason=reason
    )


def go_back(engine, case, element_id, place_key=None, by="wang_wei"):
    go_back_to(
        engine,
        person(engine, by),
        instance_key=case.instance_key,
        place_key=place_key or open_task(engine, case),
        element_id=element_id,
        reason=WHY,
    )


def acts(engine, case):
    with engine.store.reading() as session:
        return list(
            session.execute(
                select(AuditRow.act).where(AuditRow.chain == case.instance_key).order_by(AuditRow.sequence)
            ).scalars()
        )


def incident(engine, case):
    with engine.store.reading() as session:
        return session.execute(
            select(Incident).where(Incident.instance_key == case.instance_key, Incident.resolved_at.is_(None))
        ).scalar_one()


def test_a_suspended_case_takes_no_step_and_says_who_stopped_it(engine):
    case = asking(engine, "received -> ask -> done", user("ask"))
    task = open_task(engine, case)
    suspend(engine, case)

    with pytest.raises(WrongState, match="but wang_wei suspended it at"):
        complete(engine, "li_na", task)
    save_draft(engine, person(engine, "li_na"), user_task_key=task, values={"answer": "半句"})
    with pytest.raises(WrongState, match="suspended"):
        suspend(engine, case)
    resume(engine, case)
    complete(engine, "li_na", task)

    assert state(engine, case) == "completed"
    assert [one for one in acts(engine, case) if one.startswith("case.")] == [
        "case.started",
        "case.suspended",
        "case.resumed",
    ]


def test_a_timer_that_fell_due_while_the_case_stood_fires_once_when_it_goes_on(engine, clock):
    case = asking(
        engine,
        "received -> ask -> done; late -> press -> pressed",
        user("ask"),
        boundary("late", "ask", timer("PT2H"), cancels=False),
        user("press"),
    )
    suspend(engine, case)
    clock.advance(timedelta(hours=5))
    assert not do_due_moments(engine)
    assert list(open_tasks(engine, case)) == ["ask"]

    resume(engine, case)
    assert len(do_due_moments(engine).timers) == 1
    assert not do_due_moments(engine)

    assert set(open_tasks(engine, case)) == {"ask", "press"}


def test_of_the_rounds_that_a_repeating_timer_missed_one_is_done(engine, clock):
    case = asking(
        engine,
        "received -> ask -> done; again -> remind -> reminded",
        user("ask"),
        boundary("again", "ask", timer("R5/PT1H", "Cycle"), cancels=False),
        script("remind", "reminded = true"),
    )
    suspend(engine, case)
    clock.advance(timedelta(hours=3, minutes=30))
    resume(engine, case)
    do_due_moments(engine)
    (row,) = timers(engine, case)

    assert visits(engine, case, "remind") == 1
    assert (row.cycles_left, row.fires_at - clock.now()) == (2, timedelta(minutes=30))


def test_clocks_go_on_while_a_case_stands_and_their_timers_follow_a_pause(engine, clock):
    case = asking(
        engine,
        "received -> ask -> done; late -> press -> pressed",
        user("ask", sla="handle"),
        boundary("late", "ask", timer('${limit("handle")}')),
        user("press"),
        limits={"handle": "4 H"},
    )
    (clock_key,) = rows_of(engine, case)["clock"]
    suspend(engine, case)
    pause_clock(engine, person(engine, "wang_wei"), clock_key=clock_key, kind="customer", reason="等材料")
    clock.advance(timedelta(hours=3))
    resume_clock(engine, person(engine, "wang_wei"), clock_key=clock_key)
    clock.advance(timedelta(hours=3))
    assert not do_due_moments(engine).timers
    assert rows_of(engine, case)["clock"][clock_key]["state"] == "running"
    resume(engine, case)
    assert not do_due_moments(engine).timers

    clock.advance(timedelta(hours=1, seconds=1))
    do_due_moments(engine)

    assert list(open_tasks(engine, case)) == ["press"]


def test_a_job_waits_with_its_case(engine):
    case = asking(engine, "received -> work -> done", service("work", "record"))
    suspend(engine, case)
    do_due_work(engine)
    assert [one.state for one in jobs(engine, case)] == ["held"]

    resume(engine, case)
    do_due_work(engine)

    assert state(engine, case) == "completed"


def test_a_message_for_a_case_that_stands_is_answered_with_the_reason(engine):
    case = asking(engine, "received -> wait -> done", catch("wait", caught("message", "answered")))
    suspend(engine, case)

    def send():
        return correlate_message(
            engine,
            SYSTEM,
            message_name="answered",
            correlation=case.business_key,
            variables={},
            organisation_key="bank",
        )

    with pytest.raises(WrongState, match="suspended"):
        send()
    resume(engine, case)
    send()

    assert state(engine, case) == "completed"


def test_a_skipped_task_is_cancelled_and_its_promise_is_not_kept(engine):
    case = asking(
        engine,
        "received -> ask -> check -> done",
        user("ask", sla="handle"),
        user("check"),
        limits={"handle": "2 WD"},
    )
    task = open_task(engine, case)
    skip(engine, case, task)

    rows = rows_of(engine, case)
    assert list(open_tasks(engine, case)) == ["check"]
    assert rows["user_task"][task]["state"] == "cancelled"
    assert [one["state"] for one in rows["clock"].values()] == ["cancelled"]
    assert "case.element_skipped" in acts(engine, case)


def test_jobs_and_events_can_be_skipped_but_not_an_event_on_the_edge_of_a_task(engine):
    case = asking(
        engine,
        "received -> work -> wait -> ask -> done; late -> pressed",
        service("work", "record"),
        catch("wait", timer("P30D")),
        user("ask"),
        boundary("late", "ask", timer("PT2H")),
    )
    (job,) = jobs(engine, case)
    skip(engine, case, job.element_instance_key)
    (waits,) = [one for one in timers(engine, case) if one.state == "waiting"]
    skip(engine, case, waits.timer_key)

    assert list(open_tasks(engine, case)) == ["ask"]
    assert {one.element_id: one.state for one in timers(engine, case)} == {
        "wait": "cancelled",
        "late": "waiting",
    }
    assert [one.state for one in jobs(engine, case)] == ["cancelled"]
    (late,) = [one for one in timers(engine, case) if one.state == "waiting"]
    with pytest.raises(WrongState, match="on the edge"):
        skip(engine, case, late.timer_key)
    with pytest.raises(NotFound):
        skip(engine, case, "0" * 32)


def test_going_back_cancels_what_is_open_and_begins_the_element_anew(engine, clock):
    case = asking(
        engine,
        "received -> ask -> check -> done; late -> press -> pressed",
        user("ask"),
        boundary("late", "ask", timer("PT2H"), cancels=False),
        user("press"),
        user("check"),
    )
    clock.advance(timedelta(hours=2))
    do_due_moments(engine)
    complete(engine, "li_na", open_tasks(engine, case)["ask"], answer="好")
    assert set(open_tasks(engine, case)) == {"check", "press"}

    go_back(engine, case, "ask", open_tasks(engine, case)["check"])

    assert list(open_tasks(engine, case)) == ["ask"]
    assert variables(engine, case)["answer"] == "好"
    assert [one.state for one in timers(engine, case)].count("waiting") == 1
    complete(engine, "li_na", open_task(engine, case))
    complete(engine, "li_na", open_task(engine, case))
    assert state(engine, case) == "completed"
    assert visits(engine, case, "ask") == 2


def test_going_back_out_of_a_sub_process_stays_in_its_scope(engine):
    case = asking(
        engine,
        "received -> ask -> part -> done",
        user("ask"),
        sub_process("part", "begun -> look -> check -> checked", user("look"), user("check")),
    )
    complete(engine, "li_na", open_task(engine, case))
    complete(engine, "li_na", open_task(engine, case))

    with pytest.raises(WrongState, match="same process or sub-process"):
        go_back(engine, case, "ask")
    go_back(engine, case, "look")

    assert list(open_tasks(engine, case)) == ["look"]
    complete(engine, "li_na", open_task(engine, case))
    complete(engine, "li_na", open_task(engine, case))
    assert state(engine, case) == "completed"


def test_going_back_ends_a_multi_instance_whole(engine):
    case = asking(
        engine,
        "received -> ask -> vote -> done",
        user("ask"),
        user("vote", inside=for_each("${[1, 2, 3]}", "one")),
    )
    complete(engine, "li_na", open_task(engine, case))
    votes = [
        one["user_task_key"]
        for one in rows_of(engine, case)["user_task"].values()
        if one["element_id"] == "vote"
    ]
    assert len(votes) == 3

    go_back(engine, case, "ask", votes[0])

    assert list(open_tasks(engine, case)) == ["ask"]
    assert rows_of(engine, case)["user_task"][votes[2]]["state"] == "cancelled"


def test_where_going_back_could_not_be_right_it_is_refused(engine):
    case = asking(
        engine,
        "received -> ask -> both -> left -> joined -> check -> done; both -> right -> joined",
        user("ask"),
        gateway("both", "parallel"),
        gateway("joined", "parallel"),
        user("left"),
        user("right"),
        user("check"),
    )
    with pytest.raises(WrongState, match="passed on its way"):
        go_back(engine, case, "check")
    complete(engine, "li_na", open_task(engine, case))
    for key in list(open_tasks(engine, case).values()):
        complete(engine, "li_na", key)

    with pytest.raises(WrongState, match="outside of parallel branches"):
        go_back(engine, case, "left")
    go_back(engine, case, "ask")
    complete(engine, "li_na", open_task(engine, case))
    assert set(open_tasks(engine, case)) == {"left", "right"}
    for key in list(open_tasks(engine, case).values()):
        complete(engine, "li_na", key)
    assert list(open_tasks(engine, case)) == ["check"]


def test_a_case_that_went_back_is_the_same_after_a_restart(engine):
    case = asking(
        engine,
        "received -> ask -> check -> done; late -> pressed",
        user("ask"),
        boundary("late", "ask", timer("PT2H")),
        user("check"),
    )
    complete(engine, "li_na", open_task(engine, case))
    go_back(engine, case, "ask")
    engine.live.clear()
    complete(engine, "li_na", open_task(engine, case))
    engine.live.clear()
    complete(engine, "li_na", open_task(engine, case))

    assert state(engine, case) == "completed"


def test_a_moved_timer_and_a_moved_promise_say_who_moved_them(engine, clock):
    case = asking(
        engine,
        "received -> ask -> done; late -> press -> pressed; slow -> pressed_too",
        user("ask", sla="handle"),
        boundary("late", "ask", timer('${limit("handle")}')),
        boundary("slow", "ask", timer("P30D"), cancels=False),
        user("press"),
        limits={"handle": "2 WD"},
    )
    (clock_key,) = rows_of(engine, case)["clock"]
    rows = {one.element_id: one.timer_key for one in timers(engine, case)}
    later = clock.now() + timedelta(days=9)

    def move(key, by="wang_wei", to=later, reason="客户出差"):
        move_due_moment(engine, person(engine, by), key=key, due_at=to, reason=reason)

    with pytest.raises(WrongState, match="shares the clock"):
        move(rows["late"])
    with pytest.raises(Forbidden):
        move(clock_key, by="li_na")
    with pytest.raises(InvalidInput):
        move(clock_key, reason=" ")
    with pytest.raises(InvalidInput, match="yet to come"):
        move(clock_key, to=clock.now())
    move(clock_key)
    move(rows["slow"])

    moved = rows_of(engine, case)
    (said,) = moved["clock"][clock_key]["data"]["explanation"]["moved"]
    assert (said["by"], said["reason"]) == ("wang_wei", "客户出差")
    assert moved["clock"][clock_key]["due_at"] == later
    assert {one.due_at for one in timers(engine, case)} == {later}
    assert {"clock.moved", "timer.moved"} <= set(acts(engine, case))
    clock.advance(timedelta(days=8))
    assert not do_due_moments(engine).timers
    clock.advance(timedelta(days=1, seconds=1))
    do_due_moments(engine)
    assert list(open_tasks(engine, case)) == ["press"]


def test_a_variable_is_put_right_and_the_timer_that_failed_for_it_fires(engine, clock):
    case = asking(
        engine,
        "received -> wait -> count -> done",
        catch("wait", timer("PT1H")),
        script("count", "total = amount + 1"),
        key="asking",
    )
    clock.advance(timedelta(hours=1))
    do_due_moments(engine)
    broken = incident(engine, case)

    with pytest.raises(Forbidden):
        mend_incident(
            engine,
            person(engine, "li_na"),
            incident_key=broken.incident_key,
            values={"amount": 1},
            reason=WHY,
        )
    mend_incident(
        engine,
        person(engine, "wang_wei"),
        incident_key=broken.incident_key,
        values={"amount": 41},
        reason=WHY,
    )
    do_due_moments(engine)

    assert state(engine, case) == "completed"
    assert instance(engine, case).variables["total"] == 42
    assert "case.variables_corrected" in acts(engine, case)


def test_many_incidents_are_tried_again_and_those_that_are_over_say_so(engine, clock):
    cases = [
        asking(engine, "received -> wait -> count -> done", catch("wait", timer("PT1H")), script("count", "total = amount + 1"))
        for _ in range(2)
    ]  # fmt: skip
    clock.advance(timedelta(hours=1))
    do_due_moments(engine)
    keys = [incident(engine, one).incident_key for one in cases]
    supervisor = person(engine, "wang_wei")
    mend_incident(engine, supervisor, incident_key=keys[0], values={"amount": 1}, reason=WHY)

    done = retry_incidents(engine, supervisor, incident_keys=keys)

    assert [one.refused is None for one in done] == [False, True]


def test_nobody_repairs_without_the_right_or_a_reason(engine):
    case = asking(engine, "received -> ask -> done", user("ask"))
    task = open_task(engine, case)

    for by, reason, refused in (("li_na", WHY, Forbidden), ("wang_wei", " ", InvalidInput)):
        with pytest.raises(refused):
            suspend_case(engine, person(engine, by), instance_key=case.instance_key, reason=reason)
        with pytest.raises(refused):
            skip(engine, case, task, reason, by)
    assert list(open_tasks(engine, case)) == ["ask"]

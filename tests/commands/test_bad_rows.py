"""One case whose rows cannot be read any more must not stop the others: a person hears of it, the lanes go on."""

from datetime import timedelta

import pytest
from cases import complete, open_task, start, state
from families import boundary, install, process, profile, service, timer, user
from promises import at, incidents, told_now
from sqlalchemy import update

from engine.commands.case.on_case import CaseStopped
from engine.commands.due.due_work import do_due_work
from engine.commands.due.run_jobs import run_due_jobs
from engine.model import ProcessInstance


def spoil(engine, case):
    """As if a disk had forgotten it."""
    engine.live.clear()
    with engine.store.transaction() as session:
        session.execute(
            update(ProcessInstance)
            .where(ProcessInstance.instance_key == case.instance_key)
            .values(state_blob=b"spoilt")
        )


def test_jobs_behind_it_are_run(engine, caplog):
    broken, sound = start(engine, "recording"), start(engine, "recording")
    spoil(engine, broken)

    run_due_jobs(engine)

    assert (state(engine, broken), state(engine, sound)) == ("running", "completed")
    for _ in range(3):
        engine.clock.advance(timedelta(minutes=10))
        run_due_jobs(engine)
    assert [one.kind for one in incidents(engine, broken)] == ["handler"]


def test_timers_and_promises_behind_it_are_kept(engine, caplog):
    install(
        engine,
        process(
            "keeping",
            "in -> keep -> out; late -> note_it -> noted",
            user("keep", sla="keep"),
            boundary("late", "keep", timer('${limit("keep")}'), cancels=False),
            service("note_it", "record"),
        ),
        profiles=[profile("keeping", {"keep": "8 WH"})],
    )
    broken, sound = start(engine, "keeping"), start(engine, "keeping")
    spoil(engine, broken)

    report = at(engine, "2026-02-14 16:01")

    assert [one.instance_key for one in report.timers] == [sound.instance_key]
    assert "deadline_breached li_na" in told_now(engine, sound)
    assert {one.kind for one in incidents(engine, broken)} >= {"timer"}
    assert not do_due_work(engine)


def test_who_works_on_it_hears_that_it_cannot_go_on(engine, caplog):
    case = start(engine)
    key = open_task(engine, case)
    spoil(engine, case)

    with pytest.raises(CaseStopped):
        complete(engine, "li_na", key, wish="return")

    assert len(incidents(engine, case)) == 1

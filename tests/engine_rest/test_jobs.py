"""What the engine owes by itself, and what a process owner may do about it."""

from datetime import timedelta
from typing import Any

import pytest

from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine
from engine.commands.handler import Handler, HandlerContext, HandlerTable
from engine.model import HandlerFailed, VirtualClock


class Archive:
    """Fails until it is mended."""

    is_mended = False

    def record(self, context: HandlerContext) -> dict[str, Any]:
        if not self.is_mended:
            raise HandlerFailed("The archive is full.", permanent=True)
        return {}


@pytest.fixture
def archive(engine: Engine) -> Archive:
    made = Archive()
    engine.handlers = HandlerTable([Handler("record", made.record)])
    return made


def test_it_lists_timers_with_their_due_moment(start: Any, admin: Any) -> None:
    case = start()

    [job] = admin.get("/job", processInstanceId=case["id"]).json

    assert job["dueDate"].startswith("2026-02-14T16:00:00.0")
    assert (job["processDefinitionKey"], job["retries"], job["suspended"]) == ("answering", 1, False)
    assert job["exceptionMessage"] is None
    assert admin.get("/job", timers="true", sortBy="jobDueDate", sortOrder="asc").json == [job]
    assert admin.get("/job", messages="true").json == []
    assert admin.get(f"/job/{job['id']}").json == job


def test_it_shows_a_failed_job_and_tries_it_again_when_told(
    start: Any, admin: Any, li_na: Any, engine: Engine, archive: Archive
) -> None:
    case = start("recording")
    do_due_work(engine)

    [job] = admin.get("/job", withException="true").json
    assert (job["failedActivityId"], job["exceptionMessage"], job["retries"]) == (
        "record",
        "The archive is full.",
        0,
    )
    [incident] = admin.get("/incident", incidentType="failedJob").json
    assert incident["configuration"] == job["id"]

    archive.is_mended = True
    assert admin.put(f"/job/{job['id']}/retries", {"retries": 1}).status_code == 204
    do_due_work(engine)

    assert admin.get("/incident").json == []
    assert li_na.get(f"/history/process-instance/{case['id']}").json["state"] == "COMPLETED"


def test_it_resolves_an_incident_by_deleting_it(
    start: Any, admin: Any, engine: Engine, archive: Archive
) -> None:
    start("recording")
    do_due_work(engine)
    [incident] = admin.get("/incident").json
    archive.is_mended = True

    assert admin.get(f"/incident/{incident['id']}").json == incident
    assert admin.delete(f"/incident/{incident['id']}").status_code == 204
    do_due_work(engine)

    assert admin.get("/incident/count").json == {"count": 0}
    assert admin.get(f"/incident/{incident['id']}").status_code == 404


def test_it_moves_a_waiting_job(
    start: Any, admin: Any, engine: Engine, archive: Archive, clock: VirtualClock
) -> None:
    archive.is_mended = True
    case = start("recording")
    [job] = admin.get("/job", processInstanceId=case["id"]).json

    moved = admin.put(f"/job/{job['id']}/duedate", {"duedate": "2026-02-13T18:00:00.000+0800"})
    do_due_work(engine)
    before = admin.get("/job/count").json
    clock.advance(timedelta(hours=2))
    do_due_work(engine)

    assert moved.status_code == 204
    assert (before, admin.get("/job/count").json) == ({"count": 1}, {"count": 0})


def test_it_does_not_move_a_promise(start: Any, admin: Any) -> None:
    case = start()
    [job] = admin.get("/job", processInstanceId=case["id"]).json

    refused = admin.put(f"/job/{job['id']}/duedate", {"duedate": "2026-03-13T18:00:00.000+0800"})

    assert refused.status_code == 409
    assert "clock of a promise" in refused.json["message"]
    assert admin.get(f"/job/{job['id']}").json == job


def test_it_refuses_what_makes_no_sense(start: Any, admin: Any) -> None:
    start()
    [job] = admin.get("/job").json

    assert admin.put(f"/job/{job['id']}/retries", {}).status_code == 400
    assert admin.put(f"/job/{job['id']}/retries", {"retries": 0}).status_code == 400
    assert admin.put(f"/job/{job['id']}/duedate", {"duedate": "soon"}).status_code == 400
    assert admin.put("/job/none/retries", {"retries": 1}).status_code == 404

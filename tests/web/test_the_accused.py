"""The person complained about (COI-1) sees nothing of the case and gets nothing done with it, by any address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from engines import person
from pages import Browser, clock_of, new_case, task_of

from engine.commands.attachments import add_attachment
from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine
from engine.commands.people.people_commands import grant_role
from engine.model import VirtualClock
from engine.people import SYSTEM

SECRET = "柜员态度冷淡"


@pytest.fixture
def accused(engine: Engine, signed_in: Callable[[str], Browser]) -> Browser:
    """Chen Bo, who receives complaints and supervises the branch himself."""
    for role in ("first_receiver", "outlet_head", "supervisor"):
        grant_role(engine, SYSTEM, username="chen_bo", unit_key="bank", role_key=role)
    browser = signed_in("chen_bo")
    new_case(engine, subject="别人的事")
    return browser


def test_no_address_shows_it(accused: Browser, engine: Engine, clock: VirtualClock) -> None:
    case = new_case(engine, subject=SECRET, complained_about="chen_bo")
    document = add_attachment(
        engine, person(engine, "li_na"), instance_key=case, file_name="a.txt", content=b"secret"
    )
    clock.advance(timedelta(days=3))
    do_due_work(engine)
    accused.sign_in("chen_bo")
    task, timer = task_of(engine, case), clock_of(engine, case)
    seen = []

    for path in (
        *(f"/cases/{case}", f"/cases/{case}/diagram.json", f"/cases/{case}/drawing/matter"),
        *(f"/tasks/{task}", f"/tasks/{task}/pane", f"/intake/done/{case}", f"/attachments/{document}"),
    ):
        response = accused.get(path)
        if response.status_code not in (403, 404) or SECRET in response.text:
            seen.append(("GET", path, response.status_code))
    for path, values in (
        (f"/tasks/{task}/claim", {}),
        (f"/tasks/{task}/release", {}),
        (f"/tasks/{task}/draft", {"reply": "x"}),
        (f"/tasks/{task}/complete", {"decision": "unjustified", "reply": "已说明"}),
        (f"/tasks/{task}/assign", {"to": "chen_bo", "reason": "x"}),
        (f"/cases/{case}/attachments", {}),
        (f"/cases/{case}/terminate", {"reason": "x"}),
        (f"/cases/{case}/clocks/{timer}/pause", {"reason": "x"}),
        (f"/cases/{case}/clocks/{timer}/resume", {}),
        (f"/cases/{case}/clocks/{timer}/acknowledge", {}),
    ):
        response = accused.post(path, values)
        if response.status_code not in (403, 404) or SECRET in response.text:
            seen.append(("POST", path, response.status_code))
    for path in (
        "/inbox",
        "/inbox/group",
        "/cases?state=all",
        f"/cases?q={SECRET}",
        "/notices",
        "/board",
        "/head",
    ):
        response = accused.get(path)
        if response.status_code != 200 or f">{SECRET}<" in response.text or case in response.text:
            seen.append(("GET", path, response.status_code))

    assert seen == []


def test_no_other_persons_clock_or_case_lends_its_name(accused: Browser, engine: Engine) -> None:
    """A clock of the hidden case under the address of a visible one is refused as well."""
    hidden = new_case(engine, subject=SECRET, complained_about="chen_bo")
    visible = new_case(engine, subject="别人的事")

    response = accused.post(
        f"/cases/{visible}/clocks/{clock_of(engine, hidden)}/pause", {"reason": "x", "kind": "other"}
    )

    assert response.status_code == 403


def test_nobody_can_hand_the_task_to_that_person(accused: Browser, wang_wei: Browser, engine: Engine) -> None:
    case = new_case(engine, subject=SECRET, complained_about="chen_bo")
    task = task_of(engine, case)

    page = wang_wei.get(f"/cases/{case}").text
    response = wang_wei.post(f"/tasks/{task}/assign", {"to": "chen_bo", "reason": "人手不够"})

    assert 'value="chen_bo"' not in page
    assert "被投诉人看不到本事项" in page
    assert response.status_code == 403
    assert "COI-1" in response.text


def test_that_persons_other_work_goes_on(accused: Browser, engine: Engine) -> None:
    new_case(engine, subject=SECRET, complained_about="chen_bo")

    page = accused.get("/inbox/group").text

    assert "别人的事" in page
    assert SECRET not in page

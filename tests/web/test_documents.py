"""Documents of a case: taken within limits, given to who may read the case, never run by the browser."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

from engines import person
from flask import Flask
from pages import Browser, new_case

from engine.commands.attachments import add_attachment
from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine
from engine.commands.people.people_commands import add_unit, grant_role, revoke_role
from engine.model import VirtualClock
from engine.people import SYSTEM

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def test_it_adds_documents_on_the_page_of_the_case(li_na: Browser, case: str) -> None:
    response = li_na.post(
        f"/cases/{case}/attachments",
        {"files": [(BytesIO(PNG), "排队照片.png"), (BytesIO("经过".encode()), "说明.txt")]},
        content_type="multipart/form-data",
    )

    page = li_na.get(f"/cases/{case}").text
    assert response.status_code == 303
    assert "已添加 2 个附件" in page
    assert "排队照片.png" in page
    assert "李娜 添加附件 说明.txt" in page


def test_it_refuses_what_a_browser_might_run_and_says_why(li_na: Browser, case: str) -> None:
    li_na.post(
        f"/cases/{case}/attachments",
        {"files": [(BytesIO(b"<svg onload=alert(1)>"), "a.svg"), (BytesIO(b"<html>"), "b.png")]},
        content_type="multipart/form-data",
    )

    page = li_na.get(f"/cases/{case}").text
    assert "不接受“a.svg”这类文件" in page
    assert "“b.png”的内容与扩展名不符" in page
    assert "还没有附件" in page


def test_it_gives_a_document_in_a_sandbox(li_na: Browser, engine: Engine, case: str) -> None:
    key = add_attachment(
        engine, person(engine, "li_na"), instance_key=case, file_name="经过.txt", content=b"<script>"
    )

    response = li_na.get(f"/attachments/{key}")

    assert response.data == b"<script>"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"


def test_it_gives_no_document_to_who_may_not_read_the_case(
    signed_in: Callable[[str], Browser], engine: Engine
) -> None:
    case = new_case(engine, "wang_wei", complained_about="zhao_min")
    key = add_attachment(
        engine, person(engine, "wang_wei"), instance_key=case, file_name="a.txt", content=b"secret"
    )

    assert signed_in("zhao_min").get(f"/attachments/{key}").status_code in (403, 404)


def test_it_gives_documents_to_the_supervisor_of_a_task_in_another_unit(
    signed_in: Callable[[str], Browser], engine: Engine, clock: VirtualClock
) -> None:
    add_unit(engine, SYSTEM, organisation_key="bank", unit_key="desk", name={"zh": "督办台", "en": "Desk"})
    revoke_role(engine, SYSTEM, username="wang_wei", unit_key="bank", role_key="outlet_head")
    grant_role(engine, SYSTEM, username="zhao_min", unit_key="desk", role_key="outlet_head")
    grant_role(engine, SYSTEM, username="chen_bo", unit_key="desk", role_key="supervisor")
    case = new_case(engine)
    key = add_attachment(
        engine, person(engine, "li_na"), instance_key=case, file_name="a.txt", content=b"what happened"
    )
    chen_bo = signed_in("chen_bo")
    assert chen_bo.get(f"/attachments/{key}").status_code == 403
    assert chen_bo.get(f"/cases/{case}").status_code == 404

    clock.advance(timedelta(days=2))
    do_due_work(engine)
    chen_bo.sign_in("chen_bo")

    assert chen_bo.get(f"/cases/{case}").status_code == 200
    assert chen_bo.get(f"/attachments/{key}").data == b"what happened"


def test_a_form_that_is_far_too_large_is_cut_off(app: Flask, li_na: Browser, case: str) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1_000

    response = li_na.post(
        f"/cases/{case}/attachments",
        {"files": (BytesIO(b"0" * 2_000), "big.txt")},
        content_type="multipart/form-data",
    )

    assert response.status_code == 413
    assert "文件太大" in response.text

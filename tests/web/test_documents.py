"""Documents of a case: taken within limits, given to who may read the case, never run by the browser."""

from collections.abc import Callable
from io import BytesIO

from engines import person
from flask import Flask
from pages import Browser, new_case

from engine.commands.attachments import add_attachment
from engine.commands.engine import Engine

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


def test_a_form_that_is_far_too_large_is_cut_off(app: Flask, li_na: Browser, case: str) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1_000

    response = li_na.post(
        f"/cases/{case}/attachments",
        {"files": (BytesIO(b"0" * 2_000), "big.txt")},
        content_type="multipart/form-data",
    )

    assert response.status_code == 413
    assert "文件太大" in response.text

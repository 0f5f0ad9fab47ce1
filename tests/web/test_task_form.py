"""The form of a task: drawn on the server, judged on the server, never lost."""

from io import BytesIO

from engines import person
from pages import Browser, task_of

from engine.commands.engine import Engine
from engine.commands.start_instance import start_instance
from engine.model import UserTask


def draft_of(engine: Engine, task: str) -> object:
    with engine.store.reading() as session:
        return session.get_one(UserTask, task).draft


def test_it_says_at_each_field_what_is_wrong_and_keeps_what_was_typed(
    li_na: Browser, engine: Engine, case: str
) -> None:
    task = task_of(engine, case)

    response = li_na.post(
        f"/tasks/{task}/complete", {"decision": "justified", "amount": "0", "reply": "", "is_urgent": "true"}
    )

    page = response.text
    assert response.status_code == 422
    assert 'id="amount-error"' in page
    assert "不能小于 1" in page
    assert 'id="reply-error"' in page
    assert 'aria-invalid="true"' in page
    assert 'value="justified" checked' in page.replace("  ", " ")
    assert 'value="0"' in page
    assert "有 2 栏需要修改" in page


def test_it_does_not_ask_for_a_field_that_the_answers_hide(li_na: Browser, engine: Engine, case: str) -> None:
    response = li_na.post(
        f"/tasks/{task_of(engine, case)}/complete", {"decision": "unjustified", "reply": "已说明"}
    )

    assert response.status_code == 303


def test_it_refuses_a_choice_that_the_form_does_not_offer(li_na: Browser, engine: Engine, case: str) -> None:
    response = li_na.post(
        f"/tasks/{task_of(engine, case)}/complete", {"decision": "whatever", "reply": "已说明"}
    )

    assert response.status_code == 422
    assert "请从选项中选择" in response.text


def test_it_shows_what_the_case_knows_already(li_na: Browser, engine: Engine, case: str) -> None:
    page = li_na.get(f"/tasks/{task_of(engine, case)}").text

    assert 'value="柜面排队过长"' in page
    assert "readonly" in page
    assert "客户读得懂的话。" in page
    assert 'data-show-field="decision"' in page


def test_it_keeps_half_a_form_and_shows_it_again(li_na: Browser, engine: Engine, case: str) -> None:
    task = task_of(engine, case)

    page = li_na.follow(f"/tasks/{task}/draft", {"decision": "justified", "reply": "写到一半"})

    assert "已存为草稿" in page.text
    assert ">写到一半</textarea>" in page.text
    assert "草稿" in li_na.get("/inbox/group").text
    assert "写到一半" in li_na.get(f"/tasks/{task}").text


def test_it_keeps_a_draft_by_itself_with_a_short_answer(li_na: Browser, engine: Engine, case: str) -> None:
    task = task_of(engine, case)

    response = li_na.post(f"/tasks/{task}/draft", {"reply": "一"}, headers={"X-CSRF-Token": li_na.token})

    assert response.get_json() == {"kept": True}
    assert draft_of(engine, task) == {"reply": "一", "is_urgent": False}


def test_it_shows_no_draft_where_there_is_none(li_na: Browser, case: str) -> None:
    assert "草稿" not in li_na.get("/inbox/group").text


def test_it_takes_files_with_the_form(li_na: Browser, engine: Engine, case: str) -> None:
    task = task_of(engine, case)

    response = li_na.post(
        f"/tasks/{task}/complete",
        {"decision": "unjustified", "reply": "见附件", "proof": (BytesIO(b"seen"), "凭据.txt")},
        content_type="multipart/form-data",
    )

    assert response.status_code == 303
    page = li_na.get(f"/cases/{case}").text
    assert page.count("凭据.txt") >= 2, "as a document of the case, and in the filled form"


def test_it_says_what_is_wrong_with_a_file_and_keeps_the_form(
    li_na: Browser, engine: Engine, case: str
) -> None:
    response = li_na.post(
        f"/tasks/{task_of(engine, case)}/complete",
        {"decision": "unjustified", "reply": "见附件", "proof": (BytesIO(b"MZ"), "program.exe")},
        content_type="multipart/form-data",
    )

    assert response.status_code == 400
    assert "program.exe" in response.text
    assert ">见附件</textarea>" in response.text


def test_it_offers_nothing_to_who_may_only_look(wang_wei: Browser, engine: Engine, case: str) -> None:
    page = wang_wei.get(f"/tasks/{task_of(engine, case)}").text

    assert "这项待办由他人办理" in page
    assert "task-form" not in page
    assert "改派" in page


def test_it_gives_a_task_back_to_its_group(li_na: Browser, engine: Engine, case: str) -> None:
    task = task_of(engine, case)
    li_na.follow(f"/tasks/{task}/claim")

    li_na.follow(f"/tasks/{task}/release")

    assert f"/tasks/{task}" in li_na.get("/inbox/group").text
    assert f"/tasks/{task}" not in li_na.get("/inbox").text


def test_a_timer_of_the_diagram_explains_its_due_moment_too(li_na: Browser, engine: Engine) -> None:
    case = start_instance(engine, person(engine, "li_na"), process_key="visit", variables={}).instance_key

    page = li_na.get(f"/tasks/{task_of(engine, case, 'plan_visit')}").text

    assert "2月24日（周二）18:00" in page
    assert "从 2026年2月13日（周五）16:00 起 2 个工作日" in page
    assert "流程图中设定" in page
    assert "两个工作日" in page

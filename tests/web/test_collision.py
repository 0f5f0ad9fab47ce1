"""Two people at one task: one wins, the other is told who and when, and nothing typed is lost."""

from collections.abc import Callable
from datetime import timedelta

from pages import Browser, task_of

from engine.commands.engine import Engine
from engine.model import VirtualClock

FILLED = {"decision": "unjustified", "reply": "我的答复，写了很久"}


def test_the_second_to_complete_is_told_who_and_when(
    signed_in: Callable[[str], Browser], engine: Engine, case: str, clock: VirtualClock
) -> None:
    first, second = signed_in("li_na"), signed_in("zhao_min")
    task = task_of(engine, case)
    second.get(f"/tasks/{task}")
    clock.advance(timedelta(minutes=7))
    first.follow(f"/tasks/{task}/complete", {"decision": "unjustified", "reply": "已说明"})
    clock.advance(timedelta(minutes=1))

    response = second.post(f"/tasks/{task}/complete", FILLED)

    assert response.status_code == 409
    assert "李娜" in response.text
    assert "2月13日 16:07" in response.text
    assert "我的答复，写了很久" in response.text


def test_the_second_to_claim_is_told_who_and_when(
    signed_in: Callable[[str], Browser], engine: Engine, case: str
) -> None:
    first, second = signed_in("li_na"), signed_in("zhao_min")
    task = task_of(engine, case)
    first.follow(f"/tasks/{task}/claim")

    response = second.post(f"/tasks/{task}/claim")

    assert response.status_code == 409
    assert "李娜" in response.text
    assert "2月13日 16:00" in response.text


def test_who_completes_a_task_that_another_holds_is_refused_with_the_name(
    signed_in: Callable[[str], Browser], engine: Engine, case: str
) -> None:
    first, second = signed_in("li_na"), signed_in("zhao_min")
    task = task_of(engine, case)
    first.follow(f"/tasks/{task}/claim")

    response = second.post(f"/tasks/{task}/complete", FILLED)

    assert response.status_code == 409
    assert "李娜" in response.text
    assert "我的答复，写了很久" in response.text


def test_programs_are_told_in_json(li_na: Browser, engine: Engine, case: str) -> None:
    task = task_of(engine, case)
    li_na.follow(f"/tasks/{task}/claim")

    answer = li_na.client.post(
        f"/engine-rest/task/{task}/claim", json={"userId": "zhao_min"}, auth=("zhao_min", "a-long-password")
    )

    assert answer.status_code >= 400
    assert "li_na" in answer.get_json()["message"]

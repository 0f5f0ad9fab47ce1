"""The gate itself: a route that says nothing is never served."""

from typing import Any

import pytest
from flask import Blueprint, Flask
from pages import Browser, PageSettings

from engine.commands.engine import Engine
from web import app as application
from web.access import UndeclaredRoute, needs
from web.app import create_app


def test_it_does_not_start_with_a_route_that_declares_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Area:
        blueprint = Blueprint("silent", __name__)

    Area.blueprint.add_url_rule("/silent", "page", lambda: "told")
    real = application.import_module
    monkeypatch.setattr(application, "AREAS", (*application.AREAS, "silent"))
    monkeypatch.setattr(application, "import_module", lambda name: Area if name == "silent" else real(name))

    with pytest.raises(UndeclaredRoute, match="/silent"):
        create_app(engine, PageSettings())


def test_it_does_not_serve_a_route_that_was_added_later_and_declares_nothing(app: Flask) -> None:
    app.testing = False
    app.add_url_rule("/late", "late", lambda: "told")

    assert app.test_client().get("/late").status_code == 302


def test_it_refuses_a_signed_in_person_too_where_nothing_is_declared(app: Flask, engine: Engine) -> None:
    app.add_url_rule("/late", "late", lambda: "told")
    browser = Browser(app.test_client())
    browser.sign_in("li_na")

    response = browser.get("/late")

    assert response.status_code == 500
    assert "told" not in response.text


def test_it_knows_only_acts_of_the_permission_table() -> None:
    with pytest.raises(UndeclaredRoute, match=r"case\.devour"):
        needs("case.devour")


def test_it_says_in_json_to_programs_and_in_words_to_people_what_is_missing(li_na: Browser) -> None:
    page, answer = li_na.get("/cases/none-such"), li_na.get("/engine-rest/process-instance/none-such")

    assert page.status_code == answer.status_code == 404
    assert "没有找到事项" in page.text
    body: dict[str, Any] = answer.get_json()
    assert body["message"]

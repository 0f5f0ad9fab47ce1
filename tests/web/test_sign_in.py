"""The door: who comes in, who does not, and for how long."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from pages import Browser, PageSettings
from sqlalchemy import select

from engine.commands.engine import Engine
from engine.commands.people.people_commands import deactivate_person, set_password
from engine.model import AuditRow, VirtualClock
from engine.people import SYSTEM
from web.app import create_app
from web.signed_in import IDLE, LONGEST, SEEN_EVERY


def test_it_lets_in_whoever_knows_the_password(stranger: Browser) -> None:
    response = stranger.sign_in("li_na")

    assert response.status_code == 303
    assert "李娜" in stranger.get("/inbox").text


@pytest.mark.parametrize("username", ["li_na", "nobody_of_that_name"])
def test_it_refuses_a_wrong_password_and_an_unknown_name_with_the_same_words(
    stranger: Browser, username: str
) -> None:
    response = stranger.sign_in(username, "wrong-password")

    assert response.status_code == 401
    assert "用户名或密码不对" in response.text
    assert stranger.get("/inbox").status_code == 302


@pytest.mark.parametrize("token", ["", "made-up"])
def test_it_answers_a_form_without_the_token_with_an_error_and_never_a_redirect(
    stranger: Browser, token: str
) -> None:
    stranger.get("/login")

    response = stranger.client.post(
        "/login", data={"username": "li_na", "password": "a-long-password", "csrf_token": token}
    )

    assert response.status_code == 400
    assert stranger.get("/inbox").status_code == 302


def test_it_shuts_the_door_after_too_many_tries_even_to_the_right_password(stranger: Browser) -> None:
    for _ in range(10):
        assert stranger.sign_in("li_na", "wrong-password").status_code == 401

    response = stranger.sign_in("li_na")

    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert stranger.sign_in("wang_wei").status_code == 303


def test_it_counts_wrong_passwords_of_programs_too(stranger: Browser) -> None:
    for _ in range(10):
        refused = stranger.client.get("/engine-rest/version", auth=("li_na", "wrong-password"))
        assert refused.status_code == 401

    shut = stranger.client.get("/engine-rest/version", auth=("li_na", "a-long-password"))
    assert shut.status_code == 429
    assert int(shut.headers["Retry-After"]) > 0


def test_it_leads_back_to_the_page_that_was_asked_for(stranger: Browser) -> None:
    sent = stranger.get("/cases?state=all")
    page = stranger.get(sent.headers["Location"])

    response = stranger.post(
        "/login", {"username": "li_na", "password": "a-long-password", "next": "/cases?state=all"}
    )

    assert 'name="next" value="/cases?state=all"' in page.text
    assert response.headers["Location"] == "/cases?state=all"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil"])
def test_it_never_leads_to_another_site(stranger: Browser, elsewhere: str) -> None:
    stranger.get("/login")

    response = stranger.post(
        "/login", {"username": "li_na", "password": "a-long-password", "next": elsewhere}
    )

    assert response.headers["Location"] == "/"


def test_it_gives_the_signed_in_person_a_new_token(stranger: Browser) -> None:
    stranger.get("/login")
    before = stranger.token

    stranger.sign_in("li_na")

    assert stranger.token != before


def test_it_forgets_a_person_who_has_gone_away(li_na: Browser, clock: VirtualClock) -> None:
    clock.advance(IDLE + timedelta(seconds=1))

    assert li_na.get("/inbox").status_code == 302


def test_it_keeps_a_person_who_goes_on_working_but_no_longer_than_a_day(
    li_na: Browser, clock: VirtualClock
) -> None:
    spent = timedelta(0)
    while spent + IDLE / 2 <= LONGEST:
        clock.advance(IDLE / 2)
        spent += IDLE / 2
        assert li_na.get("/inbox").status_code == 200

    clock.advance(SEEN_EVERY)

    assert li_na.get("/inbox").status_code == 302


def test_it_ends_all_sessions_of_a_person_whose_password_changes(li_na: Browser, engine: Engine) -> None:
    set_password(engine, SYSTEM, username="li_na", password="another-password")

    assert li_na.get("/inbox").status_code == 302


def test_it_ends_the_session_of_a_person_who_has_left(li_na: Browser, engine: Engine) -> None:
    deactivate_person(engine, SYSTEM, username="li_na")

    assert li_na.get("/inbox").status_code == 302


def test_it_signs_out(li_na: Browser) -> None:
    assert li_na.post("/logout").status_code == 303

    assert li_na.get("/inbox").status_code == 302


def test_its_cookie_is_kept_from_scripts_and_other_sites(stranger: Browser) -> None:
    cookie = stranger.get("/login").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_its_cookie_is_sent_by_https_only_where_pages_are_reached_by_https(engine: Engine) -> None:
    app: Flask = create_app(engine, PageSettings(is_secure=True))

    response = app.test_client().get("/login")

    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-huiyin=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert response.headers["Strict-Transport-Security"].startswith("max-age=")


def test_it_writes_down_who_came_and_who_was_refused(
    signed_in: Callable[[str], Browser], engine: Engine
) -> None:

    signed_in("li_na").sign_in("wang_wei", "wrong-password")

    with engine.store.reading() as session:
        acts = session.execute(select(AuditRow.act, AuditRow.subject)).all()
    assert ("person.signed_in", "li_na") in [tuple(one) for one in acts]
    assert ("person.refused", "wang_wei") in [tuple(one) for one in acts]

"""Every route, as a stranger, as a person without roles, as staff and as supervisor: driven from the address map,
so that a new route is tried without being listed here. The table says what each act gives, apart from the code's own.
"""

import re
from collections.abc import Callable

import pytest
from engines import person
from flask import Flask
from pages import Browser, clock_of, new_case, task_of
from werkzeug.routing import Rule

from engine.commands.complete_user_task import complete_user_task
from engine.commands.engine import Engine
from engine.commands.hold_user_task import claim_user_task
from web.access import need_of

STAFF = {
    *("case.start", "case.read", "task.read", "task.work", "clock.pause", "clock.acknowledge"),
    *("attachment.add", "message.send", "notice.read", "release.read", "system.read", "token.change"),
}
SUPERVISOR = STAFF | {
    *("case.terminate", "task.assign", "report.read", "people.read", "incident.read", "incident.resolve"),
}
OPEN = {
    *("/login", "/logout", "/preferences", "/static/<path:filename>", "/healthz", "/readyz"),
    *(
        "/.well-known/camunda-automation-platform/webapps",
        "/cockpit/default/",
        "/cockpit/default/open_case.js",
    ),
}
PEOPLE: dict[str, set[str]] = {"chen_bo": set(), "li_na": STAFF, "wang_wei": SUPERVISOR}
MACHINES = ("/engine-rest", "/metrics", "/api")


def routes(app: Flask) -> list[tuple[Rule, str]]:
    methods = ("GET", "POST", "PUT", "DELETE", "PATCH")
    return [
        (rule, one) for rule in app.url_map.iter_rules() for one in methods if one in (rule.methods or ())
    ]


def address(app: Flask, rule: Rule, values: dict[str, str]) -> str:
    numbers = re.findall(r"<int:(\w+)>", rule.rule)
    none = {name: "99" if name in numbers else "none-such" for name in rule.arguments}
    given = {name: values.get(name, none[name]) for name in rule.arguments}
    return app.url_map.bind("localhost").build(rule.endpoint, given, method=next(iter(rule.methods or ())))


def facts_of(engine: Engine, holder: str | None) -> dict[str, str]:
    """A case of its own, which waits at a task that staff and supervisor may both take."""
    case = new_case(engine)
    answer = task_of(engine, case)
    complete_user_task(
        engine,
        person(engine, "li_na"),
        user_task_key=answer,
        values={"decision": "unjustified", "reply": "已说明"},
    )
    check = task_of(engine, case, "check_answer")
    if holder is not None:
        claim_user_task(engine, person(engine, holder), user_task_key=check)
    return {
        "instance_key": case,
        "user_task_key": check,
        "clock_key": clock_of(engine, case, "whole"),
        "process_key": "matter",
        "organisation_key": "bank",
        "profile_id": "MATTER",
        "filename": "favicon.svg",
    }


@pytest.mark.slow
def test_strangers_get_nothing_but_the_door(app: Flask, engine: Engine) -> None:
    values = facts_of(engine, None)
    unexpected = []

    for rule, method in routes(app):
        response = app.test_client().open(address(app, rule, values), method=method)
        is_door = rule.rule in OPEN
        if is_door:
            right = response.status_code in ((400,) if method != "GET" else (200, 304, 404, 503))
        elif rule.rule.startswith(MACHINES):
            right = response.status_code == 401 and set(response.get_json()) == {"type", "message", "details"}
        elif method == "GET":
            right = response.status_code == 302 and response.headers["Location"].startswith("/login")
        else:
            right = response.status_code == 401
        if not right or (need_of(app, rule.endpoint) == "public") is not is_door:
            unexpected.append((method, rule.rule, response.status_code))
        response.close()

    assert unexpected == []


def test_strangers_do_not_learn_which_addresses_exist(stranger: Browser, case: str) -> None:
    known, unknown = stranger.get(f"/cases/{case}"), stranger.get("/cases/none-such")
    nowhere = stranger.get("/nowhere")

    assert known.status_code == unknown.status_code == nowhere.status_code == 302
    assert stranger.get("/engine-rest/nowhere").status_code == 401


@pytest.mark.slow
def test_each_person_may_do_what_the_table_says_and_nothing_else(
    app: Flask, engine: Engine, signed_in: Callable[[str], Browser]
) -> None:
    unexpected = []

    for username, acts in PEOPLE.items():
        browser = signed_in(username)
        for rule, method in routes(app):
            need = need_of(app, rule.endpoint)
            if need == "public":
                continue
            allowed = need in acts
            is_claim = rule.endpoint == "task_acts.claim" or "claim" in rule.rule
            values = facts_of(engine, username if allowed and not is_claim else None)
            response = browser.client.open(
                address(app, rule, values), method=method, headers={"X-CSRF-Token": browser.token}
            )
            status = response.status_code
            is_page = not rule.rule.startswith(MACHINES)
            if not allowed:
                right = status == 403
            elif is_page:
                to_login = status == 302 and response.headers["Location"].startswith("/login")
                right = status < 500 and status not in (401, 403) and not to_login
            else:
                right = status < 500 and status != 401
            if not right:
                unexpected.append((username, method, rule.rule, status))

    assert unexpected == []


@pytest.mark.slow
def test_a_form_without_the_token_changes_nothing(app: Flask, engine: Engine, li_na: Browser) -> None:
    values = facts_of(engine, None)
    unexpected = []

    for rule, method in routes(app):
        if method == "GET":
            continue
        response = li_na.client.open(address(app, rule, values), method=method)
        if response.status_code != 400:
            unexpected.append((method, rule.rule, response.status_code))

    assert unexpected == []
    assert li_na.get("/inbox").status_code == 200

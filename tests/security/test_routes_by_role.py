"""Every route and method as auditor, process owner, worker and administrator, against a table apart from the code's.

Strangers, people without roles, staff and supervisors walk them in tests/web/test_routes.py.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from pages import PASSWORD, Browser, password_hash
from sqlalchemy import insert, update
from werkzeug.routing import Rule

from engine.commands.engine import Engine
from engine.commands.people.people_commands import add_person
from engine.model import Membership, Person
from engine.people import ACTS, SYSTEM
from web.access import need_of, needs

EVERYBODY = {"notice.read", "release.read", "system.read", "token.change"}
ROLES = {
    "auditor": EVERYBODY
    | {"case.read", "task.read", "report.read", "people.read", "audit.read", "audit.verify"},
    "process_owner": EVERYBODY
    | {"case.start", "case.read", "task.work", "report.read", "release.deploy", "incident.read"}
    | {"incident.resolve", "job.read", "job.change", "release.draft", "release.review", "case.migrate"}
    | {"calendar.change"},
    "worker": EVERYBODY | {"message.send", "external_task.work"},
    "admin": set(ACTS),
}


@pytest.fixture
def people(engine: Engine) -> None:
    for role in ROLES:
        add_person(
            engine,
            SYSTEM,
            username=role,
            organisation_key="bank",
            name={"zh": role, "en": role},
            password=None,
        )
    with engine.store.transaction() as session:
        for role in ROLES:
            grant = insert(Membership).values(username=role, unit_key="bank", role_key=role)
            session.execute(grant)
        session.execute(update(Person).values(password_hash=password_hash()))


def doors() -> dict[tuple[str, str], str]:
    """(method, rule) → need: what was meant, written down apart from the code. A new route needs a line there."""
    lines = (Path(__file__).parent / "doors.tsv").read_text(encoding="utf-8").splitlines()
    return {(method, rule): need for method, rule, need in (line.split("\t") for line in lines)}


def methods_of(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def unexpected_answers(
    app: Flask, signed_in: Callable[[str], Browser], within: str = "/"
) -> list[tuple[str, str, str, int]]:
    found = []
    for role, acts in ROLES.items():
        browser = signed_in(role)
        for (method, rule), need in doors().items():
            if need == "public" or not rule.startswith(within):
                continue
            path = re.sub(r"<[^>]+>", "none-such", re.sub(r"<int:[^>]+>", "99", rule))
            if rule.startswith("/engine-rest"):
                answer = browser.client.open(path, method=method, auth=(role, PASSWORD))
            else:
                answer = browser.client.open(path, method=method, headers={"X-CSRF-Token": browser.token})
            status = answer.status_code
            is_right = status not in (401, 403) and status < 500 if need in acts else status == 403
            if not is_right:
                found.append((role, method, rule, status))
    return found


def test_each_door_needs_what_was_meant(app: Flask) -> None:
    found = {
        (method, rule.rule): need_of(app, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in methods_of(rule)
    }

    assert found == doors()


@pytest.mark.usefixtures("people")
def test_every_role_gets_what_the_table_says_and_nothing_else(
    app: Flask, signed_in: Callable[[str], Browser]
) -> None:
    assert unexpected_answers(app, signed_in) == []


@pytest.mark.usefixtures("people")
def test_a_door_left_open_is_noticed(app: Flask, signed_in: Callable[[str], Browser]) -> None:
    address = "/engine-rest/deployment/create"
    [endpoint] = {rule.endpoint for rule in app.url_map.iter_rules() if rule.rule == address}
    inner = app.view_functions[endpoint]
    app.view_functions[endpoint] = needs("system.read")(lambda **values: inner(**values))

    found = {(role, rule) for role, _, rule, _ in unexpected_answers(app, signed_in, address)}

    # The command asks again, so the worker is refused all the same, and only later: with 400, for no file was sent.
    assert {("worker", address), ("auditor", address)} <= found

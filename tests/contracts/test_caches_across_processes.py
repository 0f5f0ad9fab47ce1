"""What one server keeps in memory is never older than what another one wrote: the next command sees it."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from cases import complete, instance, open_tasks, start, state
from engines import ORGANISATION, TINY_FAMILY, person
from pages import PASSWORD, Browser, PageSettings

from engine.commands.engine import Engine
from engine.commands.hold_user_task import claim_user_task
from engine.commands.people.people_commands import (
    add_organisation,
    add_person,
    add_unit,
    deactivate_person,
    grant_role,
    revoke_role,
    set_head,
    set_password,
)
from engine.commands.people.sign_in import sign_in
from engine.commands.releases.deploy import deploy
from engine.commands.releases.family_files import read_families
from engine.model import Forbidden, VirtualClock
from engine.people import SYSTEM, load_directory, passwords
from engine.queries.known_person import find_known_person
from web.app import create_app

EAST = {"zh": "城东网点", "en": "East outlet"}
SUN_LI = {"zh": "孙丽", "en": "Sun Li"}
# Each change of an organisation, as one call with (engine, actor).
CHANGES = {
    "a unit": partial(add_unit, organisation_key=ORGANISATION, unit_key="east", name=EAST),
    "a head": partial(set_head, unit_key=ORGANISATION, username="li_na"),
    "a person": partial(add_person, username="sun_li", organisation_key=ORGANISATION, name=SUN_LI),
    "a role": partial(grant_role, username="chen_bo", unit_key=ORGANISATION, role_key="supervisor"),
    "a role less": partial(revoke_role, username="li_na", unit_key=ORGANISATION, role_key="first_receiver"),
    "a person less": partial(deactivate_person, username="li_na"),
}


@pytest.fixture
def servers(
    stored_engine: Engine, another_server: Callable[[], Engine], monkeypatch: pytest.MonkeyPatch
) -> list[Engine]:
    """Two, and both have everything in memory that a morning's work brings there."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    monkeypatch.setattr(passwords, "_NOBODY", quick.hash("nobody's"))
    found = [stored_engine, another_server()]
    for username in ("li_na", "wang_wei", "chen_bo"):
        set_password(stored_engine, SYSTEM, username=username, password=PASSWORD)
    for server in found:
        case = start(server)
        complete(server, "li_na", open_tasks(server, case)["answer"], reply="已致歉")
        for username in ("li_na", "wang_wei", "chen_bo"):
            find_known_person(server, username)
    return found


@pytest.fixture
def at_the_other(servers: list[Engine]) -> Callable[[str], Browser]:
    """Signs a person in at the second server; both have one secret."""

    def open_page(username: str) -> Browser:
        browser = Browser(create_app(servers[1], PageSettings()).test_client())
        assert browser.sign_in(username).status_code == 303
        return browser

    return open_page


@pytest.mark.parametrize("change", CHANGES)
def test_the_other_server_knows_each_change_of_people_and_units(servers: list[Engine], change: str) -> None:
    with servers[1].store.reading() as session:
        before = servers[1].directories.get(session, ORGANISATION)

    CHANGES[change](servers[0], SYSTEM)

    with servers[1].store.reading() as session:
        known = servers[1].directories.get(session, ORGANISATION)
        assert known == load_directory(session, ORGANISATION)
    assert known != before


def test_a_new_organisation_is_known_at_once(servers: list[Engine]) -> None:
    add_organisation(servers[0], SYSTEM, key="law_firm", name={"zh": "律所", "en": "Law firm"})

    add_person(
        servers[1],
        SYSTEM,
        username="he_jun",
        organisation_key="law_firm",
        name={"zh": "何军", "en": "He Jun"},
    )

    known = find_known_person(servers[0], "he_jun")
    assert known is not None
    assert known.actor.organisation_key == "law_firm"


def test_a_role_that_was_taken_away_works_on_nothing_any_more(servers: list[Engine]) -> None:
    task = open_tasks(servers[1], start(servers[1]))["answer"]

    revoke_role(servers[0], SYSTEM, username="li_na", unit_key=ORGANISATION, role_key="first_receiver")

    with pytest.raises(Forbidden):
        claim_user_task(servers[1], person(servers[1], "li_na"), user_task_key=task)


def test_a_role_that_was_taken_away_opens_no_page_any_more(
    servers: list[Engine], at_the_other: Callable[[str], Browser]
) -> None:
    page = at_the_other("wang_wei")
    assert page.get("/board").status_code == 200

    revoke_role(servers[0], SYSTEM, username="wang_wei", unit_key=ORGANISATION, role_key="supervisor")

    assert page.get("/board").status_code == 403


def test_a_session_that_ended_at_one_server_is_over_at_the_other(
    servers: list[Engine], at_the_other: Callable[[str], Browser]
) -> None:
    page = at_the_other("li_na")
    here = Browser(create_app(servers[0], PageSettings()).test_client())
    cookie = page.client.get_cookie("huiyin")
    assert cookie is not None
    here.client.set_cookie("huiyin", cookie.value)
    assert here.get("/inbox").status_code == 200

    assert here.post("/logout").status_code == 303

    assert page.get("/inbox").status_code == 302


@pytest.mark.parametrize("act", [set_password, deactivate_person])
def test_a_new_password_or_a_leaving_ends_sessions_and_remembered_passwords_everywhere(
    servers: list[Engine], at_the_other: Callable[[str], Browser], act: Callable[..., None]
) -> None:
    page = at_the_other("li_na")
    auth = ("li_na", PASSWORD)
    assert page.client.get("/engine-rest/version", auth=auth).status_code == 200

    more = {"password": "another-password"} if act is set_password else {}
    act(servers[0], SYSTEM, username="li_na", **more)

    assert page.get("/inbox").status_code == 302
    assert page.client.get("/engine-rest/version", auth=auth).status_code == 401
    if more:
        assert sign_in(servers[1], "li_na", "another-password").username == "li_na"


def test_a_case_in_the_memory_of_both_goes_on_from_its_rows(
    servers: list[Engine], clock: VirtualClock
) -> None:
    del clock
    for number in range(3):
        first, second = servers[number % 2], servers[1 - number % 2]
        case = start(first)
        task = open_tasks(first, case)["answer"]
        claim_user_task(second, person(second, "li_na"), user_task_key=task)
        complete(first, "li_na", task, reply="已致歉")

        assert state(second, case) == "completed"
        assert instance(first, case).variables["reply"] == "已致歉"


def test_a_release_of_one_server_is_what_the_other_starts_next(servers: list[Engine], tmp_path: Path) -> None:
    old = start(servers[1])
    folder = tmp_path / "tiny_family"
    shutil.copytree(TINY_FAMILY, folder)
    [drawing] = folder.glob("*.bpmn")
    drawing.write_text(drawing.read_text(encoding="utf-8").replace('id="answer"', 'id="reply_to"').replace(
        'attachedToRef="answer"', 'attachedToRef="reply_to"').replace('sourceRef="answer"', 'sourceRef="reply_to"')
        .replace('targetRef="answer"', 'targetRef="reply_to"').replace('bpmnElement="answer"', 'bpmnElement="reply_to"'),
        encoding="utf-8")  # fmt: skip

    deploy(servers[0], SYSTEM, read_families([folder]), name="a new release")

    assert list(open_tasks(servers[1], start(servers[1]))) == ["reply_to"]
    assert list(open_tasks(servers[0], start(servers[0]))) == ["reply_to"]
    complete(servers[0], "li_na", open_tasks(servers[1], old)["answer"], reply="旧版")
    assert state(servers[1], old) == "completed"


def test_what_was_remembered_for_a_minute_is_asked_for_anew(
    servers: list[Engine], clock: VirtualClock
) -> None:
    sign_in(servers[1], "li_na", PASSWORD, is_audited=False)
    set_password(servers[0], SYSTEM, username="li_na", password="another-password")

    with pytest.raises(Forbidden):
        sign_in(servers[1], "li_na", PASSWORD, is_audited=False)
    clock.advance(timedelta(minutes=2))
    assert sign_in(servers[1], "li_na", "another-password", is_audited=False).username == "li_na"

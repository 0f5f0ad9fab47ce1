"""A token is a smaller key than its owner's: by what it may, by how long, and by what the owner still has."""

from datetime import timedelta

import pytest
from engines import person
from pages import new_case
from sqlalchemy import select, update

from engine.commands.people.people_commands import deactivate_person, revoke_role
from engine.commands.people.sign_in_tries import MOST_OF_AN_ADDRESS
from engine.commands.people.tokens import issue_token, revoke_token
from engine.model import ApiToken, AuditRow, Forbidden, InvalidInput, NotFound, Person
from engine.people import ACTS, SYSTEM
from engine.people.scopes import BUNDLES, NEVER, acts_of
from engine.queries.tokens import find_tokens

DAY = timedelta(days=1)


@pytest.fixture
def issue(engine):
    def make(username="li_na", *scopes, days=30, **more):
        until = None if days is None else engine.clock.now() + days * DAY
        return issue_token(
            engine,
            person(engine, username),
            username=username,
            name="a worker",
            scopes=scopes or ("read",),
            expires_at=until,
            **more,
        )

    return make


@pytest.fixture
def ask(stranger):
    """`ask(secret, path)` → status."""

    def send(secret, path="/engine-rest/process-instance", method="GET", **more):
        headers = {"Authorization": f"Bearer {secret}"} | more.pop("headers", {})
        return stranger.client.open(path, method=method, headers=headers, **more)

    return send


def acts(engine):
    with engine.store.reading() as session:
        rows = session.execute(
            select(AuditRow.act, AuditRow.actor)
            .where(AuditRow.act.like("token.%"))
            .order_by(AuditRow.sequence)
        )
        return [tuple(row) for row in rows]


def test_it_opens_what_it_is_for_and_nothing_else_of_what_its_owner_may(engine, issue, ask):
    new_case(engine)
    reading, starting = issue("li_na", "read").secret, issue("li_na", "register").secret

    assert len(ask(reading).json) == 1
    assert ask(reading, "/engine-rest/version").json == {"version": "7.24.0"}
    assert (
        ask(reading, "/engine-rest/process-definition/key/matter/start", "POST", json={}).status_code == 403
    )
    assert ask(starting).status_code == 403
    assert ask(starting, "/engine-rest/task").status_code == 403
    assert ask(starting, "/api/kinds").status_code == 200
    assert ask(reading, "/api/kinds").status_code == 403
    body = {"profile": "MATTER", "values": {"subject": "柜面排队过长", "channel": "phone"}}
    assert ask(starting, "/api/cases", "POST", json=body).status_code == 201
    assert ask(reading, "/api/cases", "POST", json=body).status_code == 403


def test_it_never_gives_more_than_its_owner_has_now(engine, issue, ask):
    deploying = issue("li_na", "deploy", "external_tasks").secret
    assert ask(deploying, "/engine-rest/deployment/create", "POST").status_code == 403
    assert ask(deploying, "/engine-rest/external-task").status_code == 403

    reading = issue("wang_wei", "read").secret
    new_case(engine)
    assert len(ask(reading).json) == 1
    for role in ("supervisor", "outlet_head"):
        revoke_role(engine, SYSTEM, username="wang_wei", unit_key="bank", role_key=role)
    assert ask(reading).status_code == 403


def test_it_ends_by_itself_when_it_is_revoked_and_when_its_owner_leaves(engine, issue, ask):
    expiring, revoked, leaving = issue(days=1), issue(days=None), issue("wang_wei", days=None)
    for one in (expiring, revoked, leaving):
        assert ask(one.secret).status_code == 200

    engine.clock.advance(DAY)
    revoke_token(engine, person(engine, "li_na"), token_key=revoked.token_key)
    deactivate_person(engine, SYSTEM, username="wang_wei")

    answers = [ask(one.secret) for one in (expiring, revoked, leaving)]
    assert [one.status_code for one in answers] == [401, 401, 401]
    assert len({one.data for one in answers}) == 1  # Which of these it is, is nobody's business.


def test_it_is_no_key_to_pages(issue, ask, stranger):
    secret = issue("li_na", "read").secret

    assert ask(secret, "/cases").status_code == 302
    assert ask(secret, "/tokens").status_code == 302
    assert stranger.get("/").status_code == 302


def test_no_scope_makes_tokens_or_people():
    assert acts_of([*BUNDLES, *ACTS]) == ACTS.keys() - NEVER
    assert acts_of(["a word of a later program"]) == {"system.read"}


def test_only_a_digest_is_kept_and_use_is_noted_to_the_minute(engine, issue, ask):
    issued = issue()
    ask(issued.secret)
    ask(issued.secret)
    engine.clock.advance(timedelta(minutes=2))
    used_at = engine.clock.now()
    ask(issued.secret)

    with engine.store.reading() as session:
        [row] = session.execute(select(ApiToken.__table__)).all()
    assert issued.secret not in str(row)
    assert row.ending == issued.secret[-4:]
    assert row.last_used_at == used_at
    assert acts(engine) == [("token.issued", "li_na")]


def test_guessing_shuts_the_door_of_the_address(engine, issue, ask):
    secret = issue().secret
    for _ in range(MOST_OF_AN_ADDRESS):
        assert ask("huiyin_guessed").status_code == 401

    shut = ask(secret)
    elsewhere = ask(secret, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    engine.clock.advance(timedelta(minutes=6))

    assert shut.status_code == 429
    assert int(shut.headers["Retry-After"]) > 0
    assert elsewhere.status_code == 200
    assert ask(secret).status_code == 200
    assert acts(engine).count(("token.refused", "unknown")) == MOST_OF_AN_ADDRESS


def test_people_have_their_own_and_the_administrator_all(engine, issue):
    with engine.store.transaction() as session:
        session.execute(update(Person).where(Person.username == "he_jing").values(organisation_key=None))
    li_na, he_jing = person(engine, "li_na"), person(engine, "he_jing")
    own = issue("li_na")

    for wanted in ("wang_wei", "he_jing"):
        with pytest.raises(Forbidden):
            issue_token(engine, li_na, username=wanted, name="x", scopes=["read"])
    with pytest.raises(Forbidden):
        revoke_token(engine, he_jing, token_key=own.token_key)
    assert find_tokens(engine, he_jing, of_everybody=True) == []
    assert [one.username for one in find_tokens(engine, SYSTEM, of_everybody=True)] == ["li_na"]
    revoke_token(engine, SYSTEM, token_key=own.token_key)
    revoke_token(engine, SYSTEM, token_key=own.token_key)
    assert [one.state for one in find_tokens(engine, li_na)] == ["revoked"]
    assert acts(engine) == [("token.issued", "li_na"), ("token.revoked", "system")]


@pytest.mark.parametrize(
    ("change", "problem", "says"),
    [
        ({"name": "   "}, InvalidInput, "名称"),
        ({"name": "x" * 81}, InvalidInput, "80"),
        ({"scopes": []}, InvalidInput, "至少"),
        ({"scopes": ["people.change"]}, InvalidInput, "people.change"),
        ({"scopes": ["everything"]}, InvalidInput, "everything"),
        ({"username": "nobody"}, NotFound, "nobody"),
        ({"expires_at": -DAY}, InvalidInput, "将来"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(engine, change, problem, says):
    given = {"username": "li_na", "name": "a worker", "scopes": ["read"]} | change
    if "expires_at" in given:
        given["expires_at"] = engine.clock.now() + given["expires_at"]

    with pytest.raises(problem) as refused:
        issue_token(engine, SYSTEM, **given)

    assert says in refused.value.zh
    assert find_tokens(engine, SYSTEM, of_everybody=True) == []

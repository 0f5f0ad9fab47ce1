"""A client of the REST interface, by HTTP Basic, over the settled engine of tests/support."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from engines import make_engine, settle
from flask import Flask
from pages import PageSettings
from sqlalchemy import insert, update
from werkzeug.test import TestResponse

from engine.commands.engine import Engine
from engine.commands.people.people_commands import add_person
from engine.model import Membership, Person, VirtualClock
from engine.people import SYSTEM, hash_password
from engine.store import Store
from web.app import create_app

PASSWORD = "eight-o-clock"
_HASH = hash_password(PASSWORD)  # argon2 is slow on purpose: once for all tests


class Client:
    """One person at the interface."""

    def __init__(self, app: Flask, username: str | None) -> None:
        self._client = app.test_client()
        self._auth = None if username is None else (username, PASSWORD)

    def get(self, path: str, **query: Any) -> TestResponse:
        return self._client.get(f"/engine-rest{path}", query_string=query, auth=self._auth)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self._client.post(f"/engine-rest{path}", json=body or {}, auth=self._auth, **options)

    def put(self, path: str, body: Any) -> TestResponse:
        return self._client.put(f"/engine-rest{path}", json=body, auth=self._auth)

    def delete(self, path: str) -> TestResponse:
        return self._client.delete(f"/engine-rest{path}", auth=self._auth)

    def send(self, path: str, data: Any) -> TestResponse:
        """A multipart form, as the modeler sends it."""
        return self._client.post(
            f"/engine-rest{path}", data=data, auth=self._auth, content_type="multipart/form-data"
        )


def settle_passwords(engine: Engine) -> None:
    """Everybody may sign in; an administrator and a worker come on top."""
    for username, role in (("admin", "admin"), ("robot", "worker")):
        add_person(
            engine, SYSTEM, username=username, organisation_key=None, name={"zh": username, "en": username}
        )
        with engine.store.transaction() as session:
            session.execute(insert(Membership).values(username=username, unit_key="bank", role_key=role))
    with engine.store.transaction() as session:
        session.execute(update(Person).values(password_hash=_HASH))


@pytest.fixture
def app(engine: Engine) -> Flask:
    settle_passwords(engine)
    return create_app(engine, PageSettings())


@pytest.fixture
def shared_app(shared_url: str, clock: VirtualClock) -> Iterator[Flask]:
    """Over a database that threads of a server share, of the kind that the suite runs on."""
    store = Store(shared_url)
    engine = make_engine(store, clock)
    settle(engine)
    settle_passwords(engine)
    yield create_app(engine, PageSettings())
    store.close()


@pytest.fixture
def stored_app(stored_engine: Engine) -> Flask:
    """Over a database that several threads may share; once over SQLite, once over PostgreSQL."""
    settle_passwords(stored_engine)
    return create_app(stored_engine, PageSettings())


@pytest.fixture
def at_stored_app(stored_app: Flask) -> Callable[[str], Client]:
    return lambda username: Client(stored_app, username)


@pytest.fixture
def by(app: Flask) -> Callable[[str | None], Client]:
    """`by("li_na")` is Li Na's client; `by(None)` is a stranger's."""
    return lambda username: Client(app, username)


@pytest.fixture
def li_na(by: Callable[[str], Client]) -> Client:
    return by("li_na")


@pytest.fixture
def zhao_min(by: Callable[[str], Client]) -> Client:
    return by("zhao_min")


@pytest.fixture
def wang_wei(by: Callable[[str], Client]) -> Client:
    return by("wang_wei")


@pytest.fixture
def chen_bo(by: Callable[[str], Client]) -> Client:
    return by("chen_bo")


@pytest.fixture
def admin(by: Callable[[str], Client]) -> Client:
    return by("admin")


@pytest.fixture
def robot(by: Callable[[str], Client]) -> Client:
    return by("robot")


@pytest.fixture
def start(li_na: Client) -> Callable[..., dict[str, Any]]:
    """Starts a case as Li Na; the answer's body."""

    def begin(process: str = "answering", **body: Any) -> dict[str, Any]:
        answer = li_na.post(f"/process-definition/key/{process}/start", body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json or {})

    return begin


@pytest.fixture
def task_of(li_na: Client) -> Callable[[str], dict[str, Any]]:
    """The only open task of a case."""

    def find(instance_key: str) -> dict[str, Any]:
        tasks = li_na.get("/task", processInstanceId=instance_key).json
        assert len(tasks) == 1
        return dict(tasks[0])

    return find

"""A small bank behind the pages, and people at browsers: Li Na 李娜 answers, Wang Wei 王伟 supervises, Chen Bo 陈波
must see nothing. The family `matter` has what pages draw: forms, a promise, a ladder, a drawing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from databases import Databases
from engines import FRIDAY, add_people, make_engine, person, settle
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from engine.commands.engine import Engine
from engine.commands.start_instance import start_instance
from engine.model import ClockRow, Person, UserTask, VirtualClock
from engine.people import hash_password
from engine.store import Store
from web.app import create_app

MATTER_FAMILY = Path(__file__).parent / "matter_family"
PASSWORD = "a-long-password"
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


@cache
def password_hash() -> str:
    """argon2 is slow on purpose: once for all tests."""
    return hash_password(PASSWORD)


@dataclass(frozen=True)
class PageSettings:
    secret_key: str = "only-for-tests-only-for-tests"
    is_secure: bool = False
    trusted_proxies: int = 0
    locale: str = "zh"
    live_streams: int = 100


class Browser:
    """A person at a browser: keeps the cookie, and sends the token of the last page with each form."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        response = self.client.get(path, **options)
        found = TOKEN.search(response.text) if response.mimetype == "text/html" else None
        if found:
            self.token = found[1]
        return response

    def post(self, path: str, values: Mapping[str, Any] | None = None, **options: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token} | dict(values or {}), **options)

    def follow(self, path: str, values: Mapping[str, Any] | None = None) -> TestResponse:
        """Sends a form that must lead somewhere, and goes there."""
        response = self.post(path, values)
        assert response.status_code == 303, response.text
        return self.get(response.headers["Location"])

    def sign_in(self, username: str, password: str = PASSWORD) -> TestResponse:
        self.get("/login")
        response = self.post("/login", {"username": username, "password": password})
        if response.status_code == 303:
            self.get("/nowhere")  # Any page: it carries the token of the new session.
        return response


# Two process owners: what one changes the other reviews.
OWNERS = {
    "he_jing": ("何静", "He Jing", ("process_owner",)),
    "sun_li": ("孙莉", "Sun Li", ("process_owner",)),
}


def settle_pages(engine: Engine) -> None:
    settle(engine, families=[MATTER_FAMILY])
    add_people(engine, OWNERS)
    with engine.store.transaction() as session:
        session.execute(update(Person).values(password_hash=password_hash()))


@pytest.fixture(scope="session")
def settled_pages(databases: Databases) -> Iterator[Store]:
    """What `settle_pages` leaves behind, made once and copied for each test."""
    store = databases.with_tables()
    # Before any test's own moment: cases start on what is live by then.
    settle_pages(make_engine(store, VirtualClock(FRIDAY - timedelta(days=30))))
    yield store
    databases.throw_away(store)


@pytest.fixture
def engine(databases: Databases, settled_pages: Store, clock: VirtualClock) -> Iterator[Engine]:
    store = databases.copy_of(settled_pages)
    yield make_engine(store, clock)
    databases.throw_away(store)


@pytest.fixture
def app(engine: Engine) -> Flask:
    made = create_app(engine, PageSettings())
    made.testing = True
    return made


@pytest.fixture
def stranger(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def signed_in(app: Flask) -> Callable[[str], Browser]:
    def sign_in(username: str) -> Browser:
        made = Browser(app.test_client())
        assert made.sign_in(username).status_code == 303
        return made

    return sign_in


@pytest.fixture
def li_na(signed_in: Callable[[str], Browser]) -> Browser:
    return signed_in("li_na")


@pytest.fixture
def wang_wei(signed_in: Callable[[str], Browser]) -> Browser:
    return signed_in("wang_wei")


@pytest.fixture
def case(engine: Engine) -> str:
    """The key of a case that Li Na has just registered."""
    return new_case(engine)


def new_case(engine: Engine, username: str = "li_na", **values: Any) -> str:
    given = {"subject": "柜面排队过长", "channel": "phone"} | values
    return start_instance(
        engine, person(engine, username), process_key="matter", variables=given, is_form=True
    ).instance_key


def task_of(engine: Engine, instance_key: str, element_id: str = "answer_customer") -> str:
    """The key of the case's newest task at this element."""
    with engine.store.reading() as session:
        found = session.execute(
            select(UserTask.user_task_key)
            .where(UserTask.instance_key == instance_key, UserTask.element_id == element_id)
            .order_by(UserTask.created_at.desc())
        ).scalars()
        return found.first() or ""


def clock_of(engine: Engine, instance_key: str, limit_name: str = "answer") -> str:
    with engine.store.reading() as session:
        return session.execute(
            select(ClockRow.clock_key).where(
                ClockRow.instance_key == instance_key, ClockRow.limit_name == limit_name
            )
        ).scalar_one()

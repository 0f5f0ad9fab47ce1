"""Brings the schema up to date, and says how far it is."""

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
from sqlalchemy.pool import StaticPool

from engine.model import Base, HuiyinError
from engine.store.database import Store

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do, as long as every server of one database asks for the same lock.
_MIGRATION_LOCK = 7_301_987


class SchemaUnknown(HuiyinError):
    """The database was made by a newer program, or by another one: nothing in it is touched."""


@dataclass(frozen=True)
class SchemaState:
    """`current` is None in an empty database; `head` is what this program needs."""

    current: str | None
    head: str

    @property
    def is_up_to_date(self) -> bool:
        return self.current == self.head


def schema_state(store: Store) -> SchemaState:
    with store.engine.connect() as connection:
        return _state(connection)


def upgrade_schema(store: Store) -> SchemaState:
    """Brings an empty or older database to the newest revision, in one transaction. Idempotent.

    Raises SchemaUnknown, and changes nothing, when the database is newer than this program or not ours.
    """
    with _changing_schema(store) as connection:
        state = _state(connection)
        if not state.is_up_to_date:
            if state.current is None and isinstance(store.engine.pool, StaticPool):
                # Stories and tests make such databases by the hundred; a test holds both ways to the same schema.
                Base.metadata.create_all(connection)
                MigrationContext.configure(connection).stamp(_scripts(), "head")
            else:
                command.upgrade(_config(connection), "head")
        return _state(connection)


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
    if current is not None and current not in {one.revision for one in _scripts().walk_revisions()}:
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
    with store.engine.connect() as connection:
        if not store.is_sqlite:
            with connection.begin():
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
                yield connection
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys = OFF")
        connection = connection.execution_options(huiyin_writes=True)
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                assert not broken, broken
        finally:
            driver.execute("PRAGMA foreign_keys = ON")

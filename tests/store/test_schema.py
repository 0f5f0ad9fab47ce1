"""The schema: revisions, models and the short way into memory all tell the same story."""

import shutil
import threading
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Integer, Table, inspect, text

from engine.model import Base
from engine.store import (
    SchemaBusy,
    SchemaUnknown,
    Store,
    read_fact,
    schema,
    schema_state,
    set_fact,
    upgrade_schema,
)
from engine.store.migrations import OLDEST_PROGRAM
from engine.store.schema import new_revision

NOON = datetime(2026, 2, 13, 4, tzinfo=UTC)


def test_an_empty_database_is_brought_to_the_newest_revision(empty_database):
    store = Store(empty_database)
    assert schema_state(store).current is None

    upgrade_schema(store)

    assert schema_state(store).is_up_to_date
    assert set(Base.metadata.tables) < set(inspect(store.engine).get_table_names())
    store.close()


def test_upgrading_again_changes_nothing(empty_database):
    store = Store(empty_database)
    first = upgrade_schema(store)
    with store.transaction() as session:
        session.execute(text("INSERT INTO number_series VALUES ('org', 'CMP', '2026', 7)"))

    assert upgrade_schema(store) == first

    with store.reading() as session:
        assert session.execute(text("SELECT last_number FROM number_series")).scalar_one() == 7
    store.close()


def _is_ours(name, kind, parents):
    return not (kind == "table" and name.startswith("procrastinate_"))


def test_the_revisions_make_what_the_models_say(empty_database):
    """When this fails, a model has changed: `make revision M="what changed"` writes the next revision."""
    store = Store(empty_database)
    upgrade_schema(store)

    with store.engine.connect() as connection:
        options = {"compare_server_default": True, "include_name": _is_ours}
        context = MigrationContext.configure(connection, opts=options)
        difference = compare_metadata(context, Base.metadata)

    assert difference == []
    store.close()


def test_a_database_in_memory_has_the_same_schema_as_a_file(tmp_path):
    in_memory, in_file = Store("sqlite://"), Store(f"sqlite:///{tmp_path / 'huiyin.db'}")
    upgrade_schema(in_memory)
    upgrade_schema(in_file)

    assert described(in_memory) == described(in_file)
    assert schema_state(in_memory) == schema_state(in_file)
    in_memory.close()
    in_file.close()


def test_servers_that_start_together_upgrade_once(empty_database):
    failures = []

    def start():
        store = Store(empty_database)
        try:
            upgrade_schema(store)
        except Exception as failure:
            failures.append(failure)
        finally:
            store.close()

    servers = [threading.Thread(target=start) for _ in range(4)]
    for server in servers:
        server.start()
    for server in servers:
        server.join()

    assert failures == []
    store = Store(empty_database)
    assert schema_state(store).is_up_to_date
    store.close()


def test_a_database_of_a_newer_program_that_says_nothing_of_us_is_left_alone(store):
    newer(store, oldest_program="")

    with pytest.raises(SchemaUnknown, match="it has 9999: start the newer program"):
        upgrade_schema(store)


def test_a_newer_program_that_needs_nobody_to_stop_leaves_us_at_work(store):
    newer(store, oldest_program=schema_state(store).head)

    state = schema_state(store)

    assert (state.is_up_to_date, state.is_newer, state.is_usable) == (False, True, True)
    assert upgrade_schema(store) == state
    assert schema_state(store).current == "9999"


def test_a_newer_program_that_took_something_away_leaves_us_out(store):
    newer(store, oldest_program="9998")

    with pytest.raises(SchemaUnknown, match="it has 9999"):
        schema_state(store)


def test_an_upgrade_notes_which_programs_may_go_on(store):
    with store.engine.connect() as connection:
        assert read_fact(connection, "oldest_program") == OLDEST_PROGRAM


def test_the_oldest_program_that_may_go_on_finds_all_that_it_knows(tmp_path):
    """When this fails, a revision took something away: move OLDEST_PROGRAM, and say so in docs/operations.md.

    A program of that revision reads and writes the newest tables: each column is there, of the same type, and none
    that it does not know must be filled in; no key or reference was added to its tables that its rows could break.
    """
    old, new = Store(f"sqlite:///{tmp_path / 'old.db'}"), Store(f"sqlite:///{tmp_path / 'new.db'}")
    at_revision(old, OLDEST_PROGRAM)
    upgrade_schema(new)

    known, newest = described(old), described(new)
    assert set(known) <= set(newest)
    for table, (columns, primary_key, foreign_keys, unique_keys, indexes) in known.items():
        new_columns, new_primary_key, new_foreign_keys, new_unique_keys, new_indexes = newest[table]
        assert [one for one in columns if one not in new_columns] == [], table
        added = {name for name, _, _ in new_columns} - {name for name, _, _ in columns}
        assert [name for name in added if must_be_filled_in(new, table, name)] == [], table
        assert (primary_key, foreign_keys, unique_keys) == (
            new_primary_key,
            new_foreign_keys,
            new_unique_keys,
        )
        assert [one for one in new_indexes if one["unique"] and one not in indexes] == [], table
    old.close()
    new.close()


@pytest.mark.postgresql
def test_an_upgrade_never_makes_others_wait_behind_it(postgres, monkeypatch):
    """Somebody writes to a table for long. The upgrade gives up and comes again; meanwhile others get through."""
    monkeypatch.setattr(schema, "LOCK_SECONDS", 1)
    with postgres.empty_database() as url:
        store, writer = Store(url), Store(url)
        at_revision(store, "0005")
        with ExitStack() as long_transaction:
            session = long_transaction.enter_context(writer.transaction())
            session.execute(text("UPDATE timer SET state = 'fired'"))
            pauses = Pauses(at_the_second=long_transaction.close)
            monkeypatch.setattr(schema.threading, "Event", lambda: pauses)
            state = upgrade_schema(store)

        assert pauses.number == 2
        assert state.is_up_to_date
        store.close()
        writer.close()


@pytest.mark.postgresql
def test_an_upgrade_that_finds_no_quiet_moment_changes_nothing_and_says_what_to_do(postgres, monkeypatch):
    monkeypatch.setattr(schema, "LOCK_SECONDS", 1)
    monkeypatch.setattr(schema, "LOCK_TRIES", 2)
    monkeypatch.setattr(schema, "PAUSE_SECONDS", 0.0)
    with postgres.empty_database() as url:
        store, writer = Store(url), Store(url)
        at_revision(store, "0005")
        with writer.transaction() as session:
            session.execute(text("UPDATE timer SET state = 'fired'"))
            with pytest.raises(SchemaBusy, match="pg_stat_activity"):
                upgrade_schema(store)

        assert schema_state(store).current == "0005"
        store.close()
        writer.close()


def test_a_database_of_another_program_is_left_alone(empty_database):
    store = Store(empty_database)
    with store.transaction() as session:
        session.execute(text("CREATE TABLE wp_posts (id INTEGER)"))

    with pytest.raises(SchemaUnknown, match="database of its own"):
        upgrade_schema(store)

    assert inspect(store.engine).get_table_names() == ["wp_posts"]
    store.close()


def test_a_failed_upgrade_leaves_no_trace(empty_database, monkeypatch):
    store = Store(empty_database)
    upgrade = command.upgrade

    def upgrade_and_fail(*arguments):
        upgrade(*arguments)
        raise RuntimeError("power cut")

    monkeypatch.setattr(command, "upgrade", upgrade_and_fail)

    with pytest.raises(RuntimeError, match="power cut"):
        upgrade_schema(store)

    assert inspect(store.engine).get_table_names() == []
    store.close()


def test_foreign_keys_are_watched_again_after_an_upgrade(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'huiyin.db'}")
    upgrade_schema(store)

    with store.reading() as session:
        assert session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    store.close()


def test_the_next_revision_holds_what_a_model_gained(store, tmp_path, monkeypatch):
    revisions = tmp_path / "migrations"
    shutil.copytree(schema.MIGRATIONS, revisions)
    monkeypatch.setattr(schema, "MIGRATIONS", revisions)
    schema._scripts.cache_clear()
    gained = Table("gained", Base.metadata, Column("weight", Integer))

    try:
        path = new_revision(store, "weights")
    finally:
        Base.metadata.remove(gained)
        schema._scripts.cache_clear()

    assert path.parent == revisions / "versions"
    assert 'op.create_table("gained"' in path.read_text().replace("'", '"')


def newer(store, *, oldest_program):
    """As if a program of the future had been here."""
    with store.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        set_fact(session.connection(), "oldest_program", oldest_program, NOON)


def at_revision(store, revision):
    with schema._changing_schema(store) as connection:
        command.upgrade(schema._config(connection), revision)


def must_be_filled_in(store, table, name):
    (column,) = (one for one in inspect(store.engine).get_columns(table) if one["name"] == name)
    return not column["nullable"] and column["default"] is None


class Pauses:
    """Stands for the pauses between the tries, and does something in the second one."""

    def __init__(self, *, at_the_second):
        self.number, self._at_the_second = 0, at_the_second

    def wait(self, _seconds):
        self.number += 1
        if self.number == 2:
            self._at_the_second()


def described(store):
    """Every table, column, key and index of a database."""
    found = inspect(store.engine)
    return {
        table: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(table)],
            found.get_pk_constraint(table),
            sorted(found.get_foreign_keys(table), key=str),
            sorted(found.get_unique_constraints(table), key=str),
            sorted(found.get_indexes(table), key=str),
        )
        for table in found.get_table_names()
    }

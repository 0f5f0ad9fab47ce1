"""The schema: revisions, models and the short way into memory all tell the same story."""

import shutil
import threading

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, Integer, Table, inspect, text

from engine.model import Base
from engine.store import SchemaUnknown, Store, schema, schema_state, upgrade_schema
from engine.store.schema import new_revision


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


def test_a_database_of_a_newer_program_is_left_alone(store):
    with store.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaUnknown, match="it has 9999: start the newer program"):
        upgrade_schema(store)


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

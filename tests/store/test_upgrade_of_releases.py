"""An upgrade from before there were drafts: what was deployed is live since then, and cases go on."""

from alembic import command
from engines import CALENDARS, FRIDAY, PROCESSES
from families import family, process, user
from sqlalchemy import select, text

from engine.commands.engine import Engine, EngineSettings
from engine.commands.handler import HandlerTable
from engine.commands.people.people_commands import add_organisation
from engine.commands.releases.deploy import deploy
from engine.commands.releases.roll_back import roll_back
from engine.commands.start_instance import start_instance
from engine.model import ReleasePointer, VirtualClock
from engine.people import SYSTEM
from engine.store import Store, schema, upgrade_schema


def engine_over(store):
    return Engine(store, VirtualClock(FRIDAY), HandlerTable([]), EngineSettings(PROCESSES), CALENDARS)


def asking(*steps):
    flow = " -> ".join(("received", *steps, "done"))
    return family(process("asking", flow, *(user(one) for one in steps)))


def as_revision_0008_left_it(url):
    """Two releases of one family, and nothing that a later revision made."""
    store = Store(url)
    upgrade_schema(store)
    engine = engine_over(store)
    add_organisation(engine, SYSTEM, key="bank", name={"zh": "行", "en": "Bank"})
    deploy(engine, SYSTEM, [asking("ask")], name="first")
    deploy(engine, SYSTEM, [asking("ask", "tell")], name="second")
    with schema._changing_schema(store) as connection:
        command.downgrade(schema._config(connection), "0008")
    return store


def test_what_was_deployed_is_live_after_the_upgrade(empty_database):
    store = as_revision_0008_left_it(empty_database)
    with store.reading() as session:
        assert session.execute(text("SELECT number FROM release ORDER BY number")).scalars().all() == [1, 2]

    upgrade_schema(store)

    engine = engine_over(store)
    case = start_instance(engine, SYSTEM, variables={}, process_key="asking")
    assert case.definition_key.startswith("asking:2:")
    with store.reading() as session:
        pointers = session.execute(select(ReleasePointer).order_by(ReleasePointer.sequence)).scalars().all()
    assert [(one.sequence, one.act, one.set_by, one.reason) for one in pointers] == [
        (1, "deployed", "system", "first"),
        (2, "deployed", "system", "second"),
    ]
    assert {one.live_from for one in pointers} == {FRIDAY}
    assert roll_back(engine, SYSTEM, family="drawn", reason="back").number == 1
    store.close()

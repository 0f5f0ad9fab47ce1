"""A running server with the complaint family, a family that ticks every second, and four clerks who may do everything."""

from pathlib import Path

import pytest
from engines import PROCESSES, make_engine, settle
from rest_client import CLERKS, PASSWORD
from running_server import RunningServer
from sqlalchemy import insert

from engine.commands.people_commands import add_person
from engine.model import Membership, SystemClock
from engine.people import SYSTEM
from engine.store import Store, upgrade_schema


@pytest.fixture
def server(tmp_path):
    running = RunningServer(tmp_path)
    store = Store(running.database_url)
    upgrade_schema(store)
    engine = make_engine(store, SystemClock())
    settle(engine, families=[PROCESSES / "complaint", Path(__file__).parent / "ticking"])
    for username in CLERKS:
        add_person(
            engine,
            SYSTEM,
            username=username,
            organisation_key="bank",
            name={"zh": username, "en": username},
            password=PASSWORD,
        )
    with store.transaction() as session:
        session.execute(
            insert(Membership),
            [
                {"username": username, "unit_key": "bank", "role_key": role}
                for username in CLERKS
                for role in (*engine.register.roles, "supervisor")
            ],
        )
    store.close()
    yield running
    running.stop()

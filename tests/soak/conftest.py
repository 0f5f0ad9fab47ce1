"""A running server with the complaint family, a family that ticks every second, and four clerks who may do everything."""

from pathlib import Path

import pytest
from clerks import add_clerks
from engines import PROCESSES, make_engine, settle
from rest_client import CLERKS
from running_server import RunningServer

from engine.model import SystemClock
from engine.store import Store, upgrade_schema


@pytest.fixture
def server(tmp_path):
    running = RunningServer(tmp_path)
    store = Store(running.database_url)
    upgrade_schema(store)
    engine = make_engine(store, SystemClock())
    settle(engine, families=[PROCESSES / "complaint", Path(__file__).parent / "ticking"])
    add_clerks(engine, CLERKS)
    store.close()
    yield running
    running.stop()

"""Finished cases of the parcel family, made once: one of each kind."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from databases import Databases
from engines import make_engine, settle
from replayed_cases import KINDS, MONDAY, PARCEL_FAMILY, finish_parcel, pass_time

from engine.commands.engine import Engine
from engine.model import VirtualClock


@pytest.fixture(scope="package")
def engine(databases: Databases) -> Iterator[Engine]:
    store = databases.with_tables()
    engine = make_engine(store, VirtualClock(MONDAY))
    settle(engine, families=[PARCEL_FAMILY])
    for number, parcel in enumerate(KINDS):
        pass_time(engine, MONDAY + timedelta(days=14 * number))
        finish_parcel(engine, parcel)
    yield engine
    databases.throw_away(store)

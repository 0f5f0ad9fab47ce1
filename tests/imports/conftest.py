"""An engine with two organisations that keep registers, and a pen to write them."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from databases import Databases
from engines import SHANGHAI
from registers import HEADER, WriteRegister, make_importing_engine, settle

from engine.commands.engine import Engine
from engine.model import VirtualClock
from engine.store import Store

THURSDAY = datetime(2026, 2, 12, 15, tzinfo=SHANGHAI)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(THURSDAY)


@pytest.fixture(scope="session")
def settled_registers(databases: Databases) -> Iterator[Store]:
    """What `settle` of tests/support/registers.py leaves behind, made once and copied for each test."""
    store = databases.with_tables()
    settle(make_importing_engine(store, VirtualClock(THURSDAY)))
    yield store
    databases.throw_away(store)


@pytest.fixture
def engine(databases: Databases, settled_registers: Store, clock: VirtualClock) -> Iterator[Engine]:
    store = databases.copy_of(settled_registers)
    yield make_importing_engine(store, clock)
    databases.throw_away(store)


@pytest.fixture
def write_register(tmp_path: Path) -> WriteRegister:
    """Writes rows below the usual header into a CSV file, encoded and divided as a test asks."""

    def write(
        *rows: Sequence[str],
        header: Sequence[str] = HEADER,
        encoding: str = "utf-8",
        delimiter: str = ",",
        name: str = "register.csv",
    ) -> Path:
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=delimiter)
        writer.writerows([header, *rows])
        place = tmp_path / name
        place.write_bytes(text.getvalue().encode(encoding))
        return place

    return write

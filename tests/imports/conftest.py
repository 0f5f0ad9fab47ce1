"""An engine with two organisations that keep registers, and a pen to write them."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from engines import SHANGHAI
from registers import HEADER, WriteRegister, make_importing_engine, settle

from engine.commands.engine import Engine
from engine.model import VirtualClock
from engine.store import Store


@pytest.fixture
def clock() -> VirtualClock:
    """Thursday, 2026-02-12, 15:00 in Shanghai."""
    return VirtualClock(datetime(2026, 2, 12, 15, tzinfo=SHANGHAI))


@pytest.fixture
def engine(memory_store: Store, clock: VirtualClock) -> Engine:
    made = make_importing_engine(memory_store, clock)
    settle(made)
    return made


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

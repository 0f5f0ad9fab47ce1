"""The published worker clients of two languages, with some tasks each; tests/soak has the long run."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from clerks import add_clerks
from engines import make_engine, settle
from families import install
from flask import Flask
from on_the_wire import served
from pages import PageSettings
from workers_of_others import PACKING, Packing, add_robot, expected_acts, expected_ends, have_packages

from engine.model import SystemClock
from engine.store import Store
from web.app import create_app

TASKS = 10  # each kind of work once


@pytest.fixture
def app(shared_url: str) -> Iterator[Flask]:
    """By the clock on the wall: the workers wait by it too."""
    store = Store(shared_url)
    engine = make_engine(store, SystemClock())
    settle(engine)
    install(engine, PACKING)
    add_clerks(engine, ["anna"])
    add_robot(engine)
    yield create_app(engine, PageSettings())
    store.close()


@pytest.mark.slow
@pytest.mark.skipif(not have_packages(), reason="The packages of the pages are not installed: make setup")
def test_each_task_is_done_once_by_four_workers_of_two_clients(app: Flask, tmp_path: Path) -> None:
    topics = ["js", "py"]
    with served(app) as port:
        packing = Packing(f"http://127.0.0.1:{port}/engine-rest", tmp_path / "journal.jsonl")
        for topic in topics:
            packing.start_cases(topic, TASKS)
        with packing.workers(topics) as logs:
            packing.wait_until_ended(TASKS * len(topics), patience_seconds=30)
            complaints = [log.read_text() for log in logs if log.name.startswith("js")]
        ended = packing.ended()

    for topic in topics:
        own = [one for one in packing.acts() if one["worker"].startswith(topic)]
        assert Counter((one["number"], one["act"]) for one in own) == expected_acts(TASKS)
    assert ended == expected_ends(topics, TASKS)
    assert complaints == ["", ""]

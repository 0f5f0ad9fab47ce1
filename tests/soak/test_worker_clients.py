"""The published worker clients of two languages before a running server: two hundred tasks each, none twice."""

import logging
import time
from collections import Counter

import pytest
from clerks import add_clerks
from engines import make_engine, settle
from families import install
from running_server import RunningServer
from workers_of_others import PACKING, Packing, add_robot, expected_acts, expected_ends, have_packages

from engine.model import SystemClock
from engine.store import Store, upgrade_schema

TOPICS = ["js", "py"]
TASKS = 200
_log = logging.getLogger(__name__)


@pytest.mark.soak
@pytest.mark.skipif(not have_packages(), reason="The packages of the pages are not installed: make setup")
def test_each_task_is_done_once_by_four_workers_of_two_clients(tmp_path):
    server = RunningServer(tmp_path)
    store = Store(server.database_url)
    upgrade_schema(store)
    engine = make_engine(store, SystemClock())
    settle(engine)
    install(engine, PACKING)
    add_clerks(engine, ["anna"])
    add_robot(engine)
    store.close()
    server.start()
    packing = Packing(f"{server.address}/engine-rest", tmp_path / "journal.jsonl")
    try:
        for topic in TOPICS:
            packing.start_cases(topic, TASKS)
        begun = time.monotonic()
        with packing.workers(TOPICS) as logs:
            packing.wait_until_ended(TASKS * len(TOPICS), patience_seconds=180)
            seconds = time.monotonic() - begun
            complaints = [log.read_text() for log in logs if log.name.startswith("js")]

        acts = packing.acts()
        for topic in TOPICS:
            own = [one for one in acts if one["worker"].startswith(topic)]
            assert Counter((one["number"], one["act"]) for one in own) == expected_acts(TASKS)
            assert len({one["worker"] for one in own}) == 2
            shares = Counter(one["worker"] for one in own if one["act"] == "done")
            _log.info("%s: %s acts, done by %s", topic, len(own), dict(shares))
        assert packing.ended() == expected_ends(TOPICS, TASKS)
        assert complaints == ["", ""]
        _log.info("%s tasks by four workers in %.1f s", TASKS * len(TOPICS), seconds)
    finally:
        server.stop()

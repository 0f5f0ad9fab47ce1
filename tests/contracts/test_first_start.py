"""The first start meets an empty database: cut off anywhere, or begun by several servers at once, it ends alike."""

from contextlib import suppress
from dataclasses import replace

import pytest
from at_once import at_once, failures
from crashes import CrashingStore, Killed
from engines import FRIDAY, TINY_FAMILY, make_engine
from sqlalchemy import select

from engine.audit import verify
from engine.commands.people.sign_in import sign_in
from engine.model import Release, VirtualClock
from engine.store import Store
from web.wiring.first_start import ADMIN, first_start
from web.wiring.settings import Settings


@pytest.fixture
def settings(tmp_path):
    """A processes folder with one small family."""
    (tmp_path / "processes").mkdir()
    (tmp_path / "processes" / "tiny_family").symlink_to(TINY_FAMILY, target_is_directory=True)
    return replace(Settings(), admin_password="eight-o-clock", processes_folder=tmp_path / "processes")


@pytest.mark.parametrize("commit", range(1, 5))
def test_a_first_start_that_was_cut_off_is_completed_by_the_next(empty_database, settings, commit):
    store = Store(empty_database)
    crashing = CrashingStore(store)
    crashing.crash_at(commit)
    with suppress(Killed):
        first_start(make_engine(crashing, VirtualClock(FRIDAY)), settings)

    server = make_engine(store, VirtualClock(FRIDAY))
    first_start(server, settings)

    assert sign_in(server, ADMIN, "eight-o-clock").roles == {"admin"}
    assert families(store) == ["tiny_family"]
    store.close()


@pytest.mark.postgresql
def test_servers_that_start_together_make_one_administrator_and_one_release(postgres, settings):
    with postgres.empty_database() as url:
        start_together([Store(url) for _ in range(3)], settings)


def start_together(stores, settings):
    servers = [make_engine(store, VirtualClock(FRIDAY)) for store in stores]

    outcomes = at_once([lambda server=server: first_start(server, settings) for server in servers])

    assert failures(outcomes) == []
    assert sorted(len(one.deployed) for one in outcomes) == [0, 0, 1]
    assert sign_in(servers[0], ADMIN, "eight-o-clock").roles == {"admin"}
    assert families(stores[0]) == ["tiny_family"]
    with stores[0].reading() as session:
        assert verify(session).problems == []
    for store in stores:
        store.close()


def families(store):
    with store.reading() as session:
        return list(session.execute(select(Release.family)).scalars())

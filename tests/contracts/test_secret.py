"""The secret of the sessions: made once for all processes of one installation, and the same after a restart."""

from dataclasses import replace

import pytest
from at_once import at_once, failures
from engines import FRIDAY, make_engine

from engine.model import VirtualClock
from engine.store import Store
from web.wiring.secret import with_secret
from web.wiring.settings import Settings


@pytest.fixture
def settings(database_url):
    return Settings(database_url=database_url)


@pytest.fixture
def process(database_url):
    """A process over the database; several of them are several servers."""
    opened = []

    def start():
        opened.append(Store(database_url))
        return make_engine(opened[-1], VirtualClock(FRIDAY))

    yield start
    for store in opened:
        store.close()


def test_each_start_finds_the_secret_of_the_first(process, settings):
    first = with_secret(settings, process())

    assert len(first.secret_key) == 64
    assert with_secret(settings, process()) == first


def test_processes_that_start_together_have_the_same_secret(process, settings):
    servers = [process() for _ in range(6)]

    found = at_once([lambda server=server: with_secret(settings, server).secret_key for server in servers])

    assert failures(found) == []
    assert len(set(found)) == 1


def test_a_secret_of_the_settings_is_used_and_not_kept(process, settings):
    given = replace(settings, secret_key="given")

    assert with_secret(given, process()).secret_key == "given"
    assert with_secret(settings, process()).secret_key != "given"


def test_each_installation_has_a_secret_of_its_own(process, settings, tmp_path):
    other = Store("sqlite://")

    elsewhere = with_secret(Settings(database_url="sqlite://"), make_engine(other, VirtualClock(FRIDAY)))

    assert elsewhere.secret_key != with_secret(settings, process()).secret_key
    other.close()

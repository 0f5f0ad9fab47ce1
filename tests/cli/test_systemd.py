"""What systemd hears of a process, by the socket that it names."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.model import new_key
from web.cli.systemd import tell_alive, tell_ready, tell_stopping


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(str(tmp_path / "notify"))
        receiver.settimeout(5)
        yield receiver


def test_it_hears_that_a_process_is_ready_and_that_it_stops(heard: socket.socket) -> None:
    environment = {"NOTIFY_SOCKET": heard.getsockname()}

    tell_ready(environment)
    tell_stopping(environment)

    assert [heard.recv(100), heard.recv(100)] == [b"READY=1", b"STOPPING=1"]


def test_it_hears_signs_of_life_only_where_it_watches(heard: socket.socket) -> None:
    environment = {"NOTIFY_SOCKET": heard.getsockname()}

    tell_alive(environment)
    tell_alive(environment | {"WATCHDOG_USEC": "60000000"})
    tell_stopping(environment)

    assert [heard.recv(100), heard.recv(100)] == [b"WATCHDOG=1", b"STOPPING=1"]


def test_it_hears_by_an_address_without_a_file_too() -> None:
    name = f"huiyin-{new_key()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(f"\0{name}")
        receiver.settimeout(5)

        tell_ready({"NOTIFY_SOCKET": f"@{name}"})

        assert receiver.recv(100) == b"READY=1"


def test_nothing_happens_where_nobody_listens(tmp_path: Path) -> None:
    tell_ready({})
    tell_ready({"NOTIFY_SOCKET": str(tmp_path / "gone")})

"""How a web process goes: it says so first, then takes nothing more; and what systemd hears of it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60

pytestmark = pytest.mark.slow


@contextmanager
def running(folder: Path, command: str, **settings: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, and the first line that it says."""
    environment = {
        "PATH": os.environ["PATH"],
        "HUIYIN_DATABASE_URL": f"sqlite:///{folder / 'huiyin.db'}",
        "HUIYIN_PORT": "0",
        **settings,
    }
    program = [sys.executable, "-c", "from web.cli import main; main()"]
    subprocess.run([*program, "db", "upgrade"], cwd=ROOT, env=environment, check=True, capture_output=True)
    with subprocess.Popen(
        [*program, command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@contextmanager
def systemd(folder: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind(str(folder / "notify"))
        receiver.settimeout(PATIENCE_SECONDS)
        yield receiver


def test_it_tells_the_proxy_before_it_takes_nothing_more(tmp_path: Path) -> None:
    with running(tmp_path, "web", HUIYIN_DRAIN_SECONDS="600") as (process, line):
        address = line.split()[-1].rstrip("/")
        before = requests.get(f"{address}/healthz", timeout=PATIENCE_SECONDS)
        process.send_signal(signal.SIGTERM)
        while (told := requests.get(f"{address}/healthz", timeout=PATIENCE_SECONDS)).status_code == 200:
            pass  # The signal is on its way.
        page = requests.get(f"{address}/login", timeout=PATIENCE_SECONDS)
        process.send_signal(signal.SIGTERM)  # A second one: the proxy knows by now.
        code = process.wait(PATIENCE_SECONDS)

    assert before.status_code == 200
    assert (told.status_code, told.json()) == (503, {"status": "stopping"})
    assert page.status_code == 200
    assert code == 0


@pytest.mark.parametrize("command", ["web", "worker"])
def test_systemd_hears_that_it_is_ready_and_that_it_stops(tmp_path: Path, command: str) -> None:
    with (
        systemd(tmp_path) as heard,
        running(tmp_path, command, NOTIFY_SOCKET=heard.getsockname()) as (process, _),
    ):
        first = heard.recv(100)
        process.send_signal(signal.SIGTERM)
        second = heard.recv(100)
        code = process.wait(PATIENCE_SECONDS)

    assert (first, second, code) == (b"READY=1", b"STOPPING=1", 0)

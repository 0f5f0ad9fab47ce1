"""The server in one process: it starts on an empty folder, stops gently, and survives being killed."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
ADMIN = ("admin", "eight-o-clock")

pytestmark = pytest.mark.slow


@contextmanager
def running(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own process, on a port that the system chooses; its address is the last word of its first line."""
    with subprocess.Popen(
        [sys.executable, "-c", "from web.cli import main; main()", "run", "--port", "0", *arguments],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "HUIYIN_DATABASE_URL": f"sqlite:///{folder / 'var' / 'huiyin.db'}",
            "HUIYIN_ADMIN_PASSWORD": ADMIN[1],
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, process.stderr.read() if process.stderr else ""
            yield process, line.split()[-1].rstrip("/")
        finally:
            process.kill()


def version(address: str) -> str:
    answer = requests.get(f"{address}/engine-rest/version", auth=ADMIN, timeout=PATIENCE_SECONDS)
    answer.raise_for_status()
    return str(answer.json()["version"])


def test_it_serves_on_an_empty_folder_and_stops_gently(tmp_path: Path) -> None:
    with running(tmp_path) as (process, address):
        ready = requests.get(f"{address}/readyz", timeout=PATIENCE_SECONDS)
        assert version(address) == "7.24.0"
        page = requests.get(f"{address}/login", timeout=PATIENCE_SECONDS)
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE_SECONDS)
        said = process.stderr.read() if process.stderr else ""

    assert ready.json() == {"status": "ready"}
    assert page.status_code == 200
    assert (code, said) == (0, "")


def test_it_goes_on_after_being_killed_at_the_same_port(tmp_path: Path) -> None:
    with running(tmp_path) as (process, address):
        definitions = f"{address}/engine-rest/process-definition"
        before = requests.get(definitions, auth=ADMIN, timeout=PATIENCE_SECONDS).json()
        process.kill()
        process.wait(PATIENCE_SECONDS)
        port = address.rsplit(":", 1)[1]

        with running(tmp_path, "--port", port) as (_, again):
            after = requests.get(definitions, auth=ADMIN, timeout=PATIENCE_SECONDS).json()

    assert again == address
    assert after == before


def test_it_says_in_one_line_that_the_port_is_taken(tmp_path: Path) -> None:
    with running(tmp_path) as (_, address):
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "from web.cli import main; main()",
                "run",
                "--port",
                address.rsplit(":", 1)[1],
            ],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "HUIYIN_DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE_SECONDS,
        )

    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "--port" in done.stderr

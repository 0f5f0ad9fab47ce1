"""The server in one process: it starts on an empty folder, stops gently, and survives being killed."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from databases import KIND
from postgres_server import Postgres

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60
ADMIN = ("admin", "eight-o-clock")

pytestmark = pytest.mark.slow


@pytest.fixture
def nothing_yet(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a file in a folder that is not there, or of an empty database."""
    if KIND == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        with server.empty_database() as url:
            yield url
        return
    yield f"sqlite:///{tmp_path / 'var' / 'huiyin.db'}"


@contextmanager
def running(database: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own process, on a port that the system chooses; its address is the last word of its first line."""
    with subprocess.Popen(
        [sys.executable, "-c", "from web.cli import main; main()", "run", "--port", "0", *arguments],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "HUIYIN_DATABASE_URL": database,
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


def test_it_serves_on_an_empty_folder_and_stops_gently(nothing_yet: str) -> None:
    with running(nothing_yet) as (process, address):
        ready = requests.get(f"{address}/readyz", timeout=PATIENCE_SECONDS)
        assert version(address) == "7.24.0"
        page = requests.get(f"{address}/login", timeout=PATIENCE_SECONDS)
        process.send_signal(signal.SIGTERM)
        code = process.wait(PATIENCE_SECONDS)
        said = process.stderr.read() if process.stderr else ""

    assert ready.json() == {"status": "ready"}
    assert page.status_code == 200
    assert (code, said) == (0, "")


def test_it_goes_on_after_being_killed_at_the_same_port(nothing_yet: str) -> None:
    with running(nothing_yet) as (process, address):
        definitions = f"{address}/engine-rest/process-definition"
        before = requests.get(definitions, auth=ADMIN, timeout=PATIENCE_SECONDS).json()
        process.kill()
        process.wait(PATIENCE_SECONDS)
        port = address.rsplit(":", 1)[1]

        with running(nothing_yet, "--port", port) as (_, again):
            after = requests.get(definitions, auth=ADMIN, timeout=PATIENCE_SECONDS).json()

    assert again == address
    assert after == before


def test_it_says_in_one_line_that_the_port_is_taken(nothing_yet: str) -> None:
    with running(nothing_yet) as (_, address):
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
            env={"PATH": "/usr/bin:/bin", "HUIYIN_DATABASE_URL": nothing_yet},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE_SECONDS,
        )

    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "--port" in done.stderr

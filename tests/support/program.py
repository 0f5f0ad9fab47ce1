"""One version of Huiyin in a folder of its own: its commands, and its web and worker as processes on one database."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from running_server import LOOK_EVERY_SECONDS, PATIENCE_SECONDS, pause

_HUIYIN = "import sys; from web.cli import main; sys.exit(main())"
# The organisation, the families and four clerks who may do everything; made by the version's own commands, since another
# version's would expect other tables.
_SETTLE = """
import sys
from pathlib import Path
from engines import PROCESSES, make_engine, settle
from rest_client import CLERKS, PASSWORD
from engine.commands.people.people_commands import add_person, grant_role
from engine.model import SystemClock
from engine.people import SYSTEM
from engine.store import Store

store = Store(sys.argv[1])
engine = make_engine(store, SystemClock())
settle(engine, families=[PROCESSES / "complaint", Path(sys.argv[2])])
for name in CLERKS:
    names = {"zh": name, "en": name}
    add_person(engine, SYSTEM, username=name, organisation_key="bank", name=names, password=PASSWORD)
    for role in (*engine.register.roles, "supervisor"):
        grant_role(engine, SYSTEM, username=name, unit_key="bank", role_key=role)
store.close()
"""


class Part:
    """A web or worker process of one version."""

    def __init__(self, program: "Program", what: str) -> None:
        self._program, self._arguments = program, [what]
        self.address = ""
        if what == "web":
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            self._arguments += ["--host", "127.0.0.1", "--port", str(port)]
            self.address = f"http://127.0.0.1:{port}"
        self._log = program.logs / f"{program.name}-{what}-{id(self)}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        with self._log.open("wb") as log:
            self._process = self._program.popen(self._arguments, log)

    def wait_until_ready(self) -> None:
        assert self._process is not None
        for _ in range(int(PATIENCE_SECONDS / LOOK_EVERY_SECONDS)):
            if self._process.poll() is not None:
                raise AssertionError(f"It stopped by itself:\n{self.words}")
            if self._is_ready():
                return
            pause(LOOK_EVERY_SECONDS)
        raise AssertionError(f"It was not ready in time:\n{self.words}")

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)

    def wait_until_stopped(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE_SECONDS)
            raise

    @property
    def words(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-4000:]

    def _is_ready(self) -> bool:
        if not self.address:
            return "postgresql" in self.words  # A worker says one line when it has begun to work.
        try:
            # Not /readyz: without a worker something may be overdue, and people are answered nevertheless.
            return requests.get(f"{self.address}/healthz", timeout=5).status_code == 200
        except requests.RequestException:
            return False


@contextmanager
def running(*parts: Part) -> Iterator[None]:
    """Started together, stopped in order and together: each takes a second or two of its own."""
    try:
        for part in parts:
            part.begin()
        for part in parts:
            part.wait_until_ready()
        yield
    finally:
        for part in parts:
            part.ask_to_stop()
        for part in parts:
            part.wait_until_stopped()


class Program:
    """`folder` holds engine/, handlers/, web/, processes/ and tests/support of that version; `logs` must exist."""

    def __init__(self, name: str, folder: Path, database_url: str, logs: Path) -> None:
        self.name, self.folder, self.logs, self._database_url = name, folder, logs, database_url
        kept = {key: value for key, value in os.environ.items() if not key.startswith("HUIYIN_")}
        self._environment = kept | {
            "HUIYIN_DATABASE_URL": database_url,
            "HUIYIN_LOCALE": "en",
            # Before the version that is installed where the tests run.
            "PYTHONPATH": os.pathsep.join([str(folder), str(folder / "tests" / "support")]),
        }

    def run(self, *arguments: str) -> str:
        """What one command of it says."""
        return self._finished(["-c", _HUIYIN, *arguments])

    def settle(self, family: Path) -> None:
        """Into its own, empty tables."""
        self._finished(["-c", _SETTLE, self._database_url, str(family)])

    def web(self) -> Part:
        return Part(self, "web")

    def worker(self) -> Part:
        return Part(self, "worker")

    def popen(self, arguments: list[str], log: object) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-c", _HUIYIN, *arguments],
            env=self._environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=log,  # type: ignore[arg-type]
            stderr=subprocess.STDOUT,
            # A group of its own, so that nothing of it outlives a kill.
            start_new_session=True,
        )

    def _finished(self, arguments: list[str]) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=self._environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{arguments[-2:]}: {done.stdout}{done.stderr}"
        return done.stdout

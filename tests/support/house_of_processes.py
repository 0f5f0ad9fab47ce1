"""Several `huiyin web` and `huiyin worker` as processes on one PostgreSQL: killed with SIGKILL, started again, watched."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import requests
from running_server import PATIENCE_SECONDS, pause

from engine.model import SystemClock

HOUSE = Path(__file__).parents[2]
LAUNCHER = Path(__file__).with_name("huiyin_with_probe.py")
LOOK_EVERY_SECONDS = 0.05
SPARED = 0.8
_clock = SystemClock()


@dataclass
class Absence:
    """From the SIGKILL of a process to the moment at which its successor was ready; `until` None: not yet."""

    name: str
    since: datetime
    until: datetime | None = None


class Member:
    """One process, web or worker, and its successors of the same name."""

    def __init__(self, name: str, arguments: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.name, self.log = name, log
        self.absences: list[Absence] = []
        self.port: int | None = None
        if arguments[0] == "web":
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
            arguments = [*arguments, "--host", "127.0.0.1", "--port", str(self.port)]
        self._command = [sys.executable, str(LAUNCHER), *arguments]
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._written = 0

    @property
    def address(self) -> str:
        assert self.port is not None
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_alive(self) -> bool:
        return self._process is not None

    @property
    def is_ready(self) -> bool:
        """Not while it is starting: two starts of one member would fight for its port."""
        return self.is_alive and (not self.absences or self.absences[-1].until is not None)

    def start(self) -> None:
        """Returns when it is ready."""
        self._written = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                self._command,
                env=self._environment,
                cwd=HOUSE,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A group of its own, so that nothing of it outlives a kill.
                start_new_session=True,
            )
        self._process = process
        for _ in range(int(PATIENCE_SECONDS / LOOK_EVERY_SECONDS)):
            if process.poll() is not None:
                self._process = None
                raise AssertionError(f"{self.name} stopped by itself:\n{self.last_words()}")
            if self._is_ready():
                if self.absences and self.absences[-1].until is None:
                    self.absences[-1].until = _clock.now()
                return
            pause(LOOK_EVERY_SECONDS)
        raise AssertionError(f"{self.name} was not ready in time:\n{self.last_words()}")

    def kill(self) -> None:
        """kill -9: no farewell, no flush, no rollback of its own."""
        self.absences.append(Absence(self.name, _clock.now()))
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM; the exit code, 0 when it finished its work in hand and left in order."""
        return self._end(signal.SIGTERM)

    def last_words(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:]

    def _is_ready(self) -> bool:
        if self.port is None:
            # A worker says one line when it has begun to work.
            return "postgresql" in self.log.read_bytes()[self._written :].decode(errors="replace")
        try:
            return requests.get(f"{self.address}/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def _end(self, how: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        os.killpg(process.pid, how)
        try:
            return process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE_SECONDS)
            raise


@dataclass
class HouseOfProcesses:
    """`folder` takes the logs and, in `outside`, what the handlers did to the world."""

    database_url: str
    folder: Path
    webs: int
    workers: int
    more_environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outside = self.folder / "outside"
        self.outside.mkdir(parents=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
        self._environment = kept | {
            "HUIYIN_DATABASE_URL": self.database_url,
            "HUIYIN_ADMIN_PASSWORD": "eight-o-clock",
            "PROBE_FOLDER": str(self.outside),
            "PYTHONPATH": str(HOUSE),
            **self.more_environment,
        }
        self.web = [self._member(f"web-{number}", ["web"]) for number in range(1, self.webs + 1)]
        self.worker = [self._member(f"worker-{number}", ["worker"]) for number in range(1, self.workers + 1)]
        self.members = [*self.web, *self.worker]
        self._restarts: list[threading.Thread] = []
        self._failures: list[BaseException] = []

    @property
    def addresses(self) -> list[str]:
        return [member.address for member in self.web]

    def upgrade(self) -> None:
        """`huiyin db upgrade`, as an operator does before the first start."""
        subprocess.run(
            [sys.executable, LAUNCHER, "db", "upgrade"],
            env=self._environment, cwd=HOUSE, check=True, capture_output=True, timeout=PATIENCE_SECONDS,
        )  # fmt: skip

    def start(self, members: Iterable[Member] | None = None) -> None:
        """At once, as after a power cut."""
        starts = [
            threading.Thread(target=self._start_one, args=(member,), daemon=True)
            for member in (self.members if members is None else members)
        ]
        for one in starts:
            one.start()
        for one in starts:
            one.join()
        self._raise_failures()

    def kill_at_random(self, chance: random.Random, *, kills: int, every: tuple[float, float]) -> None:
        """`every`: shortest and longest seconds between two kills. A killed one comes back after up to two seconds.

        The last one of its kind that is ready is spared four times of five: on a slow machine nothing else would happen
        than processes being started.
        """
        for _ in range(kills):
            pause(chance.uniform(*every))
            alive = [member for member in self.members if member.is_ready]
            spared = [kind for kind in (self.web, self.worker) if sum(one.is_ready for one in kind) == 1]
            if chance.random() < SPARED:
                alive = [one for one in alive if not any(one in kind for kind in spared)]
            if not alive:
                continue
            member = chance.choice(alive)
            member.kill()
            again = threading.Thread(
                target=self._start_later, args=(member, chance.uniform(0, 2)), daemon=True
            )
            again.start()
            self._restarts.append(again)

    def all_back(self) -> None:
        for one in self._restarts:
            one.join(PATIENCE_SECONDS * 2)
            assert not one.is_alive()
        self._raise_failures()

    def stop(self) -> dict[str, int]:
        """Member → exit code of its orderly stop."""
        return {member.name: member.stop() for member in self.members if member.is_alive}

    def absences(self, members: Iterable[Member] | None = None) -> list[Absence]:
        return [one for member in (self.members if members is None else members) for one in member.absences]

    def refused_statements(self) -> list[str]:
        """What PostgreSQL refused, by the logs. A connection that was cut is no such thing: it has no answer at all."""
        return [
            f"{member.name}: {line}"
            for member in self.members
            if member.log.exists()
            for line in member.log.read_text(encoding="utf-8", errors="replace").splitlines()
            if line.startswith("psycopg.errors.")
        ]

    def _member(self, name: str, arguments: list[str]) -> Member:
        return Member(name, arguments, self._environment, self.folder / f"{name}.log")

    def _start_one(self, member: Member) -> None:
        try:
            member.start()
        except BaseException as problem:
            self._failures.append(problem)

    def _start_later(self, member: Member, seconds: float) -> None:
        pause(seconds)
        try:
            member.start()
        except AssertionError:
            # Its first connections may be the ones that are cut: whoever starts services tries again, as systemd does.
            pause(1)
            self._start_one(member)

    def _raise_failures(self) -> None:
        if self._failures:
            raise self._failures[0]

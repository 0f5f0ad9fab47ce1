"""A real server process over a SQLite file: started, killed with SIGKILL in the middle of things, started again."""

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import requests

PATIENCE_SECONDS = 60
LOOK_EVERY_SECONDS = 0.05


def pause(seconds: float) -> None:
    """For what only real time can bring; everything that a virtual clock can do is tested with one."""
    threading.Event().wait(seconds)


class RunningServer:
    def __init__(self, folder: Path) -> None:
        self.database_url = f"sqlite:///{folder / 'huiyin.db'}"
        self.log = folder / "server.log"
        self.kills = 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when the server is ready: what fell due while it was down is caught up."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
        environment |= {"HUIYIN_DATABASE_URL": self.database_url, "HUIYIN_ADMIN_PASSWORD": "eight-o-clock"}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [Path(sys.executable).with_name("huiyin"), "run", "--host", "127.0.0.1", "--port", str(self.port)],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A group of its own, so that no worker of it outlives a kill.
                start_new_session=True,
            )  # fmt: skip
        for _ in range(int(PATIENCE_SECONDS / LOOK_EVERY_SECONDS)):
            if self._process.poll() is not None:
                raise AssertionError(f"The server stopped by itself:\n{self.last_words()}")
            if self._is_ready():
                return
            pause(LOOK_EVERY_SECONDS)
        raise AssertionError(f"The server was not ready in time:\n{self.last_words()}")

    def kill(self) -> None:
        """kill -9: no farewell, no flush, no rollback of its own."""
        self.kills += 1
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        if self._process is not None:
            self._end(signal.SIGTERM)

    def last_words(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-4000:]

    def _is_ready(self) -> bool:
        try:
            return requests.get(f"{self.address}/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        assert process is not None
        os.killpg(process.pid, how)
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE_SECONDS)
            raise

"""Pages that an administrator follows: their blocks that begin with `sh run` are carried out line by line, as written."""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 120
LONG_RUNNING = ("web", "worker", "run")
_BLOCK = re.compile(r"^```sh run\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SHOWN = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands_to_run(page: Path) -> list[str]:
    return _lines(_BLOCK, page)


def commands_to_read(page: Path) -> list[str]:
    """Those that need a machine of their own: systemd, containers."""
    return _lines(_SHOWN, page)


def _lines(blocks: re.Pattern[str], page: Path) -> list[str]:
    found = [line for block in blocks.findall(page.read_text("utf-8")) for line in block.splitlines()]
    return [line.strip() for line in found if line.strip() and not line.startswith("#")]


class Terminal:
    """Carries out the lines of a page. What goes on for ever is started, and stopped with SIGTERM at the end."""

    def __init__(self, folder: Path, environment: Mapping[str, str], placeholders: Mapping[str, str]) -> None:
        """`placeholders`: what is exported instead of what the page writes."""
        self._folder, self._placeholders = folder, placeholders
        self._environment = dict(environment)
        self._ports: dict[str, str] = {}
        self.running: list[subprocess.Popen[str]] = []
        self._silent: list[subprocess.Popen[str]] = []
        self.said: dict[str, str] = {}

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: Any) -> None:
        for process in self.running:
            process.kill()
            process.wait()
            for stream in (process.stdout, process.stderr):
                assert stream is not None
                stream.close()

    def carry_out(self, written: str) -> None:
        exported = re.fullmatch(r"export (\w+)=(.*)", written)
        if exported:
            name, value = exported.groups()
            self._environment[name] = self._placeholders.get(name, value)
            return
        line = re.sub(r"(--port |127\.0\.0\.1:)(\d+)", lambda found: found[1] + self._port(found[2]), written)
        line = line.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
        words = shlex.split(line)
        if Path(words[0]).name == "huiyin" and words[1] in LONG_RUNNING:
            self._start(words)
        else:
            self._run(written, line)

    def stop_all(self) -> list[int]:
        """The exit codes. Everything that runs is asked to stop first, then waited for."""
        self._wait_for_first_words()
        for process in self.running:
            process.send_signal(signal.SIGTERM)
        return [process.wait(PATIENCE_SECONDS) for process in self.running]

    def _run(self, written: str, line: str) -> None:
        self._wait_for_first_words()
        done = subprocess.run(
            ["bash", "-ec", line],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE_SECONDS,
        )
        self.said[written] = done.stdout
        assert done.returncode == 0, f"{written}\n{done.stdout}{done.stderr}"

    def _start(self, words: list[str]) -> None:
        process = subprocess.Popen(
            words,
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.running.append(process)
        self._silent.append(process)

    def _wait_for_first_words(self) -> None:
        """Like a person who opens one terminal after another, and goes on when each of them says something."""
        for process in self._silent:
            assert process.stdout is not None
            if not process.stdout.readline():
                assert process.stderr is not None
                raise AssertionError(f"{shlex.join(map(str, process.args))}\n{process.stderr.read()}")
        self._silent = []

    def _port(self, written: str) -> str:
        """The page's port stands for one that is free here."""
        if written not in self._ports:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self._ports[written] = str(probe.getsockname()[1])
        return self._ports[written]


def environment_for(tools: Path | None) -> dict[str, str]:
    """Nothing of the settings of whoever runs the tests; `tools`: where psql and pg_dump of the server's version are."""
    folders = [str(Path(sys.executable).parent), *([str(tools)] if tools else []), os.environ["PATH"]]
    return {"PATH": ":".join(folders), "LANG": "C.UTF-8", "HOME": os.environ.get("HOME", "/")}

"""Two published worker clients, each as two programs of its own, and what they must have done in the end."""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from families import boundary, caught, process, service
from running_server import pause

from engine.commands.engine import Engine
from engine.commands.people.people_commands import add_person, grant_role
from engine.people import SYSTEM

FOLDER = Path(__file__).parent / "outside_workers"
PACKAGES = Path(__file__).parents[2] / "web" / "frontend" / "node_modules"
PASSWORD = "eight-o-clock"
LOOK_EVERY_SECONDS = 0.05
COMMANDS = {"js": ["node", FOLDER / "worker.mjs"], "py": [sys.executable, FOLDER / "worker.py"]}
PACKING = process(
    "packing",
    "in -> pack -> packed; refused -> sent_back",
    service("pack", "${topic}"),
    boundary("refused", "pack", caught("error", "unreachable")),
)


@dataclass
class Packing:
    """Cases of the process `packing` at a server; the clients work them off by topics of their own."""

    address: str  # of the interface, such as http://127.0.0.1:8000/engine-rest
    journal: Path

    def start_cases(self, topic: str, count: int) -> None:
        with requests.Session() as session:
            session.auth = ("anna", PASSWORD)
            for number in range(count):
                own = f"{topic}_slowly" if number % 10 == 7 else topic
                body = {
                    "businessKey": f"{topic}-{number}",
                    "variables": _typed({"number": number, "topic": own}),
                }
                answer = session.post(
                    f"{self.address}/process-definition/key/packing/start", json=body, timeout=60
                )
                assert answer.status_code == 200, answer.text

    @contextmanager
    def workers(self, topics: list[str]) -> Iterator[list[Path]]:
        """Two programs a client while the block runs, the second of which lets the server hold its questions.

        Gives the files in which they complain.
        """
        running: list[subprocess.Popen[bytes]] = []
        logs = []
        try:
            for topic in topics:
                for number in (1, 2):
                    name = f"{topic}-{number}"
                    given = {
                        "address": self.address,
                        "name": name,
                        "topic": topic,
                        "journal": str(self.journal),
                        "packages": str(PACKAGES),
                        "waits": number == 2,
                    }
                    logs.append(self.journal.with_name(f"{name}.log"))
                    with logs[-1].open("wb") as log:
                        running.append(
                            subprocess.Popen(
                                [*COMMANDS[topic], json.dumps(given)], stdout=log, stderr=subprocess.STDOUT
                            )
                        )
            yield logs
        finally:
            for one in running:
                one.send_signal(signal.SIGKILL)
                one.wait()

    def acts(self) -> list[dict[str, Any]]:
        if not self.journal.exists():
            return []
        return [json.loads(line) for line in self.journal.read_text().splitlines()]

    def wait_until_ended(self, count: int, patience_seconds: float) -> None:
        for _ in range(int(patience_seconds / LOOK_EVERY_SECONDS)):
            if sum(one["act"] in ("done", "refused") for one in self.acts()) >= count:
                break
            pause(LOOK_EVERY_SECONDS)
        # What was noted last is on its way to the server still.
        for _ in range(int(patience_seconds / LOOK_EVERY_SECONDS)):
            if self._get("/process-instance/count", processDefinitionKey="packing")["count"] == 0:
                return
            pause(LOOK_EVERY_SECONDS)

    def ended(self) -> dict[str, str]:
        """Business key → the end that the case came to."""
        found = self._get("/history/process-instance", processDefinitionKey="packing")
        return {one["businessKey"]: one["endActivityId"] for one in found}

    def _get(self, path: str, **query: Any) -> Any:
        answer = requests.get(f"{self.address}{path}", query, auth=("anna", PASSWORD), timeout=60)
        assert answer.status_code == 200, answer.text
        return answer.json()


def expected_acts(count: int) -> Counter[tuple[int, str]]:
    """(number, act) → how often, of one client."""
    found: Counter[tuple[int, str]] = Counter()
    for number in range(count):
        found[number, "refused" if number % 10 == 5 else "done"] = 1
        if number % 10 == 3:
            found[number, "failed"] = 1
        if number % 10 == 7:
            found[number, "extended"] = 1
    return found


def expected_ends(topics: list[str], count: int) -> dict[str, str]:
    return {
        f"{topic}-{number}": "sent_back" if number % 10 == 5 else "packed"
        for topic in topics
        for number in range(count)
    }


def add_robot(engine: Engine) -> None:
    """Who the workers are at the server."""
    names = {"zh": "机器人", "en": "Robot"}
    add_person(engine, SYSTEM, username="robot", organisation_key="bank", name=names, password=PASSWORD)
    grant_role(engine, SYSTEM, username="robot", unit_key="bank", role_key="worker")


def have_packages() -> bool:
    return (PACKAGES / "camunda-external-task-client-js").is_dir()


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    return {name: {"value": value} for name, value in values.items()}

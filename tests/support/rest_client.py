"""One person at the REST interface of a running server, who keeps a record of what was acknowledged."""

import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from running_server import RunningServer, pause

CLERKS = ("anna", "bo", "chen", "dao")
PASSWORD = "eight-o-clock"
PROCESSES = Path(__file__).parents[2] / "processes"


@dataclass
class Record:
    """What one client was told. Only an answer with a status counts; a broken connection says nothing."""

    started: dict[str, str] = field(default_factory=dict)  # business key → instance
    completed: dict[str, str] = field(default_factory=dict)  # task → element
    finished: set[str] = field(default_factory=set)  # instances seen at their end
    unanswered: int = 0
    surprises: list[str] = field(default_factory=list)


class RestClient(threading.Thread):
    """Starts cases and completes their tasks until told to stop, then brings the open ones to their end."""

    def __init__(self, server: RunningServer, username: str, *, colleague: str) -> None:
        super().__init__(name=username, daemon=True)
        self.username, self.colleague = username, colleague
        self.record = Record()
        self._server = server
        self._session = requests.Session()
        self._session.auth = (username, PASSWORD)
        self._ending = threading.Event()
        self._number = 0

    def finish(self) -> None:
        """No new cases; the thread ends when those in hand are done."""
        self._ending.set()

    def run(self) -> None:
        try:
            while not self._ending.is_set():
                self._number += 1
                # Half of the clerks begin with a case whose timers fall due within seconds.
                ticks = (self._number + CLERKS.index(self.username)) % 2 == 0
                process_key = "ticking" if ticks else "complaint"
                self._one_case(process_key, f"{self.username}-{self._number:04}")
        except Exception as problem:
            self.record.surprises.append(f"{type(problem).__name__}: {problem}")

    def _one_case(self, process_key: str, business_key: str) -> None:
        instance_key = self._start(process_key, business_key)
        while not self._is_finished(instance_key):
            tasks = self.get("/task", processInstanceId=instance_key)
            # A ticking case is left alone until its own timer takes the task away.
            mine = [one for one in tasks if one["taskDefinitionKey"] != "wait_here"]
            for task in mine:
                self._complete(task)
            if not mine:
                pause(0.05)
        self.record.finished.add(instance_key)

    def _start(self, process_key: str, business_key: str) -> str:
        """The number is ours, so that a start without an answer can be tried again and still happens once."""
        body = {"businessKey": business_key, "variables": typed(example("intake", self.colleague))}
        while True:
            answer = self.send("POST", f"/process-definition/key/{process_key}/start", body)
            if answer is not None and answer.status_code == 200:
                instance_key = str(answer.json()["id"])
                break
            known = self.get("/history/process-instance", processInstanceBusinessKey=business_key)
            if known:
                (only,) = known
                instance_key = str(only["id"])
                break
            if answer is not None:
                raise AssertionError(f"start {business_key}: {answer.status_code} {answer.text}")
        self.record.started[business_key] = instance_key
        return instance_key

    def _complete(self, task: dict[str, Any]) -> None:
        form = (task["camundaFormRef"] or {}).get("key")
        values = example(form, self.colleague) if form else {}
        answer = self.send("POST", f"/task/{task['id']}/complete", {"variables": typed(values)})
        if answer is None:
            return  # Done or not: the list of tasks will tell.
        if answer.status_code == 204:
            self.record.completed[task["id"]] = task["taskDefinitionKey"]
        elif answer.status_code not in (404, 409):  # taken away by a timer, or done by our own lost call
            raise AssertionError(f"complete {task['taskDefinitionKey']}: {answer.status_code} {answer.text}")

    def _is_finished(self, instance_key: str) -> bool:
        answer = self.get(f"/history/process-instance/{instance_key}")
        return bool(answer["state"] == "COMPLETED")

    def get(self, path: str, **query: Any) -> Any:
        """The answer, however long it takes the server to come back."""
        while True:
            answer = self.send("GET", path, query=query)
            if answer is not None and answer.status_code < 500:
                assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
                return answer.json()
            pause(0.05)

    def send(
        self, method: str, path: str, body: Any = None, query: dict[str, Any] | None = None
    ) -> requests.Response | None:
        """None: the connection broke, and nobody knows what was done."""
        try:
            return self._session.request(
                method, f"{self._server.address}/engine-rest{path}", json=body, params=query, timeout=30
            )
        except requests.RequestException:
            self.record.unanswered += 1
            pause(0.05)
            return None


def typed(values: dict[str, Any]) -> dict[str, Any]:
    return {name: {"value": value} for name, value in values.items()}


def example(form: str, colleague: str) -> dict[str, Any]:
    """The happy path of a form of the complaint family, with people who are here."""
    schema = json.loads((PROCESSES / "complaint" / "forms" / f"{form}.json").read_text(encoding="utf-8"))
    values = dict(schema["examples"][0])
    for name, one in schema["properties"].items():
        if name in values and one.get("x-widget") == "user":
            values[name] = [colleague] if isinstance(values[name], list) else colleague
        if name in values and one.get("x-widget") == "unit":
            values[name] = ["bank"] if isinstance(values[name], list) else "bank"
    return values

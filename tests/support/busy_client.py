"""A person who works through the REST interface of several web processes, while they are killed."""

import random
from collections.abc import Sequence
from typing import Any

import requests
from busy_family import PATIENT_TASK, PROCESS
from rest_client import RestClient
from running_server import pause

LOOK_EVERY_SECONDS = 0.1


class Doors:
    """The web processes, as one client sees them: the one it talks to, and the others for when that one is silent."""

    def __init__(self, addresses: Sequence[str], first: int) -> None:
        self._addresses, self._at = list(addresses), first
        self.address = self._addresses[first % len(self._addresses)]

    def turn(self) -> None:
        self._at += 1
        self.address = self._addresses[self._at % len(self._addresses)]


class BusyClient(RestClient):
    """Starts cases of the busy family and brings each to its end, one after another."""

    def __init__(self, addresses: Sequence[str], username: str, number: int) -> None:
        self._doors = Doors(addresses, number)
        super().__init__(self._doors, username, colleague=username)  # type: ignore[arg-type]
        self._chance = random.Random(number)

    def run(self) -> None:
        try:
            while not self._ending.is_set():
                self._number += 1
                self._one_busy_case(f"{self.username}-{self._number:05}")
        except Exception as problem:
            self.record.surprises.append(f"{type(problem).__name__}: {problem}")

    def _one_busy_case(self, business_key: str) -> None:
        is_patient = self._chance.random() < 0.5
        instance_key = self._start(PROCESS, business_key)
        while not self._is_finished(instance_key):
            tasks = self.get("/task", processInstanceId=instance_key)
            mine = [one for one in tasks if not (is_patient and one["taskDefinitionKey"] == PATIENT_TASK)]
            for task in mine:
                self._complete(task)
            if not mine:
                pause(LOOK_EVERY_SECONDS)
        self.record.finished.add(instance_key)

    def send(
        self, method: str, path: str, body: Any = None, query: dict[str, Any] | None = None
    ) -> requests.Response | None:
        """An answer of 500 and above says as little as none: its database connection may have been cut at the commit."""
        answer = super().send(method, path, body, query)
        if answer is not None and answer.status_code < 500:
            return answer
        if answer is not None:
            self.record.unanswered += 1
        self._doors.turn()
        return None

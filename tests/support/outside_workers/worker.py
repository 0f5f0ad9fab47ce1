"""One worker of the Python client. Each act is a line of the journal, which no other program of ours writes."""

import json
import os
import sys

import requests
from camunda.external_task.external_task_worker import ExternalTaskWorker

given = json.loads(sys.argv[1])
address, name, topic = given["address"], given["name"], given["topic"]
credentials = {"username": "robot", "password": "eight-o-clock"}
journal = os.open(given["journal"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def note(number, act):
    os.write(journal, f"{json.dumps({'number': number, 'act': act, 'worker': name})}\n".encode())


def work(task):
    number = task.get_variable("number")
    if number % 10 == 3 and task._context["errorMessage"] is None:
        note(number, "failed")
        return task.failure("no paper", "tray 2", max_retries=3, retry_timeout=50)
    if number % 10 == 5:
        note(number, "refused")
        return task.bpmn_error("unreachable", "nobody there", variables={"reason": "moved"})
    if number % 10 == 7:
        # The client has no word for it; a worker in this language asks the interface itself.
        requests.post(
            f"{address}/external-task/{task.get_task_id()}/extendLock",
            json={"workerId": name, "newDuration": 30_000},
            auth=tuple(credentials.values()),
            timeout=30,
        ).raise_for_status()
        note(number, "extended")
    note(number, "done")
    return task.complete(
        {"done_by": name, "twice": number * 2, "parcel": {"number": number, "pieces": [1, 2]}}
    )


settings = {
    "auth_basic": credentials,
    "asyncResponseTimeout": 2000 if given["waits"] else 0,
    "lockDuration": 60_000,
    "sleepSeconds": 1,
}
worker = ExternalTaskWorker(worker_id=name, base_url=address, config=settings)
worker.subscribe([topic, f"{topic}_slowly"], work)

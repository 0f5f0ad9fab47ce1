"""`fetchAndLock`: locks what is there, or waits a while for something to come (long polling).

A waiting request holds a thread of the server, so only some may wait at once; one more is told to come again later. An
empty answer at once would be worse: a client that relies on waiting asks again without a pause.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from engine.commands.engine import Engine
from engine.commands.external_tasks import LockedTask, Topic, fetch_and_lock
from engine.model import Rejected
from engine.queries.rest_external_tasks import external_tasks_by_key
from engine.queries.rest_topics import CHOICES, chosen
from engine.queries.rest_variables import visible_variables
from web import long_polls
from web.access import current_actor, current_engine
from web.engine_rest.errors import BadRequest
from web.engine_rest.parameters import read_number, read_text
from web.engine_rest.reply import Body, write_date
from web.engine_rest.spans import read_span
from web.engine_rest.variables import write_variables
from web.stopping import stopping_of

LONGEST_WAIT = timedelta(minutes=30)  # what that API accepts
OUR_LONGEST_WAIT = timedelta(seconds=20)  # below the patience of proxies
ROUND = timedelta(seconds=1)
MOST_TASKS = 1000


class TooManyWaiting(Rejected):
    status = 503
    code = "too_many_waiting"

    def __init__(self) -> None:
        super().__init__(
            f"{long_polls.MOST} requests wait for tasks already. Please try again later.",
            f"已有 {long_polls.MOST} 个请求在等待任务，请稍后再试。",
        )


def fetch(body: Body) -> list[Body]:
    worker = read_text(body, "workerId")
    most = read_number(body, "maxTasks") or 0
    if not 1 <= most <= MOST_TASKS:
        raise BadRequest(f"Expected maxTasks from 1 to {MOST_TASKS}, but it is {body.get('maxTasks')!r}.")
    wait = read_span(body, "asyncResponseTimeout", default=0)
    if wait > LONGEST_WAIT:
        raise BadRequest(
            f"Expected asyncResponseTimeout of at most {LONGEST_WAIT // timedelta(milliseconds=1)}."
        )
    wanted = _topics(body.get("topics"))
    topics = [
        Topic(name, read_span(topic, "lockDuration", least=1), chosen(topic))
        for name, topic in wanted.items()
    ]
    newest_first = _is_newest_first(body.get("sorting"))
    by_priority = body.get("usePriority") is not False
    locked = _fetch(worker, topics, most, by_priority=by_priority, newest_first=newest_first, wait=wait)
    return _bodies(locked, wanted)


def _topics(given: Any) -> dict[str, Body]:
    if not isinstance(given, list) or not given or not all(isinstance(one, dict) for one in given):
        raise BadRequest('Expected topics as a list of {"topicName", "lockDuration"}.')
    return {read_text(topic, "topicName"): topic | _choices(topic) for topic in given}


def _choices(topic: Body) -> Body:
    """The words that choose among the tasks of a topic. Raises BadRequest naming a word that could not be obeyed."""
    found: Body = {}
    for word, (kind, _) in CHOICES.items():
        value = topic.get(word)
        if value is None:
            continue
        is_fine = isinstance(value, kind)
        if kind is list:
            is_fine = is_fine and all(isinstance(one, str) for one in value)
        if kind is dict:
            is_fine = is_fine and all(isinstance(one, str | int | float) for one in value.values())
        if not is_fine:
            raise BadRequest(f"Expected {word} of a topic as {_KINDS[kind]}, but it is {value!r}.")
        found[word] = value
    return found


_KINDS = {str: "a text", list: "a list of texts", bool: "true or false", dict: '{"name": text, number, true}'}


def _is_newest_first(given: Any) -> bool:
    if not given:
        return False
    first = given[0] if isinstance(given, list) else None
    by, order = (
        (first.get("sortBy"), first.get("sortOrder", "asc")) if isinstance(first, dict) else (None, None)
    )
    if len(given) != 1 or by != "createTime" or order not in ("asc", "desc"):
        raise BadRequest('Expected sorting as [{"sortBy": "createTime", "sortOrder": "asc" or "desc"}].')
    return bool(order == "desc")


def _fetch(
    worker: str,
    topics: Sequence[Topic],
    most: int,
    *,
    by_priority: bool,
    newest_first: bool,
    wait: timedelta,
) -> list[LockedTask]:
    def try_once() -> list[LockedTask]:
        return fetch_and_lock(
            current_engine(),
            current_actor(),
            worker=worker,
            topics=topics,
            at_most=most,
            by_priority=by_priority,
            newest_first=newest_first,
        )

    locked = try_once()
    rounds = min(wait, OUR_LONGEST_WAIT) // ROUND
    if locked or not rounds:
        return locked
    if not long_polls.places.acquire(blocking=False):
        raise TooManyWaiting
    try:
        # Tasks may come from another process, so the rows are asked once a round. A server that stops waits for nobody.
        stopping = stopping_of(current_app)
        for _ in range(rounds):
            if stopping.wait(ROUND.total_seconds()):
                break
            locked = try_once()
            if locked:
                break
        return locked
    finally:
        long_polls.places.release()


def _bodies(locked: Sequence[LockedTask], topics: Mapping[str, Body]) -> list[Body]:
    if not locked:
        return []
    engine = current_engine()
    with engine.store.reading() as session:
        rows = external_tasks_by_key(session, [task.job_key for task in locked])
        # Between lock and look-up a case may have gone on without its task.
        still = [task for task in locked if task.job_key in rows]
        seen = [_seen(session, engine, task, rows[task.job_key]) for task in still]
    return [
        _body(
            task,
            rows[task.job_key],
            _chosen(topics[task.topic], visible, task.inputs),
            properties if topics[task.topic].get("includeExtensionProperties") is True else {},
        )
        for task, (visible, properties) in zip(still, seen, strict=True)
    ]


def _seen(
    session: Session, engine: Engine, task: LockedTask, row: Any
) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    """(variables that the task sees, properties that its element was drawn with)."""
    release = engine.releases.get(session, row.release_key)
    visible = visible_variables(session, release, task.instance_key, task.element_instance_key)
    element = release.element(task.process_key, task.element_id)
    return visible, dict(element.properties) if element is not None else {}


def _chosen(topic: Body, visible: Mapping[str, Any], inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Inputs of the task shadow the case; `variables` names what the worker wants, all when it names none."""
    values = dict(inputs) if topic.get("localVariables") is True else {**visible, **inputs}
    names = topic.get("variables")
    if isinstance(names, list):
        return {name: values[name] for name in names if name in values}
    return values


def _body(task: LockedTask, row: Any, variables: Mapping[str, Any], properties: Mapping[str, str]) -> Body:
    message, _, details = (task.error or "").partition("\n")
    return {
        "activityId": task.element_id,
        "activityInstanceId": task.element_instance_key,
        "errorMessage": message or None,
        "errorDetails": details or None,
        "executionId": task.element_instance_key,
        "id": task.job_key,
        "lockExpirationTime": write_date(task.locked_until),
        "createTime": write_date(row.created_at),
        "processDefinitionId": row.definition_key,
        "processDefinitionKey": task.process_key,
        "processDefinitionVersionTag": row.version_tag,
        "processInstanceId": task.instance_key,
        "tenantId": row.organisation_key,
        "retries": task.retries_left,
        "suspended": False,
        "workerId": task.worker,
        "topicName": task.topic,
        "priority": task.priority,
        "businessKey": task.business_key,
        "variables": write_variables(variables),
        "extensionProperties": properties,
    }

"""Visits to elements, finished ones from history and open ones from the state of the case, as the Camunda 7 REST API
lists them. A boundary event is listed once it has fired.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.diagrams import Element
from engine.model import ElementInstance, ProcessInstance, UserTask
from engine.people import Actor
from engine.queries.rest_activity_types import activity_type
from engine.queries.rest_listing import MOST_ROWS, Wanted, too_many
from engine.queries.visible import visible_cases
from engine.spiff import CaseRun, CompiledProcess, Guards

# Read for one question, whatever is left of them afterwards: visits, and running cases whose state is looked into.
MOST_VISITS = 50_000
MOST_CASES = 5_000
LAST = 2**62  # an open visit comes after all that are finished


class RunnableRelease(Protocol):
    @property
    def definitions(self) -> Mapping[str, str]: ...
    def compiled(self, process_key: str) -> CompiledProcess: ...
    def element(self, process_key: str, element_id: str) -> Element | None: ...


class Releases(Protocol):
    def get(self, session: Session, release_key: str) -> RunnableRelease: ...


@dataclass(frozen=True)
class Activity:
    """One visit to one element. `left_at` None: the case is still there."""

    key: str
    sequence: int
    instance_key: str
    organisation_key: str
    definition_key: str
    process_key: str
    element_id: str
    name: str | None
    type: str
    user_task_key: str | None
    assignee: str | None
    entered_at: datetime
    left_at: datetime | None
    is_cancelled: bool


@dataclass(frozen=True)
class ActivityFilter:
    kind: str
    matches: Callable[[Activity, Any], bool]


@dataclass(frozen=True)
class ActivityChoices:
    filters: Mapping[str, ActivityFilter]
    sorts: Mapping[str, Callable[[Activity], Any]]


ACTIVITIES = ActivityChoices(
    filters={
        "activityInstanceId": ActivityFilter("text", lambda one, value: one.key == value),
        "processInstanceId": ActivityFilter("text", lambda one, value: one.instance_key == value),
        "processDefinitionId": ActivityFilter("text", lambda one, value: one.definition_key == value),
        "processDefinitionKey": ActivityFilter("text", lambda one, value: one.process_key == value),
        "executionId": ActivityFilter("text", lambda one, value: one.key == value),
        "activityId": ActivityFilter("text", lambda one, value: one.element_id == value),
        "activityIdIn": ActivityFilter("texts", lambda one, values: one.element_id in values),
        "activityName": ActivityFilter("text", lambda one, value: one.name == value),
        "activityNameLike": ActivityFilter(
            "text", lambda one, value: value.strip("%").lower() in (one.name or "").lower()
        ),
        "activityType": ActivityFilter("text", lambda one, value: one.type == value),
        "taskAssignee": ActivityFilter("text", lambda one, value: one.assignee == value),
        "finished": ActivityFilter("yes", lambda one, _: one.left_at is not None),
        "unfinished": ActivityFilter("yes", lambda one, _: one.left_at is None),
        "canceled": ActivityFilter("yes", lambda one, _: one.is_cancelled),
        "completeScope": ActivityFilter("yes", lambda one, _: one.type.lower().endswith("endevent")),
        "startedBefore": ActivityFilter("moment", lambda one, moment: one.entered_at < moment),
        "startedAfter": ActivityFilter("moment", lambda one, moment: one.entered_at > moment),
        "finishedBefore": ActivityFilter(
            "moment", lambda one, moment: one.left_at is not None and one.left_at < moment
        ),
        "finishedAfter": ActivityFilter(
            "moment", lambda one, moment: one.left_at is not None and one.left_at > moment
        ),
        "tenantIdIn": ActivityFilter("texts", lambda one, values: one.organisation_key in values),
    },
    sorts={
        "activityInstanceId": lambda one: one.key,
        "instanceId": lambda one: one.instance_key,
        "executionId": lambda one: one.key,
        "activityId": lambda one: one.element_id,
        "activityName": lambda one: one.name or "",
        "activityType": lambda one: one.type,
        "startTime": lambda one: one.entered_at.timestamp(),
        "endTime": lambda one: one.left_at.timestamp() if one.left_at else float("inf"),
        "duration": lambda one: (
            (one.left_at - one.entered_at).total_seconds() if one.left_at else float("inf")
        ),
        "definitionId": lambda one: one.definition_key,
        "occurrence": lambda one: one.sequence,
        "tenantId": lambda one: one.organisation_key,
    },
)


def find_activities(session: Session, releases: Releases, actor: Actor, wanted: Wanted) -> list[Activity]:
    """All that fit, in order; `first` and `most` of `wanted` are left to the caller, who may want to count."""
    given = dict(wanted.filters)
    found: list[Activity] = []
    if "unfinished" not in given:
        found += _finished(session, releases, actor, given)
    if not given.keys() & {"finished", "canceled", "finishedBefore", "finishedAfter"}:
        found += _open(session, releases, actor, given)
    fitting = [
        one
        for one in found
        if all(ACTIVITIES.filters[name].matches(one, value) for name, value in given.items())
    ]
    # The last named order is applied first: sorting is stable.
    fitting.sort(key=lambda one: (one.instance_key, one.sequence, one.entered_at))
    for name, is_descending in reversed(wanted.sort):
        fitting.sort(key=ACTIVITIES.sorts[name], reverse=is_descending)
    return fitting


def paged(activities: Sequence[Activity], wanted: Wanted) -> Sequence[Activity]:
    """Raises InvalidInput for more than anybody can use at once."""
    end = None if wanted.most is None else wanted.first + wanted.most
    page = activities[wanted.first : end]
    if len(page) > MOST_ROWS:
        raise too_many("activities")
    return page


def _finished(
    session: Session, releases: Releases, actor: Actor, given: Mapping[str, Any]
) -> Iterator[Activity]:
    statement = (
        select(
            ElementInstance.element_instance_key,
            ElementInstance.sequence,
            ElementInstance.process_key,
            ElementInstance.element_id,
            ElementInstance.kind,
            ElementInstance.outcome,
            ElementInstance.entered_at,
            ElementInstance.left_at,
            ProcessInstance.instance_key,
            ProcessInstance.organisation_key,
            ProcessInstance.release_key,
            UserTask.user_task_key,
            UserTask.assignee,
        )
        .join(ProcessInstance, ProcessInstance.instance_key == ElementInstance.instance_key)
        .outerjoin(UserTask, UserTask.user_task_key == ElementInstance.element_instance_key)
        .where(visible_cases(actor))
    )
    if "processInstanceId" in given:
        statement = statement.where(ElementInstance.instance_key == given["processInstanceId"])
    if "activityId" in given:
        statement = statement.where(ElementInstance.element_id == given["activityId"])
    rows = session.execute(statement.limit(MOST_VISITS + 1)).all()
    if len(rows) > MOST_VISITS:
        raise too_many("activities, or one with processInstanceId")
    for row in rows:
        release = releases.get(session, row.release_key)
        element = release.element(row.process_key, row.element_id)
        yield Activity(
            key=row.element_instance_key,
            sequence=row.sequence,
            instance_key=row.instance_key,
            organisation_key=row.organisation_key,
            definition_key=release.definitions.get(row.process_key, ""),
            process_key=row.process_key,
            element_id=row.element_id,
            name=element.name if element else None,
            type=activity_type(element, row.kind),
            user_task_key=row.user_task_key,
            assignee=row.assignee,
            entered_at=row.entered_at,
            left_at=row.left_at,
            is_cancelled=row.outcome == "cancelled",
        )


def _open(session: Session, releases: Releases, actor: Actor, given: Mapping[str, Any]) -> Iterator[Activity]:
    statement = select(
        ProcessInstance.instance_key,
        ProcessInstance.organisation_key,
        ProcessInstance.release_key,
        ProcessInstance.process_key,
        ProcessInstance.variables,
        ProcessInstance.state_blob,
    ).where(ProcessInstance.state == "running", visible_cases(actor))
    if "processInstanceId" in given:
        statement = statement.where(ProcessInstance.instance_key == given["processInstanceId"])
    rows = session.execute(statement.limit(MOST_CASES + 1)).all()
    if len(rows) > MOST_CASES:
        raise too_many("activities, or one with processInstanceId")
    for row in rows:
        release = releases.get(session, row.release_key)
        # Nothing is run, so no host is asked; inner scopes play no part in where the case stands.
        run = CaseRun(
            release.compiled(row.process_key),
            cast(Any, None),
            {"case": row.variables},
            Guards(),
            row.state_blob,
        )
        assignees = _assignees(session, row.instance_key)
        for number, visit in enumerate(run.open_visits()):
            element = release.element(visit.process_key, visit.element_id)
            is_task = visit.key in assignees
            yield Activity(
                key=visit.key,
                sequence=LAST + number,
                instance_key=row.instance_key,
                organisation_key=row.organisation_key,
                definition_key=release.definitions.get(visit.process_key, ""),
                process_key=visit.process_key,
                element_id=visit.element_id,
                name=element.name if element else None,
                type=activity_type(element, element.kind if element else ""),
                user_task_key=visit.key if is_task else None,
                assignee=assignees.get(visit.key),
                entered_at=visit.entered_at,
                left_at=None,
                is_cancelled=False,
            )


def _assignees(session: Session, instance_key: str) -> dict[str, str | None]:
    rows = session.execute(
        select(UserTask.user_task_key, UserTask.assignee).where(
            UserTask.instance_key == instance_key, UserTask.state == "open"
        )
    )
    return {row.user_task_key: row.assignee for row in rows}

"""Reads the courses of finished cases from their rows. Reads only: nothing here can write."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import recorded_acts
from engine.model import (
    AuditRow,
    ClockRow,
    ElementInstance,
    Message,
    Organisation,
    ProcessInstance,
    Release,
    UserTask,
)
from engine.people import Actor
from engine.queries.visible import visible_cases
from engine.rehearsal.replay.course import Act, Course, JobResult, Opening

BATCH = 100
_STILL_OPEN = datetime.max.replace(
    tzinfo=UTC
)  # of a task in a case that is not over, for who reads one of these

_ACTS = {
    "signal.received": "signal",
    "clock.paused": "pause",
    "clock.resumed": "resume",
    "clock.acknowledged": "acknowledge",
    "task.claimed": "claim",
    "task.released": "release",
    "task.assigned": "assign",
    "case.terminated": "terminate",
}
_OBSTACLES = {
    "case.suspended": ("was suspended for a while", "曾被暂停流转"),
    "case.element_skipped": ("had a step skipped by a person", "曾由人员跳过环节"),
    "case.went_back": ("was taken back by a person", "曾由人员退回"),
    "case.variables_corrected": ("had its values corrected by a person", "曾由人员更正数据"),
    "case.migrated": ("was moved to another version on its way", "途中迁移过版本"),
    "case.migration_undone": ("was moved to another version on its way", "途中迁移过版本"),
    "timer.moved": ("had a timer moved by a person", "曾由人员改动定时"),
    "clock.moved": ("had a deadline moved by a person", "曾由人员改动期限"),
}


def finished_cases(
    session: Session, actor: Actor, family: str, since: datetime, until: datetime
) -> list[str]:
    """Keys of the cases of the family that ended from `since` up to `until`, in order, as far as the person sees them."""
    rows = session.execute(
        select(ProcessInstance.instance_key)
        .join(Release, Release.release_key == ProcessInstance.release_key)
        .where(
            Release.family == family,
            ProcessInstance.ended_at >= since,
            ProcessInstance.ended_at < until,
            visible_cases(actor),
        )
        .order_by(ProcessInstance.ended_at, ProcessInstance.instance_key)
    )
    return list(rows.scalars())


def read_courses(session: Session, keys: Sequence[str]) -> Iterator[Course]:
    """In the order of `keys`, some at a time, so that a year of cases need not be in memory at once."""
    for start in range(0, len(keys), BATCH):
        yield from _batch(session, keys[start : start + BATCH])


def _batch(session: Session, keys: Sequence[str]) -> list[Course]:
    cases = {
        row.instance_key: row
        for row in session.execute(
            select(
                *(getattr(ProcessInstance, name) for name in _CASE),
                Organisation.calendar.label("calendar"),
            )
            .join(Organisation, Organisation.organisation_key == ProcessInstance.organisation_key)
            .where(ProcessInstance.instance_key.in_(keys))
        )
    }
    acts = _of_cases(
        session,
        recorded_acts()
        .add_columns(AuditRow.chain.label("instance_key"))
        .where(AuditRow.chain.in_(keys))
        .order_by(AuditRow.chain, AuditRow.sequence),
    )
    tasks = _of_cases(
        session,
        select(
            UserTask.instance_key,
            UserTask.user_task_key,
            UserTask.process_key,
            UserTask.element_id,
            UserTask.state,
            UserTask.created_at,
            UserTask.ended_at,
            UserTask.completed_by,
            UserTask.values,
        ).where(UserTask.instance_key.in_(keys)),
    )
    visits = _of_cases(
        session,
        select(
            ElementInstance.instance_key,
            ElementInstance.process_key,
            ElementInstance.element_id,
            ElementInstance.outcome,
            ElementInstance.entered_at,
        )
        .where(ElementInstance.instance_key.in_(keys))
        .order_by(ElementInstance.instance_key, ElementInstance.sequence),
    )
    clocks = _of_cases(
        session,
        select(ClockRow.instance_key, ClockRow.process_key, ClockRow.element_id, ClockRow.limit_id).where(
            ClockRow.instance_key.in_(keys), ClockRow.breached_at.is_not(None)
        ),
    )
    messages = _of_cases(
        session,
        select(
            Message.instance_key,
            Message.message_name,
            Message.correlation,
            Message.variables,
            Message.received_at,
        )
        .where(Message.instance_key.in_(keys))
        .order_by(Message.received_at, Message.message_key),
    )
    return [
        _course(cases[key], acts[key], tasks[key], visits[key], clocks[key], messages[key])
        for key in keys
        if key in cases
    ]


_CASE = (
    "instance_key",
    "business_key",
    "organisation_key",
    "unit_key",
    "release_key",
    "process_key",
    "profile_id",
    "started_at",
    "started_by",
    "ended_at",
    "state",
    "end_element_id",
    "variables",
)


def _of_cases(session: Session, wanted: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(wanted):
        found[row.instance_key].append(row)
    return found


def _course(
    case: Any, acts: list[Any], tasks: list[Any], visits: list[Any], clocks: list[Any], messages: list[Any]
) -> Course:
    started = next((one for one in acts if one.act == "case.started"), None)
    done_at = {one.subject: one.sequence for one in acts if one.act == "task.completed"}
    return Course(
        **{name: getattr(case, name) for name in _CASE if name != "variables"},
        calendar=case.calendar,
        first_values=(started.payload or {}).get("variables") or {} if started is not None else {},
        last_values=case.variables,
        openings=tuple(
            Opening(
                one.process_key,
                one.element_id,
                one.user_task_key,
                one.created_at,
                one.ended_at or case.ended_at or _STILL_OPEN,
                one.completed_by or "",
                one.values if one.state == "completed" else None,
                done_at.get(one.user_task_key, 0),
            )
            for one in sorted(tasks, key=lambda one: (one.created_at, one.ended_at or case.ended_at or _STILL_OPEN))
        ),
        jobs=tuple(_job(one) for one in acts if one.act in ("job.completed", "job.bpmn_error")),
        acts=tuple(
            [
                Act(_ACTS[one.act], one.at, one.actor, one.subject, one.payload or {}, one.sequence)
                for one in acts
                if one.act in _ACTS
            ]
            + list(_messages(messages, acts))
        ),
        visits=tuple(((one.process_key, one.element_id), one.outcome, one.entered_at) for one in visits),
        broken=tuple(sorted(((one.process_key, one.element_id), one.limit_id) for one in clocks)),
        obstacle=_obstacle(acts, started),
    )  # fmt: skip


def _messages(messages: list[Any], acts: list[Any]) -> Iterator[Act]:
    """With their place among what happened at the same moment. One that came early is not among the acts."""
    received: dict[Any, list[int]] = defaultdict(list)
    for one in acts:
        if one.act == "message.received":
            received[(one.subject, one.at)].append(one.sequence)
    for one in messages:
        known = received.get((one.message_name, one.received_at))
        facts = {"variables": one.variables, "correlation": one.correlation}
        yield Act("message", one.received_at, "system", one.message_name, facts, known.pop(0) if known else 0)


def _job(row: Any) -> JobResult:
    facts = row.payload or {}
    return JobResult(
        row.subject,
        str(facts.get("element") or ""),
        row.at,
        facts.get("outputs") or {},
        facts.get("code"),
        row.sequence,
    )


def _obstacle(acts: list[Any], started: Any) -> tuple[str, str] | None:
    if started is None or started.payload is None:
        return "what it began with is no longer in the record", "记录中已没有登记时的内容"
    return next((_OBSTACLES[one.act] for one in acts if one.act in _OBSTACLES), None)

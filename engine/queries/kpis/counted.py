"""What one measure finds in a stretch of time: moments and numbers, of the cases that the reader may report on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from engine.expressions import Expression, ExpressionError
from engine.model import ClockRow, ProcessInstance, Release, UserTask
from engine.people import Actor
from engine.queries.kpis.definitions import Measure
from engine.queries.visible import units_below, visible_cases


@dataclass(frozen=True)
class Counted:
    at: datetime
    number: float
    part: Any = None  # the value of the variable that the indicator is split by


@dataclass(frozen=True)
class Place:
    """Whose figures: an organisation, and within it one unit with all below (`path`), or all of it."""

    organisation_key: str
    path: str | None = None


def count(
    session: Session,
    actor: Actor,
    measure: Measure,
    place: Place,
    first: datetime,
    last: datetime,
    now: datetime,
    split: str | None,
) -> Iterator[Counted]:
    """`first` up to but without `last`. A row whose variables do not fit the expressions counts for nothing."""
    wants_variables = bool(measure.where or measure.value or split)
    at, statement = _rows(measure, now)
    statement = statement.add_columns(*((ProcessInstance.variables,) if wants_variables else ()))
    statement = statement.where(at >= first, at < last, *_conditions(actor, measure, place))
    for row in session.execute(statement):
        variables: Mapping[str, Any] = row.variables if wants_variables else {}
        if measure.where is not None and _value(measure.where, variables) is not True:
            continue
        number: Any = 1 if measure.value is None else _value(measure.value, variables)
        if isinstance(number, int | float) and not isinstance(number, bool):
            yield Counted(row.at, number, variables.get(split) if split else None)


def _rows(measure: Measure, now: datetime) -> tuple[Any, Select[Any]]:
    case = ProcessInstance
    if measure.of == "cases":
        at: Any = case.started_at if measure.at == "started" else case.ended_at
        statement = select(at.label("at")).select_from(case).where(at.is_not(None))
        if measure.at == "ended":
            # What was stopped by hand, such as a matter registered twice, is not a matter that was closed.
            statement = statement.where(case.state == "completed")
        return at, statement.where(~_is_broken(now)) if measure.is_kept else statement
    if measure.of == "clocks":
        at = ClockRow.due_at
        statement = (
            select(at.label("at"))
            .select_from(ClockRow)
            .join(case, case.instance_key == ClockRow.instance_key)
            .where(ClockRow.state != "cancelled", (ClockRow.stopped_at.is_not(None)) | (at < now))
        )
        if measure.limits:
            statement = statement.where(ClockRow.limit_id.in_(measure.limits))
        return at, statement.where(ClockRow.stopped_at <= at) if measure.is_kept else statement
    at = UserTask.created_at if measure.at == "created" else UserTask.ended_at
    statement = (
        select(at.label("at"))
        .select_from(UserTask)
        .join(case, case.instance_key == UserTask.instance_key)
        .where(UserTask.state != "cancelled", at.is_not(None))
    )
    return at, statement.where(UserTask.state == "completed") if measure.is_kept else statement


def _is_broken(now: datetime) -> ColumnElement[bool]:
    """Whether any promise of the case was not kept. One that was given up, was not broken by that."""
    clock = aliased(ClockRow)
    return exists().where(
        clock.instance_key == ProcessInstance.instance_key,
        clock.state != "cancelled",
        func.coalesce(clock.stopped_at, now) > clock.due_at,
    )


def _conditions(actor: Actor, measure: Measure, place: Place) -> Iterator[Any]:
    case = ProcessInstance
    yield visible_cases(actor, "report.read")
    yield case.organisation_key == place.organisation_key
    if place.path is not None:
        yield case.unit_key.in_(units_below([place.path]))
    if measure.families:
        yield case.release_key.in_(select(Release.release_key).where(Release.family.in_(measure.families)))
    if measure.processes:
        yield case.process_key.in_(measure.processes)


def _value(expression: Expression, variables: Mapping[str, Any]) -> Any:
    try:
        return expression.evaluate({name: variables.get(name) for name in expression.names})
    except ExpressionError:
        return None

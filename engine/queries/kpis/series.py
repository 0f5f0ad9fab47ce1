"""The figures of one indicator by period, and its parts where it is split."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import Forbidden, NotFound, Organisation
from engine.people import Actor, Directory, require
from engine.queries.kpis.counted import Counted, Place, count
from engine.queries.kpis.definitions import Kpi, Measure
from engine.queries.kpis.periods import Span, last_spans
from engine.queries.source import Source


@dataclass(frozen=True)
class Point:
    """`figure` is None where there is nothing to divide by. `is_running`: the period is not over."""

    span: Span
    numerator: float
    denominator: float | None
    figure: float | None
    is_running: bool


@dataclass(frozen=True)
class Part:
    value: Any
    number: float


@dataclass(frozen=True)
class KpiSeries:
    kpi: Kpi
    points: tuple[Point, ...]
    parts: tuple[Part, ...]  # over all periods together, the largest first


def find_series(
    source: Source, actor: Actor, kpi: Kpi, organisation_key: str, unit_key: str | None = None
) -> KpiSeries:
    """Of the organisation, or of one unit and all below it, as far as the reader's right to reports reaches.

    Raises Forbidden, NotFound.
    """
    if actor.organisation_key not in (None, organisation_key):
        raise Forbidden("Expected your own organisation, but it is another one.", "只能查看本机构的指标。")
    require(actor, "report.read")
    with source.store.reading() as session:
        calendar = session.execute(
            select(Organisation.calendar).where(Organisation.organisation_key == organisation_key)
        ).scalar_one_or_none()
        if calendar is None:
            raise NotFound("organisation", organisation_key, "机构")
        place = _place(source.directories.get(session, organisation_key), organisation_key, unit_key)
        now = source.clock.now()
        spans = last_spans(kpi.cycle, now, source.calendars.get(calendar).zone)
        if kpi.figure is None:
            return KpiSeries(kpi, (), ())

        def counted(measures: Sequence[Measure], split: str | None = None) -> list[Counted]:
            return _all(session, actor, measures, place, spans, now, split)

        above = counted(kpi.numerator, kpi.split)
        below = counted(kpi.denominator)
    sums = _by_span(above, spans)
    divisors = _by_span(below, spans)
    points = tuple(
        _point(kpi, span, number, divisor, is_running=span.ends_at > now)
        for span, number, divisor in zip(spans, sums, divisors, strict=True)
    )
    return KpiSeries(kpi, points, _parts(above) if kpi.split else ())


def _place(directory: Directory, organisation_key: str, unit_key: str | None) -> Place:
    if unit_key is None:
        return Place(organisation_key)
    unit = directory.units.get(unit_key)
    if unit is None:
        raise NotFound("unit", unit_key, "单位")
    return Place(organisation_key, unit.path)


def _all(
    session: Session,
    actor: Actor,
    measures: Sequence[Measure],
    place: Place,
    spans: Sequence[Span],
    now: Any,
    split: str | None,
) -> list[Counted]:
    first, last = spans[0].begins_at, spans[-1].ends_at
    return [
        one for measure in measures for one in count(session, actor, measure, place, first, last, now, split)
    ]


def _by_span(counted: Sequence[Counted], spans: Sequence[Span]) -> list[float]:
    begins = [span.begins_at for span in spans]
    sums = [0.0] * len(spans)
    for one in counted:
        sums[bisect_right(begins, one.at) - 1] += one.number
    return sums


def _point(kpi: Kpi, span: Span, number: float, divisor: float, *, is_running: bool) -> Point:
    if kpi.figure == "count":
        return Point(span, number, None, number, is_running)
    return Point(span, number, divisor, number / divisor if divisor else None, is_running)


def _parts(counted: Sequence[Counted]) -> tuple[Part, ...]:
    sums: Counter[Any] = Counter()
    for one in counted:
        sums[one.part if isinstance(one.part, str | int | float | bool) else None] += one.number  # type: ignore[assignment]
    return tuple(
        Part(value, number)
        for value, number in sorted(sums.items(), key=lambda pair: (-pair[1], str(pair[0])))
    )

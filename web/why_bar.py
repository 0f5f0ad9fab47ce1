"""The picture of a deadline: days that counted, days skipped, pauses, and where now and the due moment stand."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from engine.queries.promise import Promise
from engine.worktime import Calendar

WIDTH = 600.0
# Above this many days only every so many are labelled, so that the labels do not touch.
MOST_LABELS = 10


@dataclass(frozen=True)
class Block:
    """`kind`: counted | skipped | paused. Positions in units of the picture."""

    x: float
    width: float
    kind: str


@dataclass(frozen=True)
class Label:
    x: float
    text: str


@dataclass(frozen=True)
class WhyBar:
    blocks: tuple[Block, ...]
    labels: tuple[Label, ...]
    lines: tuple[float, ...]  # where days begin
    due_x: float
    now_x: float | None


def make_why_bar(promise: Promise, now: datetime) -> WhyBar:
    """Linear in time, from the beginning of the starting day to the end of the last one."""
    calendar, explanation = promise.calendar, promise.explanation
    due = calendar.local(promise.due_at)
    until = calendar.local(promise.row.stopped_at or now)
    first = _midnight(explanation.started_at)
    # A breach long ago would squeeze the picture: what matters ends with the due moment.
    last = max(explanation.due_at, due)
    end = _midnight(last)
    if end < last:
        end += timedelta(days=1)
    scale = WIDTH / max((end - first) / timedelta(days=1), 1)

    def x(moment: datetime) -> float:
        return round(min(max((moment - first) / timedelta(days=1), 0) * scale, WIDTH), 2)

    # A counted day lasts until midnight in the data; what counts of the last one ends with the due moment.
    blocks = [
        Block(x(one.start), max(x(min(one.end, explanation.due_at)) - x(one.start), 0), one.kind)
        for one in explanation.segments
        if one.why not in ("night", "break")
    ]
    if due > explanation.due_at:
        blocks.append(Block(x(explanation.due_at), x(due) - x(explanation.due_at), "counted"))
    blocks += [
        Block(x(start), max(x(stop) - x(start), 2), "paused")
        for start, stop in _pauses(promise, calendar, until)
    ]
    days = int((end - first) / timedelta(days=1))
    step = -(-days // MOST_LABELS)
    labels = tuple(
        Label(x(day) + 3, f"{day.month}/{day.day}")
        for number in range(0, days, step)
        if (day := first + timedelta(days=number))
    )
    lines = tuple(x(first + timedelta(days=number)) for number in range(1, days)) if days <= 62 else ()
    return WhyBar(tuple(blocks), labels, lines, x(due), x(until) if first <= until <= end else None)


def _pauses(promise: Promise, calendar: Calendar, until: datetime) -> list[tuple[datetime, datetime]]:
    return [
        (calendar.local(one.from_at), calendar.local(one.to_at) if one.to_at else until)
        for one in promise.clock.pauses
    ]


def _midnight(local: datetime) -> datetime:
    return datetime.combine(local.date(), time(), tzinfo=local.tzinfo)

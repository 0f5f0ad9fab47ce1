"""The measure of one limit in one case: running, paused, stopped; pure data that tells its whole story."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from engine.worktime.calendar import Calendar
from engine.worktime.due import due_at, months_later
from engine.worktime.limits import Limit, Unit
from engine.worktime.recurring import AnyLimit, parse_any_limit


@dataclass(frozen=True)
class Pause:
    """Moments in UTC. `moved` tells by how many seconds (working or elapsed) the due moment moved at its end."""

    from_at: datetime
    kind: str
    reason: str
    evidence: str
    by: str
    to_at: datetime | None = None
    moved: float = 0


@dataclass(frozen=True)
class ClockState:
    """Immutable: each change gives a new state. Moments in UTC."""

    started_at: datetime
    limit: AnyLimit
    due_at: datetime
    is_provisional: bool
    explanation: Mapping[str, Any]  # Explanation.to_data() of the start
    pauses: tuple[Pause, ...] = ()
    stopped_at: datetime | None = None
    state: str = "running"  # running | paused | stopped | cancelled

    @classmethod
    def start(cls, at: datetime, limit: AnyLimit, calendar: Calendar) -> "ClockState":
        """A moment without zone is read in the calendar's. Raises CalendarMissing."""
        due = due_at(at, limit, calendar)
        started_at = calendar.utc(at) if at.tzinfo is None else at.astimezone(UTC)
        return cls(started_at, limit, due.due_at, due.is_provisional, due.explanation.to_data())

    def pause(self, at: datetime, *, kind: str, reason: str, evidence: str, by: str) -> "ClockState":
        if self.state != "running":
            raise ValueError(f"Expected a running clock, but it is {self.state}.")
        if at > self.due_at:
            raise ValueError(f"Expected a promise that is not broken yet, but it was due at {self.due_at}.")
        return replace(self, state="paused", pauses=(*self.pauses, Pause(at, kind, reason, evidence, by)))

    def resume(self, at: datetime, calendar: Calendar) -> "ClockState":
        """Moves the due moment by the lost time: working time through the calendar, or elapsed time."""
        if self.state != "paused":
            raise ValueError(f"Expected a paused clock, but it is {self.state}.")
        last = self.pauses[-1]
        # A machine's clock may be set back; a pause never takes time away from anybody.
        at = max(at, last.from_at)
        if self.limit.is_working:
            lost = calendar.working_time_between(last.from_at, at)
            due = calendar.add_working_time(self.due_at, lost)
        else:
            lost = at - last.from_at
            due = self.due_at + lost
        ended = replace(last, to_at=at, moved=lost.total_seconds())
        last_day = (calendar.local(due) - timedelta(microseconds=1)).date()
        return replace(
            self,
            state="running",
            due_at=due,
            is_provisional=calendar.is_provisional(last_day),
            pauses=(*self.pauses[:-1], ended),
        )

    def recomputed(self, calendar: Calendar) -> "ClockState":
        """The same clock by a newer calendar: counted again from its start, with each of its pauses."""
        anew = ClockState.start(self.started_at, self.limit, calendar)
        for pause in self.pauses:
            open_pause = replace(pause, to_at=None, moved=0)
            anew = replace(anew, state="paused", pauses=(*anew.pauses, open_pause))
            if pause.to_at is not None:
                anew = anew.resume(pause.to_at, calendar)
        return anew

    def moved_by(self, calendar: Calendar) -> "ClockState | None":
        """By a newer calendar, when its due moment or the doubt about it changes. What a person moved by hand stays."""
        if "moved" in self.explanation:
            return None
        anew = self.recomputed(calendar)
        if (anew.due_at, anew.is_provisional) == (self.due_at, self.is_provisional):
            return None
        return anew

    def stop(self, at: datetime) -> "ClockState":
        return replace(self, state="stopped", stopped_at=at)

    def cancel(self, at: datetime) -> "ClockState":
        return replace(self, state="cancelled", stopped_at=at)

    def used(self, until: datetime, calendar: Calendar) -> timedelta:
        """Time used of the limit, in its own measure, without the pauses."""
        return sum(
            (self._span(first, last, calendar) for first, last in self._stretches(until)), timedelta(0)
        )

    def remaining(self, now: datetime, calendar: Calendar) -> timedelta:
        """What is left in the limit's own measure; negative when it is overdue."""
        at = self.pauses[-1].from_at if self.state == "paused" else now
        if at <= self.due_at:
            return self._span(at, self.due_at, calendar)
        return -self._span(self.due_at, at, calendar)

    def moment_at_share(self, share: float, calendar: Calendar) -> datetime:
        """The moment at which `share` (0 to 1) of the limit is used, in its own measure."""
        left = self.used(self.due_at, calendar) * share
        at = self.started_at
        for first, last in self._stretches(self.due_at):
            span = self._span(first, last, calendar)
            if left <= span:
                return self._after(first, left, calendar)
            left -= span
            at = last
        return at

    def moment_before_due(self, limit: Limit, calendar: Calendar) -> datetime:
        """`limit` before the due moment: `1 WD` before Tuesday 18:00 is Monday 18:00.

        `same day` is the start of business of the day that it is due on.
        """
        local = calendar.local(self.due_at)
        match limit.unit:
            case Unit.MIN:
                return self.due_at - timedelta(minutes=limit.amount)
            case Unit.H:
                return self.due_at - timedelta(hours=limit.amount)
            case Unit.WH:
                return calendar.utc(
                    calendar.at_worked(max(calendar.worked_before(local) - limit.amount * 3600, 0))
                )
            case Unit.WD:
                day = calendar.nth_working_day_before(local.date(), limit.amount)
                return calendar.utc(datetime.combine(day, local.time()))
            case Unit.CD:
                return calendar.utc(local - timedelta(days=limit.amount))
            case Unit.CM:
                return calendar.utc(datetime.combine(months_later(local.date(), -limit.amount), local.time()))
            case Unit.SAME_DAY:
                day = (local - timedelta(microseconds=1)).date()
                while not calendar.is_working_day(day):
                    day -= timedelta(days=1)
                return calendar.utc(calendar.start_of_business(day))

    def _stretches(self, until: datetime) -> list[tuple[datetime, datetime]]:
        """Running time from the start to `until`, with the pauses left out."""
        found, position = [], self.started_at
        for pause in self.pauses:
            if pause.from_at > position:
                found.append((position, min(pause.from_at, until)))
            position = until if pause.to_at is None else max(position, pause.to_at)
        if position < until:
            found.append((position, until))
        return [(first, last) for first, last in found if first < last]

    def _span(self, first: datetime, last: datetime, calendar: Calendar) -> timedelta:
        if self.limit.is_working:
            return calendar.working_time_between(first, last)
        return last - first

    def _after(self, first: datetime, span: timedelta, calendar: Calendar) -> datetime:
        if self.limit.is_working:
            return calendar.add_working_time(first, span)
        return first + span

    def to_data(self) -> dict[str, Any]:
        return {
            "started_at": self.started_at.isoformat(),
            "limit": str(self.limit),
            "due_at": self.due_at.isoformat(),
            "provisional": self.is_provisional,
            "explanation": dict(self.explanation),
            "pauses": [
                {
                    name: value.isoformat() if isinstance(value, datetime) else value
                    for name, value in asdict(pause).items()
                }
                for pause in self.pauses
            ],
            "stopped_at": self.stopped_at.isoformat() if self.stopped_at else None,
            "state": self.state,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "ClockState":
        return cls(
            started_at=datetime.fromisoformat(data["started_at"]),
            limit=parse_any_limit(data["limit"]),
            due_at=datetime.fromisoformat(data["due_at"]),
            is_provisional=data["provisional"],
            explanation=data["explanation"],
            pauses=tuple(
                Pause(
                    **pause
                    | {
                        "from_at": datetime.fromisoformat(pause["from_at"]),
                        "to_at": datetime.fromisoformat(pause["to_at"]) if pause["to_at"] else None,
                    }
                )
                for pause in data["pauses"]
            ),
            stopped_at=datetime.fromisoformat(data["stopped_at"]) if data["stopped_at"] else None,
            state=data["state"],
        )

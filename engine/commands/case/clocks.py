"""Clocks of one case within one command: started and stopped by visits, with the rows of their ladders."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.model import ClockRow, LadderStep, new_key, table_of
from engine.profiles import Ladder, Profile, ProfileLimit
from engine.worktime import Calendar, ClockState, RecurringRule, Unit, due_at, parse_limit

JUST_AFTER = timedelta(milliseconds=1)  # Exactly due is not yet breached (design, section 5).

_clocks, _steps = table_of(ClockRow), table_of(LadderStep)
_OPEN = select(_clocks).where(_clocks.c.instance_key == bindparam("of_case"), _clocks.c.stopped_at.is_(None))
_MEASURED = (
    select(_clocks.c.clock_key)
    .where(
        _clocks.c.instance_key == bindparam("of_case"),
        _clocks.c.process_key == bindparam("of_process"),
        _clocks.c.element_id == bindparam("of_element"),
        _clocks.c.limit_name == bindparam("of_limit"),
    )
    .limit(1)
)
_INSERT = _clocks.insert()
_UPDATE = _clocks.update().where(_clocks.c.clock_key == bindparam("of_clock"))
_INSERT_STEPS = _steps.insert()
_CANCEL_STEPS = (
    _steps.update()
    .where(_steps.c.clock_key == bindparam("of_clock"), _steps.c.state == "waiting")
    .values(state="cancelled")
)


class OpenClock:
    """One clock that has not stopped: its row and the state that explains it."""

    def __init__(self, row: dict[str, Any], state: ClockState) -> None:
        self.row = row
        self.state = state
        self.is_new = False
        self.is_changed = False
        self.is_replanned = False
        self.was_due_at: datetime | None = None  # before this command moved it

    @property
    def key(self) -> str:
        return str(self.row["clock_key"])

    @property
    def due_at(self) -> datetime:
        return self.state.due_at

    @property
    def fires_at(self) -> datetime:
        """When a timer that shares this clock fires: exactly due is not yet breached."""
        return self.state.due_at + JUST_AFTER


class CaseClocks:
    def __init__(
        self,
        session: Session,
        instance_key: str,
        organisation_key: str,
        profile: Profile | None,
        calendar: Calendar,
        *,
        is_new_case: bool,
    ) -> None:
        self.session = session
        self.instance_key = instance_key
        self.organisation_key = organisation_key
        self.profile = profile
        self.calendar = calendar
        self._open: dict[str, OpenClock] | None = {} if is_new_case else None
        self._stopped: list[OpenClock] = []

    @property
    def open(self) -> dict[str, OpenClock]:
        if self._open is None:
            rows = self.session.connection().execute(_OPEN, {"of_case": self.instance_key}).mappings()
            self._open = {
                row["clock_key"]: OpenClock(dict(row), ClockState.from_data(row["data"])) for row in rows
            }
        return self._open

    def start(
        self,
        limit: ProfileLimit,
        *,
        at: datetime,
        process_key: str,
        element_id: str,
        element_instance_key: str,
        unit_key: str,
        role_key: str | None,
        warn: tuple[str, ...] | None,
        ladder: str | None,
        is_pausable: bool,
    ) -> OpenClock:
        assert limit.limit is not None
        state = ClockState.start(at, limit.limit, self.calendar)
        row = {
            "clock_key": new_key(),
            "instance_key": self.instance_key,
            "organisation_key": self.organisation_key,
            "limit_name": limit.name,
            "limit_id": limit.id or limit.name,
            "process_key": process_key,
            "element_id": element_id,
            "element_instance_key": element_instance_key,
            "unit_key": unit_key,
            "role_key": limit.role or role_key,
            "ladder": ladder or limit.ladder,
            "state": "running",
            "started_at": at,
            "is_pausable": is_pausable,
            "stopped_at": None,
            "breached_at": None,
            "acknowledged_at": None,
            "acknowledged_by": None,
            "warn": list(self._warnings(limit, warn, ladder)),
        }
        clock = OpenClock(row, state)
        clock.is_new = clock.is_replanned = True
        self.open[clock.key] = clock
        return clock

    def stop(self, clock: OpenClock, *, at: datetime, is_met: bool) -> None:
        """Ends the measure: met or, when the work was given up, cancelled. A breach stays a breach."""
        if clock.row["state"] == "paused":
            # A timer elsewhere may share this clock: it counts on from here.
            clock.was_due_at = clock.due_at
            clock.state = clock.state.resume(at, self.calendar)
            clock.is_replanned = True
        clock.state = clock.state.stop(at) if is_met else clock.state.cancel(at)
        if at > clock.due_at and clock.row["breached_at"] is None:
            clock.row["breached_at"] = clock.due_at
        if clock.row["breached_at"] is not None:
            clock.row["state"] = "breached"
        else:
            clock.row["state"] = "met" if is_met else "cancelled"
        clock.row["stopped_at"] = at
        clock.is_changed = True
        del self.open[clock.key]
        self._stopped.append(clock)

    def change(self, clock: OpenClock, state: ClockState, row_state: str) -> None:
        """Paused, resumed or extended: the due moment may have moved, so the ladder is planned anew."""
        clock.was_due_at = clock.due_at
        clock.state = state
        clock.row["state"] = row_state
        clock.is_changed = clock.is_replanned = True

    def of_visit(self, element_instance_key: str) -> list[OpenClock]:
        return [one for one in self.open.values() if one.row["element_instance_key"] == element_instance_key]

    def replanned(self) -> list[OpenClock]:
        """Clocks of which timers may have to move: paused or resumed by this command, or stopped while paused."""
        clocks = (*self.open.values(), *self._stopped)
        return [one for one in clocks if one.is_replanned and not one.is_new]

    def of_limit(self, limit_name: str, host_key: str | None = None) -> OpenClock | None:
        """The clock that a timer with this limit shares: that of its own task, else the one started last."""
        found = [one for one in self.open.values() if one.row["limit_name"] == limit_name]
        own = [one for one in found if one.row["element_instance_key"] == host_key]
        found = own or found
        return max(found, key=lambda one: (one.row["started_at"], one.key)) if found else None

    def of_element(self, process_key: str, element_id: str, limit_name: str | None = None) -> list[OpenClock]:
        return [
            one
            for one in (*self.open.values(), *self._stopped)
            if one.row["process_key"] == process_key
            and one.row["element_id"] == element_id
            and (limit_name is None or one.row["limit_name"] == limit_name)
        ]

    def was_measured(self, process_key: str, element_id: str, limit_name: str) -> bool:
        """Whether this case has, or had, a clock of that limit on that element."""
        if self.of_element(process_key, element_id, limit_name):
            return True
        place = {
            "of_case": self.instance_key,
            "of_process": process_key,
            "of_element": element_id,
            "of_limit": limit_name,
        }
        return self.session.connection().execute(_MEASURED, place).first() is not None

    def save(self, now: datetime) -> None:
        clocks = [*self.open.values(), *self._stopped]
        new = [one for one in clocks if one.is_new]
        changed = [one for one in clocks if one.is_changed and not one.is_new]
        connection = self.session.connection()
        if new:
            connection.execute(_INSERT, [_columns(one) for one in new])
        if changed:
            connection.execute(_UPDATE, [_columns(one) | {"of_clock": one.key} for one in changed])
        replanned = [one for one in clocks if one.is_replanned and one.row["stopped_at"] is None]
        stale = [one.key for one in (*self._stopped, *replanned) if not one.is_new]
        if stale:
            connection.execute(_CANCEL_STEPS, [{"of_clock": key} for key in stale])
        sent = self._sent_warnings([one.key for one in replanned if not one.is_new])
        steps = [step for one in replanned for step in self._ladder_steps(one, now, sent.get(one.key, set()))]
        if steps:
            connection.execute(_INSERT_STEPS, steps)

    def _warnings(
        self, limit: ProfileLimit, warn: tuple[str, ...] | None, ladder: str | None
    ) -> Iterable[str]:
        plan = self.ladder_of(ladder or limit.ladder)
        yield from warn or limit.warn or plan.warn
        if limit.lower is not None:
            yield f"from {limit.lower}"

    def ladder_of(self, name: str) -> Ladder:
        return Ladder(name) if self.profile is None else self.profile.ladder(name)

    def _sent_warnings(self, clock_keys: list[str]) -> dict[str, set[int]]:
        """Clock key → numbers of the warnings that people have heard."""
        if not clock_keys:
            return {}
        rows = self.session.execute(
            select(LadderStep.clock_key, LadderStep.number).where(
                LadderStep.clock_key.in_(clock_keys),
                LadderStep.kind == "warning",
                LadderStep.state == "sent",
            )
        )
        found: dict[str, set[int]] = {}
        for row in rows:
            found.setdefault(row.clock_key, set()).add(row.number)
        return found

    def _ladder_steps(self, clock: OpenClock, now: datetime, sent: set[int]) -> list[dict[str, Any]]:
        """Warnings that nobody has heard or that lie ahead again, and the breach.

        Rungs above follow one by one as each is reached.
        """
        if clock.row["state"] == "paused" or clock.row["acknowledged_at"] is not None:
            return []
        steps = []
        for number, label in enumerate(clock.row["warn"]):
            at = self._warning_at(clock, label)
            if clock.row["started_at"] < at < clock.due_at and (at > now or number not in sent):
                steps.append(self._step(clock, "warning", number, label, at))
        if clock.row["breached_at"] is None:
            steps.append(self._step(clock, "breach", 0, "", clock.due_at + JUST_AFTER))
        return steps

    def _warning_at(self, clock: OpenClock, label: str) -> datetime:
        if label.endswith("%"):
            return clock.state.moment_at_share(int(label[:-1]) / 100, self.calendar)
        if label.startswith("from "):  # the lower bound of a range of the source
            return due_at(clock.state.started_at, parse_limit(label[5:]), self.calendar).due_at
        return clock.state.moment_before_due(parse_limit(label), self.calendar)

    def next_rung_at(self, clock: OpenClock, after: datetime) -> datetime:
        """One equal interval after the last step (which was sent just after its moment), in the limit's measure."""
        every = self.ladder_of(clock.row["ladder"]).every
        interval = clock.state.limit if every == "equal" else parse_limit(every)
        if isinstance(interval, RecurringRule):
            # Its next date may be a year away; the equal interval is the time that there was.
            return after + (clock.due_at - clock.state.started_at)
        before = after - JUST_AFTER
        match interval.unit:
            case Unit.SAME_DAY:
                before = after  # The day is over: it counts from the next.
            case Unit.CD | Unit.CM:
                before -= (
                    JUST_AFTER  # 24:00 ends its day; as 0:00 it would begin the next, and a day be lost.
                )
        return due_at(before, interval, self.calendar).due_at + JUST_AFTER

    def _step(self, clock: OpenClock, kind: str, number: int, label: str, due: datetime) -> dict[str, Any]:
        return {
            "step_key": new_key(),
            "clock_key": clock.key,
            "instance_key": self.instance_key,
            "kind": kind,
            "number": number,
            "label": label,
            "due_at": due,
            "state": "waiting",
            "sent_at": None,
        }


def _columns(clock: OpenClock) -> dict[str, Any]:
    return clock.row | {
        "due_at": clock.due_at,
        "is_provisional": clock.state.is_provisional,
        "data": clock.state.to_data(),
    }

"""Where a case waits, as rows: tasks, jobs, timers, messages."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from engine.commands.case.clocks import CaseClocks
from engine.commands.case.frame import CaseFrame
from engine.commands.case.jobs import CaseJobs
from engine.commands.case.suspended import HELD
from engine.commands.case.tasks import CaseTasks
from engine.commands.case.timers import plan_timer
from engine.model import (
    Incident,
    Message,
    MessageSubscription,
    Timer,
    is_signal,
    signal_waited_for,
    table_of,
)
from engine.spiff import WaitingPlace
from engine.store import hold_name

_timers, _subscriptions, _incidents = table_of(Timer), table_of(MessageSubscription), table_of(Incident)
_INSERT_TIMERS = _timers.insert()
_CANCEL_TIMER = (
    _timers.update()
    .where(
        _timers.c.timer_key == bindparam("of_timer"),
        # Not `in_`: it cannot be used when several timers are closed at once (executemany).
        or_(*(_timers.c.state == state for state in ("waiting", "paused", "failed", HELD))),
    )
    .values(state="cancelled")
)
_INSERT_SUBSCRIPTIONS = _subscriptions.insert()
_DELETE_SUBSCRIPTION = _subscriptions.delete().where(
    _subscriptions.c.subscription_key == bindparam("of_subscription")
)
_RESOLVE = _incidents.update().where(
    _incidents.c.element_instance_key == bindparam("of_element"), _incidents.c.resolved_at.is_(None)
)
_RESOLVE_STEP = _incidents.update().where(
    _incidents.c.instance_key == bindparam("of_case"),
    _incidents.c.element_id == bindparam("of_element"),
    _incidents.c.element_instance_key.is_(None),
    _incidents.c.job_key.is_(None),
    _incidents.c.resolved_at.is_(None),
)
_RESOLVE_ALL = _incidents.update().where(
    _incidents.c.instance_key == bindparam("of_case"), _incidents.c.resolved_at.is_(None)
)


def waiting_name(row: Mapping[str, Any]) -> str:
    """What a message and the place that waits for it have in common: whoever looks for the other holds this name."""
    return f"{row['organisation_key']}:{row['message_name']}:{row['correlation']}"


class CasePlaces:
    def __init__(self, frame: CaseFrame, clocks: CaseClocks, tasks: CaseTasks, jobs: CaseJobs) -> None:
        self.frame, self.clocks, self.tasks, self.jobs = frame, clocks, tasks, jobs
        self._timers: dict[str, dict[str, Any]] = {}
        self._closed_timers: list[str] = []
        self._fired: set[str] = set()
        self._subscriptions: dict[str, dict[str, Any]] = {}
        self._closed_subscriptions: list[str] = []
        self._delivered: list[str] = []
        self._left: list[str] = []
        self._done: set[str] = set()

    def open(self, place: WaitingPlace) -> None:
        match place.kind:
            case "user_task":
                self.tasks.open(place)
            case "job":
                self.jobs.open(place)
            case "timer" | "repeating_timer":
                self._open_timer(place)
            case "message":
                self._subscribe(place)
            case "signal":
                self._listen(place)
            case _:
                pass  # Errors and escalations are caught where they are raised; nobody outside rings for them.

    def note_done(self, element_id: str) -> None:
        """A step past this element was taken: if one had failed there, that is over."""
        self._done.add(element_id)

    def close(self, place: WaitingPlace) -> None:
        self._left.append(place.key)
        match place.kind:
            case "user_task":
                self.tasks.close(place.key)
            case "job":
                self.jobs.close(place.key)
            case "timer" | "repeating_timer":
                if self._timers.pop(place.key, None) is None and place.key not in self._fired:
                    self._closed_timers.append(place.key)
            case "message" | "signal":
                if self._subscriptions.pop(place.key, None) is None:
                    self._closed_subscriptions.append(place.key)
            case _:
                pass

    def note_fired(self, timer_key: str) -> None:
        """Its row is written by the command that fires it."""
        self._fired.add(timer_key)

    def _open_timer(self, place: WaitingPlace) -> None:
        scope = self.frame.scope(place.key.partition(":")[0])
        plan = plan_timer(place, scope, self.frame.host, self.clocks)
        if plan is None:
            return
        self._timers[place.key] = {
            "timer_key": place.key,
            "instance_key": self.frame.record.instance_key,
            "element_instance_key": place.key.partition(":")[0],
            "element_id": place.element_id,
            "text": place.text,
            "due_at": plan.due_at,
            "fires_at": plan.fires_at,
            "state": "paused" if plan.is_paused else self._waiting,
            "clock_key": plan.clock_key,
            "cycles_left": plan.cycles_left,
            "cycle_seconds": plan.cycle_seconds,
            "fired_at": None,
            "explanation": plan.explanation,
        }
        self.tasks.note_timer(place.host_key, plan.due_at)

    def _subscribe(self, place: WaitingPlace) -> None:
        model = self.frame.release.models.get(place.process_key)
        element = model.catcher(place.element_id, place.text) if model else None
        scope = self.frame.scope(place.key.partition(":")[0])
        text = element.properties.get("correlation") if element else None
        self._subscriptions[place.key] = {
            "subscription_key": place.key,
            "instance_key": self.frame.record.instance_key,
            "organisation_key": self.frame.record.organisation_key,
            "message_name": place.text,
            "correlation": self.frame.correlation(text, scope.visible()),
            "element_id": element.id if element else place.element_id,
        }

    def _listen(self, place: WaitingPlace) -> None:
        """A signal comes to all that wait for it, whatever case they belong to."""
        self._subscriptions[place.key] = {
            "subscription_key": place.key,
            "instance_key": self.frame.record.instance_key,
            "organisation_key": self.frame.record.organisation_key,
            "message_name": signal_waited_for(place.text),
            "correlation": "",
            "element_id": place.element_id,
        }

    def early_message(self) -> tuple[str, dict[str, Any]] | None:
        """A message that came before the case waited for it: (subscription key, its variables)."""
        for key, row in self._subscriptions.items():
            if is_signal(row["message_name"]):
                continue  # Who comes late has missed it.
            hold_name(self.frame.session, waiting_name(row))
            found = self.frame.session.execute(
                select(Message.message_key, Message.variables)
                .where(
                    Message.state == "kept",
                    Message.organisation_key == row["organisation_key"],
                    Message.message_name == row["message_name"],
                    Message.correlation == row["correlation"],
                    Message.expires_at > self.frame.now,
                    Message.message_key.not_in(self._delivered),
                )
                .order_by(Message.received_at, Message.message_key)
                .limit(1)
            ).one_or_none()
            if found is not None:
                self._delivered.append(found.message_key)
                return key, found.variables
        return None

    @property
    def _waiting(self) -> str:
        return "waiting" if self.frame.record.suspended_at is None else HELD

    @property
    def has_timers(self) -> bool:
        return bool(self._timers)

    def save(self) -> None:
        connection = self.frame.session.connection()
        self._resolve_incidents()
        if self._closed_timers:
            connection.execute(_CANCEL_TIMER, [{"of_timer": key} for key in self._closed_timers])
        self._move_timers()
        if self._timers:
            connection.execute(_INSERT_TIMERS, list(self._timers.values()))
        if self._closed_subscriptions:
            connection.execute(
                _DELETE_SUBSCRIPTION, [{"of_subscription": key} for key in self._closed_subscriptions]
            )
        if self._subscriptions:
            connection.execute(_INSERT_SUBSCRIPTIONS, list(self._subscriptions.values()))
        if self._delivered:
            self.frame.session.execute(
                update(Message)
                .where(Message.message_key.in_(self._delivered))
                .values(state="delivered", instance_key=self.frame.record.instance_key)
            )

    def _resolve_incidents(self) -> None:
        """What stopped a place is over when the case leaves it, and everything when the case ends."""
        record, connection = self.frame.record, self.frame.session.connection()
        if not record.has_incident:
            return
        resolved = {"resolved_at": self.frame.now, "resolved_by": self.frame.actor.username}
        if record.state != "running":
            connection.execute(_RESOLVE_ALL, resolved | {"of_case": record.instance_key})
            return
        if self._left:
            connection.execute(_RESOLVE, [resolved | {"of_element": key} for key in self._left])
        if self._done:
            resolved |= {"of_case": record.instance_key}
            connection.execute(_RESOLVE_STEP, [resolved | {"of_element": one} for one in self._done])

    def _move_timers(self) -> None:
        """Timers that share a clock follow its due moment (pauses, resumption)."""
        for clock in self.clocks.replanned():
            is_paused = clock.row["state"] == "paused"
            self.frame.session.execute(
                update(Timer)
                .where(Timer.clock_key == clock.key, Timer.state.in_(("waiting", "paused", HELD)))
                .values(
                    due_at=clock.due_at,
                    fires_at=clock.fires_at,
                    state="paused" if is_paused else self._waiting,
                )
            )

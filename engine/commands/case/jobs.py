"""Service tasks of one command: run inside it when their handler has no outside effect, else queued as jobs."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.commands.case.frame import CaseFrame
from engine.commands.case.json_values import plain
from engine.commands.case.notices import CaseNotices
from engine.commands.case.number_series import next_number
from engine.commands.case.signals import signal_jobs
from engine.commands.handler import Handler, HandlerContext, checked_outputs
from engine.model import BpmnError, new_key
from engine.spiff import Scope, ThrownMessage, ThrownSignal, WaitingPlace
from engine.worktime import parse_cycle, parse_iso_duration

DEFAULT_TRIES = 3
DEFAULT_RETRY_SECONDS = 600


class CaseJobs:
    def __init__(self, frame: CaseFrame, notices: CaseNotices) -> None:
        self.frame, self.notices = frame, notices
        self._queued: dict[str, dict[str, Any]] = {}
        self._inside: list[tuple[WaitingPlace, Handler]] = []
        self._closed: list[str] = []
        self._messages: list[dict[str, Any]] = []

    def open(self, place: WaitingPlace) -> None:
        element = self.frame.release.element(place.process_key, place.element_id)
        scope = self.frame.scope(place.key)
        topic = str(self.frame.host.text(element.topic, scope)) if element and element.topic else ""
        handler = self.frame.engine.handlers.find(topic)
        if handler is not None and handler.in_transaction:
            self._inside.append((place, handler))
            return
        tries, waits = _retry(element.retry_cycle if element else None)
        payload: dict[str, Any] = {"inputs": self._inputs(place, scope)}
        if len(waits) > 1:
            payload["waits"] = waits
        self._queued[place.key] = self._row(
            kind="handler",
            topic=topic,
            place=place,
            tries=tries,
            seconds=waits[0],
            is_external=handler is None,
            payload=payload,
        )

    def close(self, key: str) -> None:
        self._inside = [one for one in self._inside if one[0].key != key]
        if self._queued.pop(key, None) is None:
            self._closed.append(key)

    def take_inside(self) -> tuple[WaitingPlace, Handler] | None:
        return self._inside.pop(0) if self._inside else None

    def run_inside(self, place: WaitingPlace, handler: Handler) -> Mapping[str, Any] | BpmnError:
        """Outputs for the case, or the business error that the handler raised."""
        scope = self.frame.scope(place.key)
        try:
            outputs = handler.run(self.context(place.key, handler.topic, self._inputs(place, scope), scope))
        except BpmnError as error:
            return error
        return self.mapped_outputs(
            place.process_key, place.element_id, scope, checked_outputs(handler.topic, outputs)
        )

    def mapped_outputs(
        self, process_key: str, element_id: str, scope: Scope, outputs: dict[str, Any]
    ) -> dict[str, Any]:
        """`camunda:outputParameter`s, evaluated over what the handler gave; without any, its outputs as they are."""
        element = self.frame.release.element(process_key, element_id)
        if element is None or not element.outputs:
            return outputs
        inner = Scope((("outputs", "called", scope.visible() | outputs),))
        return plain({name: self.frame.host.text(text, inner) for name, text in element.outputs.items()})

    def context(self, key: str, topic: str, inputs: Mapping[str, Any], scope: Scope) -> HandlerContext:
        record = self.frame.record

        def notify(kind: str, to: str, facts: Mapping[str, Any] | None = None) -> None:
            self.notices.tell_role(kind, to, once=f"{kind}:{key}", facts=facts or {})

        return HandlerContext(
            topic=topic,
            inputs=inputs,
            # A copy: what a handler changes inside of a list or a mapping is no output.
            variables=plain(scope.visible()),
            case_number=record.business_key,
            unit_key=record.unit_key,
            now=self.frame.now,
            idempotency_key=f"{record.instance_key}:{key}",
            people=self.frame.directory,
            notify=notify,
            next_number=lambda series, period: next_number(
                self.frame.session, record.organisation_key, series, period
            ),
        )

    def throw(self, message: ThrownMessage) -> None:
        """A message that leaves the case: delivered after the commit, by a job, to whoever waits for it."""
        element = self.frame.release.element(message.process_key, message.element_id)
        text = element.properties.get("correlation") if element else None
        self._messages.append(
            self._row(
                kind="message",
                topic=message.name,
                place=None,
                tries=DEFAULT_TRIES,
                seconds=60,
                is_external=False,
                payload={
                    "organisation_key": self.frame.record.organisation_key,
                    "correlation": self.frame.correlation(text, message.variables),
                    "variables": {},
                    "message_id": new_key(),
                },
            )
        )

    def throw_signal(self, signal: ThrownSignal) -> None:
        """A signal that leaves the case: a job for each other case that waits for it now."""
        record = self.frame.record
        self._messages += signal_jobs(
            self.frame.session,
            record.organisation_key,
            signal.name,
            now=self.frame.now,
            thrown_by=record.instance_key,
        )

    def _inputs(self, place: WaitingPlace, scope: Scope) -> dict[str, Any]:
        element = self.frame.release.element(place.process_key, place.element_id)
        if element is None:
            return {}
        return plain({name: self.frame.host.text(text, scope) for name, text in element.inputs.items()})

    def _row(
        self,
        *,
        kind: str,
        topic: str,
        place: WaitingPlace | None,
        tries: int,
        seconds: int,
        is_external: bool,
        payload: dict[str, Any],
    ) -> dict[str, Any]:
        return {
            "job_key": new_key(),
            "kind": kind,
            "topic": topic,
            "instance_key": self.frame.record.instance_key,
            "element_instance_key": place.key if place else None,
            "process_key": place.process_key if place else None,
            "element_id": place.element_id if place else None,
            "state": "waiting",
            "due_at": self.frame.now,
            "priority": 10 if self.frame.record.is_safety else 0,
            "retries_left": tries,
            "attempts": 0,
            "retry_seconds": seconds,
            "worker": None,
            "lease_until": None,
            "error": None,
            "payload": payload,
            "created_at": self.frame.now,
            "is_external": is_external,
        }

    @property
    def has_work(self) -> bool:
        return bool(self._queued or self._messages)

    def save(self) -> None:
        jobs, session = self.frame.engine.jobs, self.frame.session
        if self._closed:
            jobs.cancel(session, self._closed)
        rows = [*self._queued.values(), *self._messages]
        if rows:
            jobs.enqueue(session, rows)


def _retry(text: str | None) -> tuple[int, list[int]]:
    """(tries, seconds before each further one) of `R3/PT10M`, or of a list such as `PT10M,PT20M`: three tries."""
    if not text:
        return DEFAULT_TRIES, [DEFAULT_RETRY_SECONDS]
    if re.match(r"R\d", text):
        times, span = parse_cycle(text)
        return times or DEFAULT_TRIES, [int(span / timedelta(seconds=1))]
    waits = [int(parse_iso_duration(part.strip()) / timedelta(seconds=1)) for part in text.split(",")]
    return len(waits) + 1, waits

"""Is what is thrown caught, and can what is waited for ever come: errors, escalations, messages."""

from collections.abc import Iterator, Sequence

from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.rules import found
from engine.diagrams.model import Diagram, Element, ProcessModel
from engine.diagrams.normalise import is_made

_ERROR, _ESCALATION = "errorEventDefinition", "escalationEventDefinition"
_THROWERS = ("endEvent", "intermediateThrowEvent")
# Done in the moment in which they are begun, so that nothing can come in between.
_AT_ONCE = ("task", "scriptTask", "businessRuleTask", "sendTask")
_HOLDERS = ("subProcess", "transaction", "adHocSubProcess")


def check(diagrams: Sequence[Diagram], context: LintContext) -> Iterator[Finding]:  # noqa: ARG001
    family = _Family([process for diagram in diagrams for process in diagram.processes])
    for process in family.processes:
        for element in process.elements.values():
            if element.kind in _THROWERS and _ERROR in element.events:
                # At the outermost level an error is the end of the case, and that is what was drawn.
                is_inside = any(not is_made(key) for key in process.enclosing(element.id))
                is_outermost = not is_inside and not family.callers(process)
                if not is_outermost and not family.is_caught(process, element, _ERROR):
                    said = element.error_code or ""
                    yield found("error-uncaught", process, element, zh=said, en=said)
            is_escalation = element.kind in _THROWERS and _ESCALATION in element.events
            if is_escalation and not family.is_caught(process, element, _ESCALATION):
                said = element.escalation_code or ""
                yield found("escalation-uncaught", process, element, zh=said, en=said)
            if element.kind == "boundaryEvent" and not family.can_come(process, element):
                yield found("boundary-never", process, element)
            name = _sent(element)
            if name is not None and name not in family.heard:
                yield found("message-unheard", process, element, zh=name, en=name)


class _Family:
    """All processes that are read together: what calls what, and which messages are waited for."""

    def __init__(self, processes: list[ProcessModel]) -> None:
        self.processes = processes
        self.by_key = {process.id: process for process in processes}
        self.heard = {
            one.message_name
            for process in processes
            for one in process.elements.values()
            if one.message_name and one.kind not in (*_THROWERS, "sendTask")
        }
        self._callers: dict[str, list[tuple[ProcessModel, Element]]] = {}
        for process in processes:
            for one in process.elements.values():
                if one.kind == "callActivity" and one.called_element:
                    self._callers.setdefault(one.called_element, []).append((process, one))

    def callers(self, process: ProcessModel) -> list[tuple[ProcessModel, Element]]:
        return self._callers.get(process.id, [])

    def is_caught(self, process: ProcessModel, thrower: Element, kind: str) -> bool:
        """Whether on every way outwards some boundary event catches it; `kind` is its event definition."""
        waiting, seen = [(process, thrower)], set()
        while waiting:
            process, element = waiting.pop()
            around = [element.id, *process.enclosing(element.id)]
            if any(
                _catches(one, kind, thrower) and one.attached_to in around
                for one in process.elements.values()
            ):
                continue
            callers = self.callers(process)
            if not callers:
                return False
            if process.id not in seen:
                seen.add(process.id)
                waiting += callers
        return True

    def can_come(self, process: ProcessModel, boundary: Element) -> bool:
        host = process.elements.get(boundary.attached_to or "")
        if host is None or not boundary.events or host.multi_instance is not None:
            return True  # Other rules look at these.
        if not set(boundary.events) <= {_ERROR, _ESCALATION}:
            return host.kind not in _AT_ONCE or bool(host.topic)
        return any(self._can_throw(process, host, kind, boundary, set()) for kind in boundary.events)

    def _can_throw(
        self, process: ProcessModel, host: Element, kind: str, boundary: Element, seen: set[str]
    ) -> bool:
        if kind == _ERROR and host.kind in ("serviceTask", "sendTask"):
            return bool(host.topic)  # What a handler throws is known only when it runs.
        if host.kind == "callActivity":
            called = self.by_key.get(host.called_element or "")
            if called is None:
                return True  # Nobody knows.
            if called.id in seen:
                return False
            seen.add(called.id)
            inside = list(called.elements.values())
            return any(self._throws(called, one, kind, boundary, seen) for one in inside)
        if host.kind in _HOLDERS:
            inside = [one for one in process.elements.values() if host.id in process.enclosing(one.id)]
            return any(self._throws(process, one, kind, boundary, seen) for one in inside)
        return False

    def _throws(
        self, process: ProcessModel, one: Element, kind: str, boundary: Element, seen: set[str]
    ) -> bool:
        if one.kind in _THROWERS:
            return kind in one.events and _catches(boundary, kind, one)
        return one.kind not in _HOLDERS and self._can_throw(process, one, kind, boundary, seen)


def _catches(boundary: Element, kind: str, thrower: Element) -> bool:
    if boundary.kind != "boundaryEvent" or kind not in boundary.events:
        return False
    awaited, thrown = (
        (boundary.error_code, thrower.error_code)
        if kind == _ERROR
        else (boundary.escalation_code, thrower.escalation_code)
    )
    return awaited is None or awaited == thrown


def _sent(element: Element) -> str | None:
    if element.kind == "sendTask" and not element.topic:
        return element.message_name
    is_message = element.kind in _THROWERS and "messageEventDefinition" in element.events
    return element.message_name if is_message else None

"""Event sub-processes, said with boundary events.

The rest of their scope goes into a made sub-process, the body. Their start events become boundary events on it and
lead to them; they themselves become plain sub-processes beside it:

    received → [ body: … ] → end            received → [[ body: … ] + handlers that do not interrupt ] → end
                 └ event → handler → end                            └ event that interrupts → handler → end

What does not interrupt sits on the inner of two bodies, so that what interrupts stops its handlers as well. The start
event of the scope stays outside: it is still what starts the process. A body that is done takes no more events; running
handlers are waited for (BPMN 2.0.2, 13.3.2, the state Completing).
"""

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.normalise.made import (
    definitions_of,
    made_id,
    make_flow,
    make_node,
    outgoing,
    scopes_of,
)
from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN, tag_of

RULE = "event-subprocess"
_TRIGGERS = frozenset({
    *("messageEventDefinition", "timerEventDefinition", "signalEventDefinition", "errorEventDefinition"),
    *("escalationEventDefinition", "conditionalEventDefinition"),
})  # fmt: skip
# What a scope keeps outside of its body: everything that is no step of it.
_STAYS = frozenset({
    *("documentation", "extensionElements", "auditing", "monitoring", "laneSet", "property", "dataObject"),
    *("dataObjectReference", "dataStoreReference", "ioSpecification", "ioBinding", "multiInstanceLoopCharacteristics"),
    *("standardLoopCharacteristics", "incoming", "outgoing", "supportedInterfaceRef", "correlationSubscription"),
    *("resourceRole", "performer", "humanPerformer", "potentialOwner", "artifact", "textAnnotation", "association"),
    *("group", "dataInputAssociation", "dataOutputAssociation", "completionCondition"),
})  # fmt: skip
_TERMINATED = "terminated.made"
_AROUND = ("handled_in", "handled_out", "handled_end")


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    for scope in scopes_of(root):
        handlers = [
            one for one in scope.findall(f"{BPMN}subProcess") if one.get("triggeredByEvent") == "true"
        ]
        if handlers and _can_be_said(scope, handlers):
            yield from _Scope(scope).rewritten(handlers)


def _can_be_said(scope: etree._Element, handlers: list[etree._Element]) -> bool:
    """Else all of it is left as drawn, and lint refuses it."""
    if tag_of(scope) not in ("process", "subProcess") or not scope.get("id"):
        return False
    starts = scope.findall(f"{BPMN}startEvent")
    if len(starts) != 1 or not outgoing(scope, starts[0].get("id")):
        return False
    triggers = [one.findall(f"{BPMN}startEvent") for one in handlers]
    if not all(
        len(found) == 1 and len(definitions_of(found[0])) == 1 and definitions_of(found[0])[0] in _TRIGGERS
        for found in triggers
    ):
        return False
    escalations = {
        _interrupts(found[0])
        for found in triggers
        if definitions_of(found[0]) == ["escalationEventDefinition"]
    }
    # With one of each kind the inner body would catch first, whichever of them is the closer match.
    return len(escalations) < 2


def _interrupts(start: etree._Element) -> bool:
    return str(start.get("isInterrupting")) != "false"


class _Scope:
    def __init__(self, scope: etree._Element) -> None:
        self.scope = scope
        self.key = scope.get("id", "")
        self.line = scope.sourceline
        self.start = scope.find(f"{BPMN}startEvent")

    def rewritten(self, handlers: list[etree._Element]) -> Iterator[Rewrite]:
        gentle = [one for one in handlers if not _interrupts(one.find(f"{BPMN}startEvent"))]
        strict = [one for one in handlers if one not in gentle]
        steps = [
            node
            for node in self.scope
            if node is not self.start and node not in handlers and tag_of(node) not in _STAYS
        ]
        body = self._body(self.scope, "body", steps)
        self._give_start(body, self.start)
        holder = body
        if gentle and (strict or self._terminates(body)):
            self._handle(self.scope, body, gentle)
            inner = [body, *gentle, *self._boundaries(body), *self._ends_and_flows_of(gentle)]
            holder = self._body(self.scope, "whole", inner)
            start = make_node(holder, "startEvent", made_id(self.key, "whole_start"), self.line)
            end = make_node(holder, "endEvent", made_id(self.key, "body_end"), self.line)
            make_flow(holder, made_id(self.key, "to_body"), start.get("id"), body.get("id", ""), self.line)
            make_flow(holder, made_id(self.key, "from_body"), body.get("id", ""), end.get("id"), self.line)
            self._terminate_all(body, holder)
        else:
            self._handle(self.scope, holder, gentle)
        self._handle(self.scope, holder, strict)
        end = make_node(self.scope, "endEvent", made_id(self.key, "scope_end"), self.line)
        make_flow(
            self.scope,
            made_id(self.key, "scope_in"),
            self.start.get("id", ""),
            holder.get("id", ""),
            self.line,
        )
        make_flow(self.scope, made_id(self.key, "scope_out"), holder.get("id", ""), end.get("id"), self.line)
        for one in handlers:
            yield Rewrite(
                RULE, one.get("id"), one.sourceline,
                "事件子流程按附着在其余部分上的边界事件执行。",
                "The event sub-process is carried out as a boundary event on the rest of its process.",
            )  # fmt: skip

    def _body(self, scope: etree._Element, what: str, nodes: list[etree._Element]) -> etree._Element:
        body: etree._Element = make_node(scope, "subProcess", made_id(self.key, what), self.line)
        for node in nodes:
            body.append(node)
        return body

    def _give_start(self, body: etree._Element, drawn: etree._Element) -> None:
        """Inside begins what the drawn start event led to."""
        start = make_node(body, "startEvent", made_id(drawn.get("id", ""), "start"), drawn.sourceline)
        for flow in outgoing(body, drawn.get("id")):
            flow.set("sourceRef", start.get("id"))

    def _handle(self, scope: etree._Element, host: etree._Element, handlers: list[etree._Element]) -> None:
        for handler in handlers:
            trigger = handler.find(f"{BPMN}startEvent")
            self._give_start(handler, trigger)
            scope.append(trigger)
            trigger.tag = f"{BPMN}boundaryEvent"
            trigger.set("attachedToRef", host.get("id", ""))
            trigger.set("cancelActivity", "true" if _interrupts(trigger) else "false")
            trigger.attrib.pop("isInterrupting", None)
            del handler.attrib["triggeredByEvent"]
            key, line = handler.get("id", ""), handler.sourceline
            end = make_node(scope, "endEvent", made_id(key, "handled_end"), line)
            make_flow(scope, made_id(key, "handled_in"), trigger.get("id", ""), key, line)
            make_flow(scope, made_id(key, "handled_out"), key, end.get("id"), line)

    def _boundaries(self, host: etree._Element) -> list[etree._Element]:
        found = self.scope.findall(f"{BPMN}boundaryEvent")
        return [one for one in found if one.get("attachedToRef") == host.get("id")]

    def _ends_and_flows_of(self, handlers: list[etree._Element]) -> list[etree._Element]:
        ids = {made_id(one.get("id", ""), what) for one in handlers for what in _AROUND}
        return [one for one in self.scope if one.get("id") in ids]

    def _terminates(self, body: etree._Element) -> bool:
        return any(
            "terminateEventDefinition" in definitions_of(one) for one in body.findall(f"{BPMN}endEvent")
        )

    def _terminate_all(self, body: etree._Element, holder: etree._Element) -> None:
        """A terminate end event of the body ends handlers that run beside it, too: it is an error that nobody but the
        whole catches."""
        if not self._terminates(body):
            return
        root = self.scope.getroottree().getroot()
        if root.find(f"{BPMN}error[@id='{_TERMINATED}']") is None:
            root.insert(0, root.makeelement(f"{BPMN}error", {"id": _TERMINATED, "errorCode": _TERMINATED}))
        for one in body.findall(f"{BPMN}endEvent"):
            for definition in one.findall(f"{BPMN}terminateEventDefinition"):
                definition.tag = f"{BPMN}errorEventDefinition"
                definition.set("errorRef", _TERMINATED)
        caught = make_node(
            self.scope, "boundaryEvent", made_id(self.key, "terminated"), self.line,
            attachedToRef=holder.get("id", ""), cancelActivity="true",
        )  # fmt: skip
        etree.SubElement(caught, f"{BPMN}errorEventDefinition", {"errorRef": _TERMINATED})
        end = make_node(self.scope, "endEvent", made_id(self.key, "terminated_end"), self.line)
        make_flow(
            self.scope, made_id(self.key, "to_terminated_end"), caught.get("id"), end.get("id"), self.line
        )

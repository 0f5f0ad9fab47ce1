"""The rule of BPMN for tokens, in plain Python: what a diagram means, independent of the engine that runs it.

Slow and small. One step from outside is worked off until every token waits.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from random_drawing import Body, Drawn, Node

_ENDING = "ending"  # the way of a token behind a node without outgoing flow
_FROM_OUTSIDE = ("timer", "message", "signal", "condition")


@dataclass(eq=False)
class Running:
    """One run of a process or of a sub-process."""

    body: Body
    host: "Activity | None"
    tokens: Counter[str] = field(default_factory=Counter)  # flow → how many
    active: list["Activity"] = field(default_factory=list)
    is_begun: bool = False
    is_over: bool = False
    waiting: dict[str, "Activity"] = field(default_factory=dict)  # event sub-processes that may come
    is_interrupted: bool = False  # by an event sub-process, after which no other begins
    handled: set[str] = field(default_factory=set)  # event sub-processes of timers that have come

    def takes(self, start: Node) -> bool:
        """Whether the start event of an event sub-process is listened to (BPMN 2.0.2, 13.3.2).

        When the rest is done, handlers that run are waited for: they can be interrupted, but no others begin.
        """
        if self.is_interrupted:
            return False
        return any(start.cancels or not one.node.by_event for one in self.active) or any(self.tokens.values())


@dataclass(eq=False)
class Activity:
    """A node that a token waits at, with what runs inside of it."""

    node: Node
    scope: Running
    inner: list[Running] = field(default_factory=list)
    open_places: int = 0  # user tasks or jobs that are open in it
    done: int = 0
    to_come: int = 0  # sequential repetitions that have not begun
    was_true: set[str] = field(default_factory=set)  # conditions of events on it
    fired: set[str] = field(default_factory=set)  # timers come only once


@dataclass(frozen=True)
class Place:
    """Where somebody outside may act: `element_id` as the engine names it."""

    element_id: str
    kind: str  # user_task | job | timer | message
    activity: Activity
    event: Node | None = None  # the boundary event, or the event behind an event gateway

    @property
    def text(self) -> str:
        return (self.event or self.activity.node).code or ""


class Interpreter:
    def __init__(self, drawn: Drawn) -> None:
        self.drawn = drawn
        self.variables: Mapping[str, Any] = {}
        self.completed: Counter[str] = Counter()  # of the present step
        self.end: str | None = None
        self.top = Running(next(iter(drawn.processes.values())), None)

    @property
    def is_completed(self) -> bool:
        return self.top.is_over

    def begin(self, variables: Mapping[str, Any]) -> None:
        self._step(variables)
        self._settle()

    def complete(self, place: Place, variables: Mapping[str, Any]) -> None:
        self._step(variables)
        place.activity.open_places -= 1
        self._one_done(place.activity)
        self._settle()

    def fire(self, place: Place, variables: Mapping[str, Any]) -> None:
        self._step(variables)
        self._fire(place)
        self._settle()

    def _fire(self, place: Place) -> None:
        event, activity = place.event, place.activity
        if event is None:
            self._leave(activity)
        elif event.kind == "boundaryEvent":
            self._caught(activity, event)
        elif event.kind == "startEvent":
            self._handled(activity, event)
        else:  # behind an event gateway
            self._leave_without_tokens(activity)
            self.completed[activity.node.id] += 1
            self.completed[event.id] += 1
            self._send_on(activity.scope, event)

    def throw(self, place: Place, code: str, variables: Mapping[str, Any]) -> None:
        self._step(variables)
        assert self._raise(place.activity, "error", code), code
        self._settle()

    def hear(self, signal: str, variables: Mapping[str, Any]) -> None:
        self._step(variables)
        self._tell_all(self._waiting_for(signal))
        self._settle()

    def look(self, variables: Mapping[str, Any]) -> None:
        self._step(variables)
        self._settle()

    def places(self) -> list[Place]:
        found = []
        for scope in self._scopes():
            found += [place for one in scope.active for place in self._places(scope, one)]
            found += self._handler_places(scope)
        return found

    def _handler_places(self, scope: Running) -> Iterator[Place]:
        for handler in scope.body.handlers():
            start = handler.body.start() if handler.body else handler
            if start.event in _FROM_OUTSIDE and handler.id not in scope.handled and scope.takes(start):
                stand_in = scope.waiting.setdefault(handler.id, Activity(handler, scope))
                yield Place(start.id, start.event, stand_in, start)

    def would_catch(self, activity: Activity | None, kind: str, code: str) -> tuple[Activity, Node] | None:
        """The boundary event, or the start of the event sub-process, that takes what is thrown in `activity`."""
        while activity is not None:
            for one in activity.scope.body.boundaries(activity.node.id):
                if one.event == kind and one.code == code:
                    return activity, one
            if not activity.node.by_event:
                for handler in [] if activity.scope.is_interrupted else activity.scope.body.handlers():
                    start = handler.body.start() if handler.body else handler
                    if start.event == kind and start.code == code:
                        return Activity(handler, activity.scope), start
            activity = activity.scope.host
        return None

    # -- what happens at one node

    def _step(self, variables: Mapping[str, Any]) -> None:
        self.variables, self.completed = variables, Counter()

    def _places(self, scope: Running, one: Activity) -> Iterator[Place]:
        kind = one.node.kind
        if kind in ("userTask", "task"):  # the engine leaves a plain task to a person too
            yield from [Place(one.node.id, "user_task", one)] * one.open_places
        elif kind == "serviceTask":
            yield from [Place(one.node.id, "job", one)] * one.open_places
        elif kind in ("intermediateCatchEvent", "receiveTask"):
            yield Place(one.node.id, one.node.event or "message", one)
        elif kind == "eventBasedGateway":
            for flow in scope.body.out(one.node.id):
                event = scope.body.nodes[flow.target]
                yield Place(
                    event.id if event.event == "timer" else one.node.id, event.event or "", one, event
                )
        for boundary in scope.body.boundaries(one.node.id):
            if boundary.event in _FROM_OUTSIDE and boundary.id not in one.fired:
                yield Place(boundary.id, boundary.event, one, boundary)

    def _start(self, scope: Running) -> None:
        start = scope.body.start()
        self.completed[start.id] += 1
        self._send_on(scope, start)

    def _send_on(self, scope: Running, node: Node) -> None:
        """One token for each outgoing flow that is taken."""
        flows = scope.body.out(node.id)
        if node.kind == "exclusiveGateway":
            taken = [one for one in flows if one.id != node.default and self._holds(one.condition)][:1]
        elif node.kind != "parallelGateway":
            taken = [one for one in flows if one.id != node.default and self._holds(one.condition)]
        else:
            taken = flows
        if not taken and node.default:
            taken = [one for one in flows if one.id == node.default]
        assert taken or not flows, node.id
        if not flows:
            scope.tokens[_ENDING] += 1
        for one in taken:
            scope.tokens[one.id] += 1

    def _holds(self, condition: str | None) -> bool:
        return condition is None or bool(eval(condition, {"__builtins__": {}}, dict(self.variables)))

    def _enter(self, scope: Running, node: Node) -> None:
        match node.kind:
            case "endEvent":
                self._ended(scope, node)
            case "intermediateThrowEvent":
                self.completed[node.id] += 1
                self._send_on(scope, node)
                if node.event == "escalation":
                    self._raise_in(scope, "escalation", node.code or "")
                elif node.event == "signal":
                    self._tell_all(self._waiting_for(node.code or ""))
            case "userTask" | "task" | "serviceTask" | "subProcess" | "callActivity":
                self._begin(scope, node)
            case "intermediateCatchEvent" | "receiveTask" | "eventBasedGateway":
                scope.active.append(Activity(node, scope))
            case _:
                self.completed[node.id] += 1
                self._send_on(scope, node)

    def _begin(self, scope: Running, node: Node) -> None:
        activity = Activity(node, scope)
        scope.active.append(activity)
        several = node.several
        at_once = 1 if several is None or several.is_sequential else several.count
        activity.to_come = 0 if several is None else several.count - at_once
        for _ in range(at_once):
            self._begin_one(activity)

    def _begin_one(self, activity: Activity) -> None:
        node = activity.node
        if node.kind in ("userTask", "task", "serviceTask"):
            activity.open_places += 1
            return
        body = node.body or self.drawn.processes[node.called or ""]
        inner = Running(body, activity)
        activity.inner.append(inner)

    def _one_done(self, activity: Activity) -> None:
        several = activity.node.several
        activity.done += 1
        self.completed[activity.node.id] += 1
        if several is None or activity.done >= several.enough or activity.done == several.count:
            self._leave(activity, is_noted=False)
        elif activity.to_come:
            activity.to_come -= 1
            self._begin_one(activity)

    def _leave(self, activity: Activity, is_noted: bool = True) -> None:
        self._leave_without_tokens(activity)
        if is_noted:
            self.completed[activity.node.id] += 1
        self._send_on(activity.scope, activity.node)

    def _leave_without_tokens(self, activity: Activity) -> None:
        activity.scope.active.remove(activity)
        for inner in activity.inner:
            self._kill(inner)

    def _kill(self, scope: Running) -> None:
        scope.is_over = True
        scope.tokens.clear()
        for one in scope.active:
            for inner in one.inner:
                self._kill(inner)
        scope.active.clear()

    def _ended(self, scope: Running, node: Node) -> None:
        self.completed[node.id] += 1
        if scope is self.top:
            self.end = node.id
        match node.event:
            case "terminate":
                self._kill(scope)
                self._scope_over(scope)
            case "error" | "escalation":
                self._raise_in(scope, node.event, node.code or "")
            case "signal":
                # Its own scope still hears it: it is over only after its last token has ended.
                scope.tokens[_ENDING] += 1
                waiting = self._waiting_for(node.code or "")
                scope.tokens[_ENDING] -= 1
                self._tell_all(waiting, scope)

    def _waiting_for(self, signal: str) -> list[Place]:
        """Everybody who waits for it now, outermost first."""
        waiting = [one for one in self.places() if one.kind == "signal" and one.text == signal]
        return sorted(waiting, key=_outermost_first)

    def _tell_all(self, waiting: list[Place], ending: Running | None = None) -> None:
        """What an interruption ends hears nothing any more."""
        for place in waiting:
            scope = place.activity.scope
            event = place.event
            if event is not None and event.kind == "startEvent":
                is_there = not scope.is_interrupted and (scope is ending or scope.takes(event))
            else:
                is_there = place.activity in scope.active
            if is_there and not scope.is_over:
                self._fire(place)

    def _became_true(self) -> bool:
        for place in sorted((one for one in self.places() if one.kind == "condition"), key=_outermost_first):
            known = place.activity.was_true
            is_true = bool(self.variables[place.text] == 1)
            if is_true and place.element_id not in known:
                known.add(place.element_id)
                self._fire(place)
                return True
            if not is_true:
                known.discard(place.element_id)
        return False

    def _raise_in(self, scope: Running, kind: str, code: str) -> None:
        here = Activity(Node("", ""), scope)
        assert self._raise(here, kind, code) or kind == "escalation"

    def _raise(self, activity: Activity | None, kind: str, code: str) -> bool:
        found = self.would_catch(activity, kind, code)
        if found is not None:
            self._caught(*found)
        return found is not None

    def _caught(self, activity: Activity, boundary: Node) -> None:
        if boundary.kind == "startEvent":
            self._handled(activity, boundary)
            return
        self.completed[boundary.id] += 1
        if boundary.event == "timer":
            activity.fired.add(boundary.id)
        if boundary.cancels:
            self._leave_without_tokens(activity)
        self._send_on(activity.scope, boundary)

    def _handled(self, handler: Activity, start: Node) -> None:
        scope = handler.scope
        if start.event == "timer":
            scope.handled.add(handler.node.id)
        if start.cancels:
            scope.is_interrupted = True
            scope.tokens.clear()
            for one in list(scope.active):
                self._leave_without_tokens(one)
        begun = Activity(handler.node, scope)
        scope.active.append(begun)
        self._begin_one(begun)
        begun.inner[-1].is_begun = True
        self._start(begun.inner[-1])

    # -- moving on until everything waits

    def _scopes(self) -> list[Running]:
        found, waiting = [], [self.top]
        while waiting:
            scope = waiting.pop()
            if not scope.is_over:
                found.append(scope)
                waiting += [inner for one in scope.active for inner in one.inner]
        return found

    def _settle(self) -> None:
        while self._became_true() or self._move() or self._inclusive_join() or self._finish_scope():
            pass

    def _move(self) -> bool:
        for scope in self._scopes():
            if not scope.is_begun:
                scope.is_begun = True
                self._start(scope)
                return True
            for flow_id in [key for key, number in scope.tokens.items() if number]:
                if flow_id == _ENDING:
                    del scope.tokens[_ENDING]
                    return True
                node = scope.body.nodes[scope.body.flows[flow_id].target]
                into = [one.id for one in scope.body.into(node.id)]
                if node.kind == "inclusiveGateway" and len(into) > 1:
                    continue
                if node.kind == "parallelGateway":
                    if not all(scope.tokens[one] for one in into):
                        continue
                    for one in into:
                        scope.tokens[one] -= 1
                else:
                    scope.tokens[flow_id] -= 1
                self._enter(scope, node)
                return True
        return False

    def _inclusive_join(self) -> bool:
        for scope in self._scopes():
            for node in scope.body.nodes.values():
                into = scope.body.into(node.id)
                full = {one.id for one in into if scope.tokens[one.id]}
                if node.kind != "inclusiveGateway" or len(into) < 2 or not full:
                    continue
                empty = {one.id for one in into} - full
                if any(
                    self._may_still_come(scope, start, node, empty, full) for start in self._stands(scope)
                ):
                    continue
                for one in full:
                    scope.tokens[one] -= 1
                self._enter(scope, node)
                return True
        return False

    def _stands(self, scope: Running) -> Iterator[set[str]]:
        """For each token the flows that it is on or would leave by."""
        for flow_id, number in scope.tokens.items():
            if number and flow_id != _ENDING:
                yield {flow_id}
        for one in scope.active:
            yield {flow.id for flow in scope.body.out(one.node.id)} | {
                flow.id
                for boundary in scope.body.boundaries(one.node.id)
                for flow in scope.body.out(boundary.id)
            }

    def _may_still_come(
        self, scope: Running, start: set[str], join: Node, empty: set[str], full: set[str]
    ) -> bool:
        seen: set[str] = set()
        waiting = list(start)
        while waiting:
            flow_id = waiting.pop()
            if flow_id in seen:
                continue
            seen.add(flow_id)
            target = scope.body.flows[flow_id].target
            if target == join.id:
                continue
            waiting += [one.id for one in scope.body.out(target)]
            for boundary in scope.body.boundaries(target):
                waiting += [one.id for one in scope.body.out(boundary.id)]
        return bool(seen & empty) and not seen & full

    def _finish_scope(self) -> bool:
        for scope in reversed(self._scopes()):
            if not scope.active and not any(scope.tokens.values()):
                self._scope_over(scope)
                return True
        return False

    def _scope_over(self, scope: Running) -> None:
        scope.is_over = True
        if scope.host is not None and scope.host in scope.host.scope.active:
            self._one_done(scope.host)


def _outermost_first(place: Place) -> tuple[int, bool, bool]:
    depth, scope = 0, place.activity.scope
    while scope.host is not None:
        depth, scope = depth + 1, scope.host.scope
    event = place.event
    is_handler = event is not None and event.kind == "startEvent"
    return depth, not is_handler, not (event is not None and event.cancels)

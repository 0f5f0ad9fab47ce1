"""Random diagrams that are sound: blocks in blocks, with loops, boundary events, throws and implicit ways of drawing.

Every parallel branch begins with something that waits, so that one step from outside has one outcome, whatever the
order in which the branches are worked off.
"""

import itertools
import random
from collections.abc import Iterable

from random_drawing import Body, Drawn, Flow, Node, Several

MOST_NODES = 60
SIGNALS = tuple(f"signal_{number}" for number in range(8))

Throws = tuple[tuple[str, str | None], ...]  # (event, code) of what is caught around; ("terminate", None)


class _Drawer:
    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.numbers = itertools.count(1)
        self.left = self.dice.randint(4, MOST_NODES)
        self.processes: dict[str, Body] = {}
        self.codes: dict[str, set[str]] = {
            one: set() for one in ("message", "error", "escalation", "signal", "condition")
        }
        self.joins_around = 0  # a token that ends on the way would be missed at each of them
        self.is_careless = self.dice.random() < 0.4  # implicit ends and splits, flows without id

    def drawn(self) -> Drawn:
        self.processes["p"] = Body()
        self._fill(self.processes["p"], depth=0, may_join=True, throws=())
        return Drawn(self.processes, self.codes)

    def node(self, body: Body, kind: str, **options: object) -> Node:
        self.left -= 1
        one = Node(f"{_SHORT.get(kind, kind.lower())}_{next(self.numbers)}", kind, **options)  # type: ignore[arg-type]
        body.nodes[one.id] = one
        return one

    def flow(self, body: Body, source: str, target: str, condition: str | None = None) -> Flow:
        one = Flow(f"f_{next(self.numbers)}", source, target, condition, not self.is_careless)
        body.flows[one.id] = one
        return one

    def signal(self, others: Iterable[Node] = ()) -> str:
        """One of a few names; `others` on the same place have other ones."""
        taken = {one.code for one in others}
        name = self.dice.choice([one for one in SIGNALS if one not in taken])
        self.codes["signal"].add(name)
        return name

    def code(self, kind: str) -> str:
        name = f"{kind}_{next(self.numbers)}"
        self.codes[kind].add(name)
        return name

    def _fill(self, body: Body, depth: int, may_join: bool, throws: Throws, waits: bool = False) -> None:
        start = self.node(body, "startEvent")
        joins_around, self.joins_around = self.joins_around, 0
        if self.left > 3 and depth < 4 and self.dice.random() < 0.3:
            throws = self._handlers(body, depth, throws)
        first, last = self._block(body, depth, may_join, throws, waits)
        self.joins_around = joins_around
        self.flow(body, start.id, first)
        self._end(body, last, throws)

    def _handlers(self, body: Body, depth: int, throws: Throws) -> Throws:
        """Event sub-processes; what they catch is thrown in the rest of the body."""
        thrown: list[tuple[str, str | None]] = [one for one in throws if one[0] != "terminate"]
        events = ["timer", "message", "error", "escalation", "signal"]
        for _ in range(self.dice.randint(1, 2)):
            event = self.dice.choice(events)
            if event == "escalation":
                events.remove(event)
            handler = self.node(body, "subProcess")
            handler.by_event, handler.body = True, Body()
            self._fill(handler.body, depth + 1, True, throws, waits=True)
            start = handler.body.start()
            start.cancels = event == "error" or self.dice.random() < 0.5
            if event == "signal":
                start.event, start.code = (
                    event,
                    self.signal(one.body.start() for one in body.handlers() if one.body),
                )
            else:
                self._by(start, event)
            if event in ("error", "escalation"):
                thrown.append((event, start.code))
        return (*thrown, ("terminate", None))

    def _end(self, body: Body, last: str, throws: Throws = ()) -> None:
        if self.is_careless and self.dice.random() < 0.5 and not body.nodes[last].kind.endswith("Gateway"):
            return
        end = self.node(body, "endEvent")
        if throws and self.dice.random() < 0.6:
            end.event, end.code = self.dice.choice(throws)
        elif self.dice.random() < 0.1:
            end.event, end.code = "signal", self.signal()
        self.flow(body, last, end.id)

    def _block(
        self, body: Body, depth: int, may_join: bool, throws: Throws, waits: bool = False
    ) -> tuple[str, str]:
        """Draws a piece with one way in and one way out. `waits`: its first node waits for somebody."""
        first, last = self._piece(body, depth, may_join, throws) if not waits else self._waiting(body)
        while self.left > 0 and self.dice.random() < 0.65:
            second, after = self._piece(body, depth, may_join, throws)
            self.flow(body, last, second)
            last = after
        return first, last

    def _piece(self, body: Body, depth: int, may_join: bool, throws: Throws) -> tuple[str, str]:
        if self.left <= 0 or depth > 4:
            return self._waiting(body)
        kinds = [self._task] * 4 + [self._choice] * 2 + [self._loop, self._sub_process, self._sub_process]
        kinds += [self._event_choice, self._throw, self._call, self._signal]
        if may_join:
            kinds += [self._parallel, self._parallel, self._inclusive]
        return self.dice.choice(kinds)(body, depth + 1, may_join, throws)

    def _waiting(self, body: Body) -> tuple[str, str]:
        kind = self.dice.choice(("userTask", "userTask", "serviceTask", "intermediateCatchEvent"))
        one = self.node(body, kind)
        if kind == "intermediateCatchEvent":
            self._by(one, self.dice.choice(("timer", "message")))
        return one.id, one.id

    def _signal(self, body: Body, depth: int, may_join: bool, throws: Throws) -> tuple[str, str]:
        """Thrown, or caught with a person behind, so that two who are woken at once do not race."""
        if self.dice.random() < 0.6:
            one = self.node(body, "intermediateThrowEvent", event="signal", code=self.signal())
            return one.id, one.id
        one = self.node(body, "intermediateCatchEvent")
        if self.dice.random() < 0.5:
            one.event, one.code = "signal", self.signal()
        else:
            self._by(one, "condition")
        after = self.node(body, "userTask")
        self.flow(body, one.id, after.id)
        return one.id, after.id

    def _by(self, one: Node, event: str) -> None:
        one.event = event
        one.code = None if event == "timer" else self.code(event)

    def _task(self, body: Body, depth: int, may_join: bool, throws: Throws) -> tuple[str, str]:
        kind = self.dice.choice(("userTask", "userTask", "serviceTask", "scriptTask", "task"))
        one = self.node(body, kind)
        if kind in ("userTask", "serviceTask"):
            if self.dice.random() < 0.25:
                one.several = self._several()
            return self._with_boundaries(
                body,
                one,
                ("timer", "message", "signal", "condition")
                if kind == "userTask"
                else ("error", "timer", "signal"),
            )
        return one.id, one.id

    def _several(self) -> Several:
        count = self.dice.randint(1, 3)
        return Several(self.dice.random() < 0.5, count, self.dice.randint(1, count))

    def _with_boundaries(self, body: Body, host: Node, events: tuple[str, ...]) -> tuple[str, str]:
        last = host.id
        while self.dice.random() < (0.5 if host.kind in _HOLDERS else 0.3):
            # Two conditions that become true at once would leave open which of them comes first.
            taken = {one.event for one in body.boundaries(host.id)} & {"condition"}
            event = self.dice.choice([one for one in events if one not in taken])
            boundary = self.node(
                body,
                "boundaryEvent",
                attached_to=host.id,
                cancels=event == "error" or self.dice.random() < 0.5,
            )
            if event in ("signal", "condition"):
                boundary.event = event
                boundary.code = (
                    self.signal(body.boundaries(host.id)) if event == "signal" else self.code(event)
                )
                first = after = self.node(body, "userTask").id
            else:
                self._by(boundary, event)
                first, after = self._waiting(body)
            self.flow(body, boundary.id, first)
            if boundary.cancels and (self.joins_around or self.dice.random() < 0.6):
                merge = self.node(body, "exclusiveGateway")
                self.flow(body, last, merge.id)
                self.flow(body, after, merge.id)
                last = merge.id
            else:
                self._end(body, after)
        return host.id, last

    def _branches(self, waits: bool, body: Body, depth: int, may_join: bool) -> list[tuple[str, str]]:
        self.joins_around += 1
        drawn = [self._block(body, depth, may_join, (), waits=waits) for _ in range(self.dice.randint(2, 3))]
        self.joins_around -= 1
        return drawn

    def _lead(self, body: Body, last: str, join: str) -> None:
        """Into the join; at times by two branches more, which begin on the way and are not joined before."""
        if self.left <= 0 or self.dice.random() > 0.25:
            self.flow(body, last, join)
            return
        split = self.node(body, "parallelGateway")
        self.flow(body, last, split.id)
        for _ in range(2):
            first, after = self._waiting(body)
            self.flow(body, split.id, first)
            self.flow(body, after, join)

    def _choice(self, body: Body, depth: int, may_join: bool, throws: Throws) -> tuple[str, str]:
        split = self.node(body, "exclusiveGateway")
        branches = [self._block(body, depth, may_join, throws) for _ in range(self.dice.randint(2, 3))]
        merge = self.node(body, "exclusiveGateway")
        for number, (first, last) in enumerate(branches):
            condition = None if number == 0 else f"{split.id} == {number}"
            flow = self.flow(body, split.id, first, condition)
            if number == 0:
                flow.has_id = True
                split.default = flow.id
            self.flow(body, last, merge.id)
        return split.id, merge.id

    def _parallel(self, body: Body, depth: int, may_join: bool, throws: Throws) -> tuple[str, str]:
        is_implicit = self.is_careless and self.dice.random() < 0.5
        split = self.node(body, "scriptTask" if is_implicit else "parallelGateway")
        branches = self._branches(True, body, depth, may_join)
        join = self.node(body, "parallelGateway")
        for first, last in branches:
            self.flow(body, split.id, first)
            self._lead(body, last, join.id)
        return split.id, join.id

    def _inclusive(self, body: Body, depth: int, may_join: bool, throws: Throws) -> tuple[str, str]:
        is_implicit = self.is_careless and self.dice.random() < 0.5
        split = self.node(body, "scriptTask" if is_implicit else "inclusiveGateway")
        branches = self._branches(True, body, depth, may_join)
        join = self.node(body, "inclusiveGateway")
        for number, (first, last) in enumerate(branches):
            flow = self.flow(body, split.id, first, None if number == 0 else f"{split.id} in ({number}, 3)")
            if number == 0:
                flow.has_id = True
                split.default = flow.id
            self._lead(body, last, join.id)
        return split.id, join.id

    def _loop(self, body: Body, depth: int, may_join: bool, throws: Throws) -> tuple[str, str]:
        merge = self.node(body, "exclusiveGateway")
        first, last = self._block(body, depth, may_join, throws, waits=True)
        split = self.node(body, "exclusiveGateway")
        after = self.node(body, "scriptTask")
        self.flow(body, merge.id, first)
        self.flow(body, last, split.id)
        flow = self.flow(body, split.id, after.id)
        flow.has_id = True
        split.default = flow.id
        self.flow(body, split.id, merge.id, f"{split.id} == 1")
        return merge.id, after.id

    def _event_choice(self, body: Body, depth: int, may_join: bool, throws: Throws) -> tuple[str, str]:
        gateway, merge = self.node(body, "eventBasedGateway"), self.node(body, "exclusiveGateway")
        for _ in range(self.dice.randint(2, 3)):
            event = self.node(body, "intermediateCatchEvent")
            self._by(event, self.dice.choice(("timer", "message")))
            self.flow(body, gateway.id, event.id)
            first, last = self._block(body, depth, may_join, throws)
            self.flow(body, event.id, first)
            self.flow(body, last, merge.id)
        return gateway.id, merge.id

    def _throw(self, body: Body, depth: int, may_join: bool, throws: Throws) -> tuple[str, str]:
        caught = [code for event, code in throws if event == "escalation"]
        if not caught:
            return self._waiting(body)
        one = self.node(body, "intermediateThrowEvent", event="escalation", code=self.dice.choice(caught))
        return one.id, one.id

    def _sub_process(self, body: Body, depth: int, may_join: bool, throws: Throws) -> tuple[str, str]:
        one = self.node(body, "subProcess")
        one.body = Body()
        return self._holder(body, one, depth, throws)

    def _call(self, body: Body, depth: int, may_join: bool, throws: Throws) -> tuple[str, str]:
        key = f"called_{next(self.numbers)}"
        self.processes[key] = Body()
        return self._holder(body, self.node(body, "callActivity", called=key), depth, throws)

    def _holder(self, body: Body, one: Node, depth: int, throws: Throws) -> tuple[str, str]:
        inside = one.body if one.body is not None else self.processes[one.called or ""]
        if self.dice.random() < 0.2:
            one.several = self._several()
            self._fill(inside, depth, True, ())
            return one.id, one.id
        first, last = self._with_boundaries(
            body, one, ("timer", "message", "error", "escalation", "signal", "condition")
        )
        own = tuple(
            (boundary.event, boundary.code)
            for boundary in body.boundaries(one.id)
            if boundary.event in ("error", "escalation")
        )
        # A terminate end in it ends the holder alone.
        self._fill(inside, depth, True, (*own, *throws, ("terminate", None)) if own else ())  # type: ignore[arg-type]
        return first, last


_HOLDERS = ("subProcess", "callActivity")
_SHORT = {
    "startEvent": "start", "endEvent": "end", "userTask": "task", "serviceTask": "job", "scriptTask": "script", "task": "plain",
    "intermediateCatchEvent": "catch", "intermediateThrowEvent": "throw", "boundaryEvent": "edge", "subProcess": "stage",
    "callActivity": "call", "exclusiveGateway": "choice", "parallelGateway": "both", "inclusiveGateway": "some",
    "eventBasedGateway": "first",
}  # fmt: skip


def random_diagram(seed: int) -> Drawn:
    return _Drawer(seed).drawn()

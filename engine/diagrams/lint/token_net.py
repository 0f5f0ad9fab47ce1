"""One scope of a diagram as places for tokens: what each node may do with the tokens that lead to it.

A place is a flow that leads to something that decides, splits, joins or ends; straight lines between are left out.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.diagrams.model import Element, ProcessModel

Places = tuple[str, ...]
_ENDS_ALL = {"terminateEventDefinition", "errorEventDefinition", "cancelEventDefinition"}
_CHOICES = {"exclusiveGateway", "eventBasedGateway"}
_UNKNOWN = {"complexGateway", "adHocSubProcess"}
# Of an inclusive gateway with more flows than this, only each alone and all together are looked at; of gentle boundary
# events only none and all.
_MOST_SUBSETS_OF = 4


@dataclass(frozen=True)
class Step:
    """One thing that a node may do: put tokens on `places`. `choice` names the ways that were taken, if others were open."""

    places: Places
    choice: Places = ()
    ends_all: bool = False


@dataclass
class TokenNet:
    """`target`: place → the node that it leads to. Built by `token_net`."""

    first: Places
    steps: Mapping[str, list[Step]]
    target: Mapping[str, str]
    joins: Mapping[str, tuple[Literal["all", "any"], Places]]
    merges: Mapping[str, Places]  # place → merging nodes that a token passes on its way to it
    _ahead: dict[str, dict[str, int]] = field(default_factory=dict)
    _bits: dict[tuple[str, str], int] = field(default_factory=dict)

    def entry_bit(self, join: str, place: str) -> int:
        """Entries of a join as bits, so that a join of hundreds of branches is asked in a moment."""
        self.entries_ahead(join)
        return self._bits[join, place]

    def entries_ahead(self, join: str) -> Mapping[str, int]:
        """Place → entries of `join`, as bits, that a token there can still come to without passing `join`."""
        if join not in self._ahead:
            for number, entry in enumerate(self.joins[join][1]):
                self._bits[join, entry] = 1 << number
            of_node = self._entries_behind(join)
            self._ahead[join] = {place: of_node[node] for place, node in self.target.items() if of_node[node]}
        return self._ahead[join]

    def _entries_behind(self, join: str) -> dict[str, int]:
        """Node → entries that what it gives can come to: of all its ways together, so that a mesh is asked quickly too."""
        found = dict.fromkeys(self.steps, 0)
        feeding: dict[str, set[str]] = {}
        for node, steps in self.steps.items():
            for place in {one for step in steps for one in step.places}:
                if node != join:
                    found[node] |= self._bits.get((join, place), 0)
                    feeding.setdefault(self.target[place], set()).add(node)
        waiting = [node for node, bits in found.items() if bits]
        while waiting:
            node = waiting.pop()
            for before in feeding.get(node, ()):
                if found[node] & ~found[before]:
                    found[before] |= found[node]
                    waiting.append(before)
        return found


def token_net(process: ProcessModel, parent: str | None) -> TokenNet | None:
    """None for a scope that cannot be judged: something unknown or unconnected in it, or a circle without any step."""
    inside = {key: one for key, one in process.elements.items() if one.parent_id == parent}
    starts = [one for one in inside.values() if one.kind == "startEvent"]
    if len(starts) != 1 or any(one.kind in _UNKNOWN or one.triggered_by_event for one in inside.values()):
        return None
    boundaries: dict[str, list[Element]] = {}
    for one in inside.values():
        if one.attached_to:
            boundaries.setdefault(one.attached_to, []).append(one)
        if any(process.flows[flow].target not in inside for flow in one.outgoing):
            return None
        if not one.outgoing and one.kind != "endEvent":
            return None
    lines = _Lines(process, inside, boundaries)
    try:
        return _net(process, inside, boundaries, starts[0], lines)
    except _EndlessLine:
        return None


class _EndlessLine(Exception):
    """A circle of nodes that only hand on."""


class _Lines:
    """Follows a flow over everything that only hands a token on."""

    def __init__(
        self, process: ProcessModel, inside: Mapping[str, Element], boundaries: Mapping[str, list[Element]]
    ) -> None:
        self.process, self.inside, self.boundaries = process, inside, boundaries
        self.merges: dict[str, Places] = {}

    def place(self, flow: str) -> str:
        passed: list[str] = []
        seen: set[str] = set()
        while True:
            if flow in seen:
                raise _EndlessLine
            seen.add(flow)
            node = self.inside[self.process.flows[flow].target]
            is_join = node.kind in ("parallelGateway", "inclusiveGateway") and len(node.incoming) > 1
            if is_join or len(node.outgoing) != 1 or node.id in self.boundaries:
                known = self.merges.get(flow, ())
                self.merges[flow] = (*known, *(one for one in passed if one not in known))
                return flow
            if len(node.incoming) > 1:
                passed.append(node.id)
            flow = node.outgoing[0]


def _net(
    process: ProcessModel,
    inside: Mapping[str, Element],
    boundaries: Mapping[str, list[Element]],
    start: Element,
    lines: _Lines,
) -> TokenNet:
    first = tuple(lines.place(flow) for flow in start.outgoing)
    steps: dict[str, list[Step]] = {}
    target: dict[str, str] = {}
    waiting = list(first)
    while waiting:
        place = waiting.pop()
        if place in target:
            continue
        node = inside[process.flows[place].target]
        target[place] = node.id
        if node.id not in steps:
            steps[node.id] = _steps(node, boundaries.get(node.id, []), lines)
        waiting += [one for step in steps[node.id] for one in step.places]
    joins: dict[str, tuple[Literal["all", "any"], Places]] = {}
    for node in inside.values():
        if node.kind in ("parallelGateway", "inclusiveGateway") and len(node.incoming) > 1:
            joins[node.id] = ("all" if node.kind == "parallelGateway" else "any", node.incoming)
    return TokenNet(first, steps, target, joins, lines.merges)


def _steps(node: Element, boundaries: list[Element], lines: _Lines) -> list[Step]:
    if node.kind == "endEvent":
        return [Step((), ends_all=bool(_ENDS_ALL & set(node.events)))]
    steps = _onwards(node, lines)
    leaving = [Step(_places(one.outgoing, lines), (one.id,)) for one in boundaries if one.cancels]
    told = [Step(_places(one.outgoing, lines), (one.id,)) for one in boundaries if not one.cancels]
    together = Step(
        tuple(itertools.chain.from_iterable(one.places for one in told)),
        tuple(itertools.chain.from_iterable(one.choice for one in told)),
    )
    extras = [
        Step(()),
        *(told if len(told) <= _MOST_SUBSETS_OF else ()),
        *([together] if len(told) > 1 else ()),
    ]
    return [
        Step((*base.places, *extra.places), (*base.choice, *extra.choice))
        for base in (*steps, *leaving)
        for extra in extras
    ]


def _onwards(node: Element, lines: _Lines) -> list[Step]:
    if len(node.outgoing) == 1:
        return [Step(_places(node.outgoing, lines))]
    if node.kind in _CHOICES:
        return [Step(_places((flow,), lines), (flow,)) for flow in node.outgoing]
    if node.kind == "inclusiveGateway":
        asked = [flow for flow in node.outgoing if flow != node.default_flow]
        sizes = range(1, len(asked) + 1) if len(asked) <= _MOST_SUBSETS_OF else (1, len(asked))
        taken = [flows for size in sizes for flows in itertools.combinations(asked, size)]
        if node.default_flow in node.outgoing:
            taken.append((node.default_flow,))
        return [Step(_places(flows, lines), flows) for flows in taken]
    return [Step(_places(node.outgoing, lines))]


def _places(flows: Iterable[str], lines: _Lines) -> Places:
    return tuple(lines.place(flow) for flow in flows)

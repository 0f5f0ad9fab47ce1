"""What the stories of a family pass: which elements and branches of its diagrams, and which they leave out."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.commands.releases.called_blocks import is_block
from engine.diagrams import Element, ProcessModel
from engine.rehearsal.outcome import Outcome

# Plain steps between them are passed whenever these are.
_COUNTED = frozenset(
    {"userTask", "serviceTask", "businessRuleTask", "scriptTask", "sendTask", "receiveTask", "callActivity"}
    | {"boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent", "endEvent"}
)
_SPLITS = frozenset({"exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"})


@dataclass(frozen=True)
class Passed:
    """One element, or one branch out of a gateway (`kind` is then `branch`), and the stories that pass it."""

    process_key: str
    file: str
    element_id: str
    name: str
    kind: str
    line: int | None
    stories: tuple[str, ...]


def coverage_of(models: Collection[ProcessModel], played: Sequence[tuple[str, Outcome]]) -> list[Passed]:
    """A row for each counted element and branch, in the order of the diagrams. `played`: (story, how it came out).

    Building blocks that a family calls have stories of their own, beside them.
    """
    passed = {story: _passed(outcome, models) for story, outcome in played}
    return [
        Passed(
            model.id, model.file, found, name, kind, line,
            tuple(story for story, places in passed.items() if (model.id, found) in places),
        )
        for model in sorted(models, key=lambda one: (one.file, one.id))
        if not is_block(model.file)
        for found, name, kind, line in _counted(model)
    ]  # fmt: skip


def _counted(model: ProcessModel) -> Iterator[tuple[str, str, str, int | None]]:
    for one in model.elements.values():
        if one.kind in _COUNTED:
            yield one.id, one.name or one.id, one.kind, one.line
        elif one.kind in _SPLITS and len(one.outgoing) > 1:
            for flow in (model.flows[key] for key in one.outgoing):
                said = flow.name or _name(model.elements.get(flow.target), flow.target)
                yield flow.id, f"{one.name or one.id} → {said}", "branch", flow.line


def _name(element: Element | None, element_id: str) -> str:
    return element.name or element_id if element is not None else element_id


def _passed(outcome: Outcome, models: Collection[ProcessModel]) -> frozenset[tuple[str, str]]:
    """(process, element or branch). A branch is passed when, after a visit to its gateway, its target comes first."""
    found = set(outcome.visited())
    visits: dict[str, list[str]] = {}
    for process_key, element_id, _ in outcome.history:
        visits.setdefault(process_key, []).append(element_id)
    for model in models:
        order = visits.get(model.id, ())
        for gateway in model.elements.values():
            if gateway.kind in _SPLITS and gateway.id in order:
                found |= {(model.id, flow) for flow in _taken(model, gateway, order)}
    return frozenset(found)


def _taken(model: ProcessModel, gateway: Element, order: Sequence[str]) -> Iterator[str]:
    behind = _behind(model, gateway)
    at = [number for number, one in enumerate(order) if one == gateway.id]
    for first, last in pairwise([*at, len(order)]):
        between = [one for one in order[first + 1 : last] if one in behind]
        if gateway.kind in ("exclusiveGateway", "eventBasedGateway"):
            between = between[:1]
        yield from (key for one in between for key in behind[one])


def _behind(model: ProcessModel, gateway: Element) -> Mapping[str, list[str]]:
    """What branches lead to → the branches. Two that lead to one target cannot be told apart."""
    found: dict[str, list[str]] = {}
    for key in gateway.outgoing:
        found.setdefault(model.flows[key].target, []).append(key)
    return found

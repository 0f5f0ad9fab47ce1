"""Sequence flows of two versions: added, removed, leading elsewhere, under another condition."""

from collections.abc import Iterator, Mapping

from engine.diagrams.diff.change import Change
from engine.diagrams.diff.value_text import differences_of
from engine.diagrams.model import Flow, ProcessModel
from engine.diagrams.normalise import drawn_of, is_made


def compare_flows(old: ProcessModel, new: ProcessModel, renumbered: Mapping[str, str]) -> Iterator[Change]:
    """A flow is the same when it has its id, or connects the same two elements."""
    partners = _partners(old, new, renumbered)
    for key, flow in old.flows.items():
        if is_made(key):
            continue
        if key not in partners:
            yield Change("removed", "flow", old.id, key, _title(old, flow), touches=_touches(old, flow))
            continue
        other = new.flows[partners[key]]
        found = differences_of(_facts(flow, renumbered), _facts(other, {}))
        if found:
            yield Change(
                "changed", "flow", old.id, key, _title(old, flow), found, touches=_touches(old, flow)
            )
    back = {there: here for here, there in renumbered.items()}
    for key, flow in new.flows.items():
        if key not in partners.values() and not is_made(key):
            source = back.get(drawn_of(flow.source), drawn_of(flow.source))
            touches = ((old.id, source),) if source in old.elements else ()
            yield Change("added", "flow", old.id, key, _title(new, flow), touches=touches)


def _partners(old: ProcessModel, new: ProcessModel, renumbered: Mapping[str, str]) -> dict[str, str]:
    found = {key: key for key in old.flows if key in new.flows}
    free: dict[tuple[str, str], list[str]] = {}
    for key, flow in new.flows.items():
        if key not in found:
            free.setdefault((flow.source, flow.target), []).append(key)
    for key, flow in old.flows.items():
        ends = (renumbered.get(flow.source, flow.source), renumbered.get(flow.target, flow.target))
        if key not in found and free.get(ends):
            found[key] = free[ends].pop(0)
    return found


def _facts(flow: Flow, renumbered: Mapping[str, str]) -> dict[str, object]:
    source, target = drawn_of(flow.source), drawn_of(flow.target)
    return {
        "from": renumbered.get(source, source),
        "to": renumbered.get(target, target),
        "condition": " ".join((flow.condition or "").split()),
        "name": flow.name or "",
    }


def _touches(old: ProcessModel, flow: Flow) -> tuple[tuple[str, str], ...]:
    """A case that stands at its source will not go on as it was drawn."""
    return ((old.id, drawn_of(flow.source)),)


def _title(model: ProcessModel, flow: Flow) -> Mapping[str, str]:
    ends = " → ".join(_name(model, drawn_of(key)) for key in (flow.source, flow.target))
    return {"zh": f"连线“{ends}”", "en": f"flow “{ends}”"}


def _name(model: ProcessModel, key: str) -> str:
    element = model.elements.get(key)
    return (element.name if element else None) or key

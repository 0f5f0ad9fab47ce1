"""The way of a played story on its diagrams, in the shape that the viewer draws."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.diagrams import ProcessModel
from engine.rehearsal.coverage import Passed
from web.stories.runs import Told

Json = dict[str, Any]


def drawn_way(told: Told, models: Mapping[str, ProcessModel], names: Mapping[str, str]) -> list[Json]:
    """A state for each process that the story was in: marks of what it passed, with the order of the visits."""
    steps = told.data["steps"]
    visits = [(process, element, outcome) for step in steps for process, element, outcome in step["visits"]]
    last = steps[-1] if steps else {"waits_at": []}
    waits = [(process, element) for process, element in last["waits_at"]]
    keys = list(dict.fromkeys(process for process, *_ in visits if process in models))
    keys += [
        key for key in dict.fromkeys(process for process, _ in waits) if key in models and key not in keys
    ]
    return [_state(told, models[key], visits, waits, names) for key in keys]


def _state(
    told: Told,
    model: ProcessModel,
    visits: Sequence[tuple[str, str, str]],
    waits: Sequence[tuple[str, str]],
    names: Mapping[str, str],
) -> Json:
    order: dict[str, list[int]] = {}
    number = 0
    for process, element, outcome in visits:
        if process == model.id and outcome == "completed" and element in model.elements:
            number += 1
            order.setdefault(element, []).append(number)
    active = [
        element for process, element in waits if process in (model.id, "") and element in model.elements
    ]
    passed = {element for process, element in told.data["passed"] if process == model.id}
    flows = {
        flow.id
        for flow in model.flows.values()
        if flow.id in passed
        or (
            _is_plain(model, flow.source)
            and flow.source in order
            and (flow.target in order or flow.target in active)
        )
    }
    return {
        "process_key": model.id,
        "name": names.get(model.id) or model.name or model.id,
        "finished": sorted(set(order) - set(active)),
        "active": active,
        "overdue": [],
        "flows": sorted(flows),
        "counts": {},
        "incidents": _broken(told, active),
        "order": {key: ", ".join(map(str, numbers)) for key, numbers in order.items()},
    }


def _is_plain(model: ProcessModel, element_id: str) -> bool:
    """Of a split, only the branches that the story passed are drawn."""
    element = model.elements.get(element_id)
    return element is not None and (len(element.outgoing) < 2 or "Gateway" not in element.kind)


def _broken(told: Told, active: Sequence[str]) -> list[str]:
    """Where the story broke off: as far as it came."""
    return list(active) if told.data["failure"] and told.data["steps"] else []


def drawn_coverage(
    rows: Sequence[Passed], models: Mapping[str, ProcessModel], names: Mapping[str, str]
) -> list[Json]:
    """A state for each process with counted elements; those with most left out first."""
    return sorted(_coverage(rows, models, names), key=lambda one: -len(one["missed"]))


def _coverage(
    rows: Sequence[Passed], models: Mapping[str, ProcessModel], names: Mapping[str, str]
) -> Iterator[Json]:
    for key in dict.fromkeys(one.process_key for one in rows):
        of_process = [one for one in rows if one.process_key == key]
        passed = {one.element_id: one for one in of_process if one.stories}
        model = models[key]
        yield {
            "process_key": key,
            "name": names.get(key) or model.name or key,
            "finished": sorted(one for one in passed if one in model.elements),
            "active": [],
            "overdue": [],
            "flows": sorted(one for one in passed if one in model.flows),
            "counts": {},
            "incidents": [],
            "missed": [one.element_id for one in of_process if not one.stories],
            "order": {},
        }

"""Outer promises: clocks that run over more than one step, each with the ways from its start to its end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.decisions import DecisionTable
from engine.diagrams import Element, ProcessModel
from engine.profiles import Profile
from engine.rehearsal.year.named_limits import LimitNames, NamedLimits, StepLimit
from engine.rehearsal.year.routes import Route, Search

WHOLE = frozenset({"subProcess", "transaction", "adHocSubProcess", "callActivity"})


@dataclass(frozen=True)
class Promise:
    """`start`: None from the entry of the element, "case", or an element id. `expression`: chooses among several limits."""

    process_key: str
    element_id: str
    name: str
    limit: StepLimit
    start: str | None
    routes: tuple[Route, ...]
    is_cut: bool
    expression: str = ""

    @property
    def is_from_case(self) -> bool:
        return self.start == "case" or self.element_id == self.process_key


@dataclass(frozen=True)
class Untold:
    """A promise that the check can say nothing of. `why`: expression | no-way."""

    process_key: str
    element_id: str
    name: str
    why: str


def promises_of(
    models: Mapping[str, ProcessModel], profile: Profile, decisions: Mapping[str, DecisionTable]
) -> Iterator[Promise | Untold]:
    """Of the processes that run under the profile, and of all that they call."""
    names = LimitNames(profile, models.values(), decisions)
    for root in profile.processes:
        for model in _reachable(models, root):
            for element in model.clocked_elements():
                is_whole = element is model.process or element.kind in WHOLE
                if is_whole or element.sla_start:
                    yield from _promises(models, names, root, model, element)


def _promises(
    models: Mapping[str, ProcessModel], names: LimitNames, root: str, model: ProcessModel, element: Element
) -> Iterator[Promise | Untold]:
    found = names.of_sla(element)
    called = element.name or element.id
    if found.is_unknown:
        yield Untold(model.id, element.id, called, "expression")
    if not found.limits:
        return
    search = Search(models, names)
    routes = _routes(search, root, model, element)
    if not any(route.steps for route in routes):
        if not routes:
            yield Untold(model.id, element.id, called, "no-way")
        return
    for limit in found.limits:
        start = element.sla_start or None
        yield Promise(
            model.id, element.id, called, limit, start, tuple(routes), search.is_cut, _choice(found)
        )  # fmt: skip


def _choice(found: NamedLimits) -> str:
    return found.expression if found.is_choice else ""


def _routes(search: Search, root: str, model: ProcessModel, element: Element) -> list[Route]:
    if element is model.process:
        return search.through(model.id)
    if element.sla_start is None or element.sla_start == "":
        return search.inside(model, element)
    is_whole = element.kind in WHOLE
    if element.sla_start == "case":
        ways = search.until(root, (model.id, element.id))
    else:
        ways = search.between(model, element.sla_start, element.id)
    if not is_whole:
        return ways
    # Up to its exit: what it holds takes time too.
    inner = search.inside(model, element) or [Route()]
    return [way.then(one) for way in ways for one in inner]


def _reachable(models: Mapping[str, ProcessModel], root: str) -> Iterator[ProcessModel]:
    seen: set[str] = set()
    waiting = [root]
    while waiting:
        key = waiting.pop(0)
        model = models.get(key)
        if model is None or key in seen:
            continue
        seen.add(key)
        yield model
        waiting += [one.called_element for one in model.elements.values() if one.called_element]

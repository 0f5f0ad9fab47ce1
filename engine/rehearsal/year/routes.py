"""Ways through a process: at each gateway every branch, each loop once, called processes unfolded.

Branches of a parallel gateway are ways of their own: what joins them waits for the slowest, which is one of the ways.
Ways that differ in nothing that takes time are one. Inside of what a way passes through only the longest ways count,
for an earlier end there cannot break a later promise.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.diagrams import Element, Flow, ProcessModel
from engine.rehearsal.year.named_limits import LimitNames
from engine.rehearsal.year.timed_steps import Step, step_of, timer_step

MOST_MOVES = 30_000  # from element to element, of one search
MOST_ROUTES = 200
MOST_DEPTH = 12  # calls and sub-processes inside each other

Place = tuple[str, str]


@dataclass(frozen=True)
class Stop:
    """One element on a way. `step` None: nothing says how long it takes."""

    place: Place
    step: Step | None = None


@dataclass(frozen=True)
class Route:
    """`branches`: names of the branches taken, as they are drawn. `is_reached`: the element that was looked for is on it."""

    stops: tuple[Stop, ...] = ()
    branches: tuple[str, ...] = ()
    is_reached: bool = False

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(stop.step for stop in self.stops if stop.step is not None)

    def then(self, other: "Route") -> "Route":
        return Route(self.stops + other.stops, self.branches + other.branches, other.is_reached)


@dataclass
class Search:
    """One search: what it knows, and how far it may still go. `is_cut`: there are more ways than were looked at."""

    models: Mapping[str, ProcessModel]
    names: LimitNames
    moves: int = MOST_MOVES
    is_cut: bool = False
    _holding: dict[tuple[str, str | None, Place | None], bool] = field(default_factory=dict)

    def through(self, process_key: str) -> list[Route]:
        """From the start of a process to its end."""
        return self._scope(self.models[process_key], None, None, 0)

    def inside(self, model: ProcessModel, element: Element) -> list[Route]:
        """From the entry of a sub-process or call to its end."""
        return self._within(model, element, None, 0)

    def until(self, process_key: str, place: Place) -> list[Route]:
        """From the start of a process to the exit of an element in it, or in what it calls."""
        return [one for one in self._scope(self.models[process_key], None, place, 0) if one.is_reached]

    def between(self, model: ProcessModel, first: str, last: str) -> list[Route]:
        """From the entry of one element to the exit of another in the same sub-process."""
        element = model.elements.get(first)
        if element is None:
            return []
        found = self._walk(model, [element], (model.id, last), 0)
        return [one for one in _distinct(found) if one.is_reached]

    def _scope(
        self, model: ProcessModel, parent_id: str | None, target: Place | None, depth: int
    ) -> list[Route]:
        starts = [one for one in model.elements.values() if one.parent_id == parent_id and _begins(one)]
        plain = [one for one in starts if one.kind == "startEvent"]
        return _distinct(self._walk(model, plain or starts, target, depth))

    def _walk(
        self, model: ProcessModel, starts: Iterable[Element], target: Place | None, depth: int
    ) -> Iterator[Route]:
        """`waiting` holds (element, visits so far, whether a loop was taken, the way up to it)."""
        waiting: list[tuple[Element, dict[str, int], bool, Route]] = [
            (one, {}, False, Route()) for one in starts
        ]
        found = 0
        while waiting and found < 20 * MOST_ROUTES:
            element, visits, has_looped, route = waiting.pop()
            self.moves -= 1
            if self.moves <= 0:
                self.is_cut = True
                return
            visits = visits | {element.id: visits.get(element.id, 0) + 1}
            for passed, flows in self._passings(model, element, target, depth):
                way = route.then(passed)
                if way.is_reached or not flows:
                    found += 1
                    yield way
                    continue
                onward = []
                for key in flows:
                    flow = model.flows[key]
                    following = model.elements.get(flow.target)
                    if following is None:
                        continue
                    seen = visits.get(following.id, 0)
                    is_return = seen > 0 and visits[element.id] == 1
                    if seen >= 2 or (is_return and has_looped):
                        continue
                    named = (_branch(element, flow),) if flow.name and len(flows) > 1 else ()
                    said = replace(way, branches=way.branches + named)
                    onward.append((is_return, (following, visits, has_looped or is_return, said)))
                # The way without a loop is looked at first: it is on top.
                onward.sort(key=lambda one: not one[0])
                waiting += [one for _, one in onward]
        self.is_cut |= bool(waiting)

    def _passings(
        self, model: ProcessModel, element: Element, target: Place | None, depth: int
    ) -> Iterator[tuple[Route, tuple[str, ...]]]:
        """Each way through one element, with the flows that lead on from there."""
        place = (model.id, element.id)
        if place == target:
            # How long the target itself may take is what its promise says.
            yield Route((Stop(place),), is_reached=True), ()
            return
        step = self._step(model, element)
        if step is None and self._unfolds(element) and depth < MOST_DEPTH:
            inner = self._within(model, element, target, depth + 1)
            for one in inner or [Route()]:
                here = Route((Stop(place), *one.stops), one.branches, one.is_reached)
                yield here, () if one.is_reached else element.outgoing
        else:
            if target is not None and self._holds(model, element, target):
                for one in self._within(model, element, target, depth + 1):
                    if one.is_reached:
                        yield Route((Stop(place), *one.stops), one.branches, True), ()
            yield Route((Stop(place, step),)), element.outgoing
        for event in _attached(model, element):
            wait = timer_step(model, event, self.names) if event.events == ("timerEventDefinition",) else step
            stops = (Stop(place), Stop((model.id, event.id), wait))
            yield Route(stops, (event.name,) if event.name else ()), event.outgoing

    def _step(self, model: ProcessModel, element: Element) -> Step | None:
        step = step_of(model, element, self.names)
        if step is None and element.kind == "intermediateCatchEvent":
            return self._rival_timer(model, element)
        return step

    def _rival_timer(self, model: ProcessModel, element: Element) -> Step | None:
        """Behind an event gateway a message is waited for as long as the timer beside it allows."""
        for key in element.incoming:
            gateway = model.elements.get(model.flows[key].source)
            if gateway is None or gateway.kind != "eventBasedGateway":
                continue
            for other in (model.elements.get(model.flows[one].target) for one in gateway.outgoing):
                if other is not None and "timerEventDefinition" in other.events:
                    return timer_step(model, other, self.names)
        return None

    def _unfolds(self, element: Element) -> bool:
        return element.kind in ("subProcess", "transaction", "adHocSubProcess") or (
            element.kind == "callActivity" and element.called_element in self.models
        )

    def _within(self, model: ProcessModel, element: Element, target: Place | None, depth: int) -> list[Route]:
        if element.kind == "callActivity":
            called = self.models.get(element.called_element or "")
            found = self._scope(called, None, target, depth) if called is not None else []
        else:
            found = self._scope(model, element.id, target, depth)
        return found if depth == 0 else _longest(found)

    def _holds(self, model: ProcessModel, element: Element, target: Place) -> bool:
        """Whether the target lies inside of the element, however deep."""
        if not self._unfolds(element):
            return False
        if element.kind == "callActivity":
            key = element.called_element or ""
            asked = (key, None, target)
            if asked not in self._holding:
                self._holding[asked] = False  # A process that calls itself holds nothing more by that.
                called = self.models[key]
                self._holding[asked] = key == target[0] or any(
                    self._holds(called, one, target)
                    for one in called.elements.values()
                    if one.kind == "callActivity"
                )
            return self._holding[asked]
        inner = [one for one in model.elements.values() if element.id in model.enclosing(one.id)]
        return any((model.id, one.id) == target or self._holds(model, one, target) for one in inner)


def _begins(element: Element) -> bool:
    return (
        not element.incoming
        and element.attached_to is None
        and not element.triggered_by_event
        and element.kind not in ("dataObject", "textAnnotation")
    )


def _branch(gateway: Element, flow: Flow) -> str:
    return f"{gateway.name} → {flow.name}" if gateway.name else f"{flow.name}"


def _attached(model: ProcessModel, element: Element) -> list[Element]:
    return [one for one in model.elements.values() if one.attached_to == element.id and one.outgoing]


def _distinct(routes: Iterable[Route]) -> list[Route]:
    """One of those that take the same time by the same rules: the one with the fewest branches."""
    found: dict[tuple[object, ...], Route] = {}
    for route in routes:
        key = (route.is_reached, route.steps)
        if key not in found or len(route.stops) < len(found[key].stops):
            found[key] = route
        if len(found) >= MOST_ROUTES:
            break
    return list(found.values())


def _longest(routes: list[Route]) -> list[Route]:
    """Without those whose steps all stand, in this order, in another one too."""
    found: list[Route] = []
    for route in sorted(routes, key=lambda one: -len(one.steps)):
        rivals = [one for one in found if one.is_reached == route.is_reached]
        if not any(_is_part(route.steps, other.steps) for other in rivals):
            found.append(route)
    return found


def _is_part(short: tuple[Step, ...], long: tuple[Step, ...]) -> bool:
    rest = iter(long)
    return all(step in rest for step in short)

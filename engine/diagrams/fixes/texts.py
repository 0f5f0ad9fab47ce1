"""The texts of an element in which names stand, each with the change that writes it anew."""

from collections.abc import Callable, Iterator

from engine.diagrams.fixes.fix import Change, change
from engine.diagrams.fixes.place import Place

_ATTRIBUTES = {
    "assignee": "assignee",
    "candidate_users": "candidateUsers",
    "candidate_groups": "candidateGroups",
    "due_date": "dueDate",
    "follow_up_date": "followUpDate",
    "priority": "priority",
    "topic": "topic",
}


def texts_of(place: Place) -> Iterator[tuple[str, Callable[[str], Change]]]:
    """(text as written, its change to another text)."""
    key, element, flow = place.key, place.element, place.flow
    if flow is not None and flow.condition:
        yield flow.condition, lambda text: change(key, condition=text)
    if element is None:
        return
    if element.timer is not None and element.timer.text:
        yield element.timer.text, lambda text: change(key, timer=text)
    for name, attribute in _ATTRIBUTES.items():
        value = getattr(element, name)
        if value:
            yield value, lambda text, attribute=attribute: change(key, set=f"camunda:{attribute}", to=text)  # type: ignore[misc]
    for name, value in element.properties.items():
        if name != "source":
            yield value, lambda text, name=name: change(key, property=name, to=text)  # type: ignore[misc]
    loop, again = element.multi_instance, element.loop
    if loop is not None:
        for value, attribute in (
            (loop.collection, "camunda:collection"),
            (loop.cardinality, "loopCardinality"),
            (loop.completion_condition, "completionCondition"),
        ):
            if value:
                yield value, lambda text, attribute=attribute: change(key, loop=attribute, to=text)  # type: ignore[misc]
    if again is not None and again.condition:
        yield again.condition, lambda text: change(key, loop="loopCondition", to=text)


def rewritten(place: Place, write: Callable[[str], str]) -> tuple[Change, ...]:
    """Changes of those texts that `write` alters."""
    return tuple(make(write(text)) for text, make in texts_of(place) if write(text) != text)

"""Which elements of the diagrams ask for which limits of a profile: as a promise (`sla`) or as a timer."""

from collections.abc import Iterable, Iterator

from engine.diagrams.model import Diagram, Element
from engine.diagrams.users import User
from engine.expressions import ExpressionError, compile_template

CHOSEN = ""  # an expression or a table chooses the limit's name when the case is there


def limit_users(diagrams: Iterable[Diagram]) -> dict[str, tuple[User, ...]]:
    """Limit name → elements, in the order of the diagrams. Under CHOSEN those that choose one at run time."""
    found: dict[str, dict[User, None]] = {}
    for diagram in diagrams:
        for process in diagram.processes:
            for element in (process.process, *process.elements.values()):
                is_process = element is process.process
                user = User(
                    diagram.file_name,
                    process.name or process.id,
                    process.id if is_process else element.id,
                    (process.name if is_process else element.name) or element.id,
                )
                for name in limits_asked_for(element):
                    found.setdefault(name, {})[user] = None
    return {name: tuple(users) for name, users in found.items()}


def limits_asked_for(element: Element) -> Iterator[str]:
    if element.sla and "${" not in element.sla:
        yield from (name.strip() for name in element.sla.split(",") if name.strip())
    for text in element.templates:
        if "${" not in text:
            continue
        try:
            calls = [call for one in compile_template(text).expressions for call in one.calls]
        except ExpressionError:
            continue  # The check says so.
        for call in calls:
            if call.name == "limit" and call.args:
                yield str(call.args[0]) if call.args[0] is not None else CHOSEN
        if text == element.sla and not any(call.name == "limit" for call in calls):
            yield CHOSEN

"""Which elements of the diagrams use a form or a decision table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.diagrams.model import Diagram

FORM = "form_ref"
TABLE = "decision_ref"


@dataclass(frozen=True)
class User:
    """One element, and where it stands."""

    path: str
    process_name: str
    element_id: str
    element_name: str


def users_of(diagrams: Iterable[Diagram], attribute: str, name: str) -> tuple[User, ...]:
    """`attribute`: FORM or TABLE; `name`: a form's key or a decision's id. In the order of the diagrams."""
    return tuple(_users(diagrams, attribute, name))


def _users(diagrams: Iterable[Diagram], attribute: str, name: str) -> Iterator[User]:
    for diagram in diagrams:
        for process in diagram.processes:
            for element in process.elements.values():
                if (getattr(element, attribute) or "").strip() == name:
                    yield User(
                        diagram.file_name, process.name or process.id, element.id, element.name or element.id
                    )

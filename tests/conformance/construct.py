"""A construct of BPMN: one model, and cases that say where a token goes by the rule of BPMN 2.0."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.drawing import model


@dataclass(frozen=True)
class Case:
    """`expected`: tasks and end events in the order in which they are left, `a > b, c > done`: b and c in any order.

    Behind `|`: `waiting` or `incident` when the case does not end. `acts` are words of driving.py. A counter-case is
    one in which the trigger does not come: it tells what runs as specified from what runs by accident.
    """

    expected: str
    acts: tuple[str, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    is_counter: bool = False


@dataclass(frozen=True)
class Construct:
    """`refused_by`: the rules that refuse it for good; empty when it should run."""

    group: str
    name: str
    content: bytes
    cases: tuple[Case, ...]
    refused_by: str = ""

    @property
    def key(self) -> str:
        return process_key(self.name)


def process_key(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", f"{name.lower()} model")


def construct(group: str, name: str, *parts: str | Case, roots: str = "", refused_by: str = "") -> Construct:
    """Texts are processes, the first of them, with the id `main`, is started."""
    drawn = [one for one in parts if isinstance(one, str)]
    cases = tuple(one for one in parts if isinstance(one, Case))
    key = process_key(name)
    content = model(*drawn, roots=roots, prefix=f"{key}_").replace(b'"main"', f'"{key}"'.encode())
    return Construct(group, name, content, cases, refused_by)


def case(expected: str, *acts: str, **given: Any) -> Case:
    return Case(expected, acts, given)


def counter(expected: str, *acts: str, **given: Any) -> Case:
    return Case(expected, acts, given, is_counter=True)


class Group:
    """Collects the constructs of one file."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.constructs: list[Construct] = []

    def runs(self, name: str, *parts: str | Case, roots: str = "") -> None:
        self.constructs.append(construct(self.name, name, *parts, roots=roots))

    def refused(self, name: str, by: str, *parts: str | Case, roots: str = "") -> None:
        self.constructs.append(construct(self.name, name, *parts, roots=roots, refused_by=by))

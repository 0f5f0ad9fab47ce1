"""The hostile inputs: each a name, files, and what the answer must say. Everything is made by code, nothing is stored."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from hostile_companions import companions
from hostile_diagrams import diagrams
from hostile_texts import texts
from hostile_xml import xml_files


@dataclass(frozen=True)
class Hostile:
    """`at`: the id that the answer must name, with its line. `is_refused`: it may neither complete nor wait."""

    name: str
    files: Callable[[], Mapping[str, bytes]]
    is_refused: bool = False
    at: str = ""
    cpu_seconds: float = 2.0


def corpus() -> Iterator[Hostile]:
    for source in (xml_files, diagrams, texts, companions):
        for name, make, more in source():
            yield Hostile(name, make, **more)

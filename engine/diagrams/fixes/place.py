"""Where a finding stands: the element as it was drawn, as it is read, and what is known around it."""

import difflib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from engine.diagrams.finding import Finding
from engine.diagrams.fixes.changes import element_of
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.rules import RULES
from engine.diagrams.model import Diagram, Element, Flow, ProcessModel
from engine.diagrams.unread import BPMN

MOST_CHOICES = 3  # buttons beside one finding
_ALIKE = 0.72


@dataclass(frozen=True)
class Place:
    finding: Finding
    key: str
    node: etree._Element
    diagram: Diagram
    diagrams: Sequence[Diagram]
    process: ProcessModel | None
    names: LintContext

    @property
    def element(self) -> Element | None:
        if self.process is None:
            return None
        return self.process.process if self.process.id == self.key else self.process.elements.get(self.key)

    @property
    def flow(self) -> Flow | None:
        return self.process.flows.get(self.key) if self.process else None

    @property
    def said(self) -> str:
        """The particulars of the finding: what stands in brackets behind the words of its rule."""
        rest = self.finding.reason["en"].removeprefix(RULES[self.finding.rule].en)
        return rest.removeprefix(" (").removesuffix(".").removesuffix(")")

    def drawn(self, key: str) -> etree._Element | None:
        return None if self.diagram.drawn is None else element_of(self.diagram.drawn, key)

    def roots(self, kind: str) -> list[etree._Element]:
        """Messages, signals, errors or escalations of the file."""
        return [] if self.diagram.drawn is None else self.diagram.drawn.findall(f"{BPMN}{kind}")

    @property
    def limits(self) -> set[str]:
        """Limits that every profile has under which the process can run."""
        if self.process is None:
            return set()
        found = [set(profile.limits) for _, profile in self.names.profiles_of(self.process.id)]
        return set.intersection(*found) if found else set()


def place_of(finding: Finding, diagrams: Sequence[Diagram], names: LintContext) -> Place | None:
    """None when nothing that was drawn has the finding's id."""
    diagram = next((one for one in diagrams if one.file_name == finding.file), None)
    if diagram is None or diagram.drawn is None or not finding.element_id:
        return None
    node = element_of(diagram.drawn, finding.element_id)
    if node is None:
        return None
    key = finding.element_id
    holding = (one for one in diagram.processes if key in (one.id, *one.elements, *one.flows))
    return Place(finding, key, node, diagram, diagrams, next(holding, None), names)


def alike(word: str, known: Collection[str]) -> Iterator[str]:
    """Known names that were probably meant, best first: `reply_custmer` → `reply_customer`."""
    plain = {one.lower().replace("-", "_").replace(" ", "_"): one for one in sorted(known)}
    asked = word.strip().lower().replace("-", "_").replace(" ", "_")
    for near in difflib.get_close_matches(asked, plain, MOST_CHOICES, _ALIKE):
        if plain[near] != word:
            yield plain[near]

"""Which buttons a finding has."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from engine.diagrams.finding import Finding
from engine.diagrams.fixes import elements, leftovers, names, people, routing, times, wording
from engine.diagrams.fixes.fix import Fix
from engine.diagrams.fixes.place import MOST_CHOICES, Place, place_of
from engine.diagrams.lint.context import LintContext
from engine.diagrams.model import Diagram

_REMEDIES: Mapping[str, Callable[[Place], Iterator[Fix]]] = {
    **elements.REMEDIES,
    **leftovers.REMEDIES,
    **names.REMEDIES,
    **people.REMEDIES,
    **routing.REMEDIES,
    **times.REMEDIES,
    **wording.REMEDIES,
}


def fixes_for(finding: Finding, diagrams: Sequence[Diagram], known: LintContext) -> tuple[Fix, ...]:
    """At most a few, the likeliest first; none where only the owner can know what is meant."""
    remedy = _REMEDIES.get(finding.rule)
    place = place_of(finding, diagrams, known) if remedy else None
    return tuple(remedy(place))[:MOST_CHOICES] if remedy and place else ()

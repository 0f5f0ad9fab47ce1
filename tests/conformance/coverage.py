"""The page docs/bpmn-coverage.md: what becomes of each element and event, as tiny models of them say."""

from collections.abc import Mapping

from tests.conformance.construct import Construct
from tests.conformance.driving import World, verdict_of
from tests.conformance.element_rows import AREAS
from tests.conformance.event_rows import DEFINITIONS, event_rows

EVENTS = tuple(event_rows())
ELEMENTS = {area: tuple(rows()) for area, rows in AREAS.items()}
ROWS = (*(row for rows in ELEMENTS.values() for row in rows), *EVENTS)
PLACES = tuple(dict.fromkeys(row.name.partition(":")[0] for row in EVENTS))

HEAD = """# What of BPMN runs 覆盖范围

Written by a test, not by hand: `WRITE_COVERAGE=1 make test T=tests/conformance/test_coverage.py`. Each row and each cell stands
for a tiny model that was deployed and run through the real commands, with and without its trigger; each is a test of its own in
`tests/conformance/test_coverage.py`, found by its name (`-k "catch: signal"`). The 136 constructs of the published conformance
tests are told in `tests/conformance/test_constructs.py`.

*runs*: as BPMN says. *rewritten*: by the rule named, into what runs so; the deployer is told. *refused*: nothing is deployed,
and the [rule](diagrams.md#what-is-checked) named tells element, line, reason and remedy. Nothing is ignored in silence.
"""


def answer_of(world: World, row: Construct) -> str:
    """runs | rewritten: … | refused: … ; anything else is a fault, told in full."""
    verdict, different = verdict_of(world, row)
    if verdict == "runs as specified":
        return f"rewritten: {_named(world.rewrites)}" if world.rewrites else "runs"
    if verdict.startswith("refused by "):
        return f"refused: {_named(verdict.removeprefix('refused by ').split(', '))}"
    return f"{verdict}: {'; '.join(different)}"


def page(answers: Mapping[str, str]) -> str:
    parts = [HEAD]
    for area, rows in ELEMENTS.items():
        parts.append(
            _table(f"{area}", ("element", "what happens"), [(row.name, answers[row.name]) for row in rows])
        )
    lines = [(kind, *(answers[f"{place}: {kind}"] for place in PLACES)) for kind in DEFINITIONS]
    parts.append(_table("Events", ("event", *PLACES), lines))
    return "\n".join(parts)


def _table(title: str, heads: tuple[str, ...], lines: list[tuple[str, ...]]) -> str:
    drawn = [f"| {' | '.join(cells)} |" for cells in (heads, ("---",) * len(heads), *lines)]
    return f"## {title}\n\n" + "\n".join(drawn) + "\n"


def _named(rules: list[str]) -> str:
    return ", ".join(f"`{rule}`" for rule in rules)

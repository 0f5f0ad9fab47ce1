"""Prints, for each diagram, which of its elements and branches the stories pass, and what they leave out."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from engine.rehearsal import Passed

_KINDS = {
    "userTask": "user tasks",
    "serviceTask": "service tasks",
    "businessRuleTask": "decisions",
    "scriptTask": "scripts",
    "callActivity": "calls",
    "boundaryEvent": "boundary events",
    "intermediateCatchEvent": "waiting events",
    "endEvent": "ends",
    "branch": "branches",
}


def coverage_lines(coverage: Mapping[str, Sequence[Passed]]) -> Iterator[str]:
    """A headline for each process, a line for each element with its stories, `NOT PASSED` where there is none."""
    missing = total = 0
    for family, rows in coverage.items():
        for (file, process), group in groupby(rows, key=lambda one: (one.file, one.process_key)):
            found = list(group)
            counts = {
                kind: sum(one.kind == kind for one in found)
                for kind in dict.fromkeys(one.kind for one in found)
            }
            said = ", ".join(f"{number} {_KINDS.get(kind, kind)}" for kind, number in counts.items())
            yield f"{family}/{file} {process}: {said}"
            for one in found:
                yield f"  {one.kind:<22} {one.element_id:<40} {_stories(one)}"
            missing += sum(not one.stories for one in found)
            total += len(found)
    yield f"{total - missing} of {total} elements and branches passed, {missing} not passed"


def _stories(one: Passed) -> str:
    if not one.stories:
        return f"NOT PASSED ({one.name}, line {one.line})"
    more = len(one.stories) - 1
    return one.stories[0] + (f" and {more} more" if more else "")


def coverage_json(coverage: Mapping[str, Sequence[Passed]]) -> list[dict[str, Any]]:
    return [
        {
            "file": f"{family}/{one.file}",
            "process": one.process_key,
            "element": one.element_id,
            "name": one.name,
            "kind": one.kind,
            "stories": list(one.stories),
        }
        for family, rows in coverage.items()
        for one in rows
    ]

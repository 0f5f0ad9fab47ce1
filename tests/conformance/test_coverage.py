"""docs/bpmn-coverage.md tells what the models tell: no element or event is wrong, hangs or is unknown."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from databases import Databases
from engines import FRIDAY

from engine.model import VirtualClock
from engine.store import Store
from tests.conformance.coverage import ROWS, answer_of, page
from tests.conformance.driving import World

PAGE = Path(__file__).parents[2] / "docs" / "bpmn-coverage.md"


@pytest.fixture(scope="module")
def answers(databases: Databases, settled_tables: Store) -> Iterator[Mapping[str, str]]:
    store = databases.copy_of(settled_tables)
    world = World(store, VirtualClock(FRIDAY))
    yield {row.name: answer_of(world, row) for row in ROWS}
    databases.throw_away(store)


@pytest.mark.parametrize("name", [row.name for row in ROWS])
def test_it_runs_is_rewritten_or_is_refused(name: str, answers: Mapping[str, str]):
    assert answers[name] == "runs" or answers[name].startswith(("rewritten: `", "refused: `"))


def test_each_row_has_a_name_of_its_own():
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_the_page_says_what_the_models_say(answers: Mapping[str, str]):
    if os.environ.get("WRITE_COVERAGE"):
        PAGE.write_text(page(answers), encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == page(answers), (
        "What runs has changed. Look at the difference, then write the page anew as it says at its top."
    )

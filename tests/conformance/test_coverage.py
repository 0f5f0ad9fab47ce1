"""docs/bpmn-coverage.md tells what the models tell: no element or event is wrong, hangs or is unknown."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from databases import Databases
from engines import FRIDAY

from engine.model import VirtualClock
from engine.store import Store
from tests.conformance.construct import Construct
from tests.conformance.coverage import ROWS, answer_of, page
from tests.conformance.driving import World, said_once

Answers = Callable[[Construct], str]
PAGE = Path(__file__).parents[2] / "docs" / "bpmn-coverage.md"


@pytest.fixture(scope="module")
def answers(databases: Databases, settled_tables: Store) -> Iterator[Answers]:
    store = databases.copy_of(settled_tables)
    world = World(store, VirtualClock(FRIDAY))
    yield said_once(lambda row: answer_of(world, row))
    databases.throw_away(store)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_it_runs_is_rewritten_or_is_refused(row: Construct, answers: Answers):
    assert answers(row) == "runs" or answers(row).startswith(("rewritten: `", "refused: `"))


def test_each_row_has_a_name_of_its_own():
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_the_page_says_what_the_models_say(answers: Answers):
    written = page({row.name: answers(row) for row in ROWS})
    if os.environ.get("WRITE_COVERAGE"):
        PAGE.write_text(written, encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == written, (
        "What runs has changed. Look at the difference, then write the page anew as it says at its top."
    )

"""A list of many cases takes as many statements as a list of one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from engines import person
from pages import new_case, task_of
from sqlalchemy import event

from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine
from engine.commands.hold_user_task import claim_user_task
from engine.model import VirtualClock
from engine.queries.case_list import find_cases
from engine.queries.case_page import find_case
from engine.queries.inbox import find_inbox
from engine.queries.notices import find_notices
from engine.queries.overdue import find_board


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*given: Any) -> None:
        statements.append(given[2])

    event.listen(engine.store.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine.store.engine, "before_cursor_execute", note)


QUERIES: dict[str, Callable[[Engine], Any]] = {
    "own inbox": lambda engine: find_inbox(engine, person(engine, "li_na"), is_group=False, locale="zh"),
    "group inbox": lambda engine: find_inbox(engine, person(engine, "li_na"), is_group=True, locale="zh"),
    "cases": lambda engine: find_cases(engine, person(engine, "wang_wei"), state="all"),
    "board": lambda engine: find_board(engine, person(engine, "wang_wei"), "zh"),
    "notices": lambda engine: find_notices(engine, person(engine, "wang_wei")),
}


@pytest.mark.parametrize("name", QUERIES)
def test_statements_do_not_grow_with_the_number_of_cases(
    engine: Engine, clock: VirtualClock, name: str
) -> None:
    def add(number: int) -> None:
        for _ in range(number):
            claim_user_task(engine, person(engine, "li_na"), user_task_key=task_of(engine, new_case(engine)))
            new_case(engine)

    add(1)
    clock.set(clock.now().replace(day=25))
    do_due_work(engine)
    QUERIES[name](engine)
    with counted(engine) as few:
        QUERIES[name](engine)
    add(8)
    clock.set(clock.now().replace(day=28))
    do_due_work(engine)

    with counted(engine) as many:
        QUERIES[name](engine)

    assert len(many) == len(few)
    assert 0 < len(many) <= 15


def test_the_page_of_a_case_takes_few_statements(engine: Engine) -> None:
    case = new_case(engine)
    find_case(engine, person(engine, "wang_wei"), case, "zh")

    with counted(engine) as statements:
        find_case(engine, person(engine, "wang_wei"), case, "zh")

    assert len(statements) <= 23

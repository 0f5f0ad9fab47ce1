"""What a question finds, and in which order, whichever database answers it."""

import pytest
from cases import start
from engines import person
from sqlalchemy import String, column, literal, select

from engine.commands.start_instance import start_instance
from engine.model.text_order import by_code_point, fits_pattern
from engine.queries.rest_instances import RUNNING
from engine.queries.rest_listing import Wanted, list_rows

NUMBERS = ("乙_2", "a_1", "Z-1", "b1", "甲 1", "A1", "_a")


@pytest.fixture
def find(stored_engine):
    """Business keys of running cases, as Wang Wei sees them."""

    def ask(*filters, sort=()):
        wanted = Wanted(filters=filters, sort=sort)
        with stored_engine.store.reading() as session:
            rows = list_rows(session, RUNNING, person(stored_engine, "wang_wei"), wanted)
        return [row.business_key for row in rows]

    return ask


@pytest.fixture
def amounts(stored_engine):
    """Cases that hold values of all JSON types under one name; the value is the business key."""
    for value in (5, 50, 5.5, "50", "about 50", True, None, [50], {"of": 50}):
        start_instance(
            stored_engine,
            person(stored_engine, "li_na"),
            process_key="answering",
            business_key=repr(value),
            variables={"subject": "x", "amount": value},
        )


@pytest.mark.parametrize(
    ("operator", "value", "found"),
    [
        ("gt", 5, {"50", "5.5"}),
        ("lteq", 5.5, {"5", "5.5"}),
        ("eq", 50, {"50"}),
        ("eq", "50", {"'50'"}),
        ("eq", "about 50", {"'about 50'"}),
        ("like", "ABOUT%", {"'about 50'"}),
    ],
)
def test_a_variable_is_compared_with_values_of_its_own_type(find, amounts, operator, value, found):
    """A case with a text where the question has a number does not fit, and fails the question of nobody."""
    assert set(find(("variables", [("amount", operator, value)]))) == found


def test_texts_come_in_the_order_of_their_code_points(stored_engine, find):
    for number in NUMBERS:
        start(stored_engine, business_key=number)

    assert find(sort=[("businessKey", False)]) == sorted(NUMBERS)
    assert find(sort=[("businessKey", True)]) == sorted(NUMBERS, reverse=True)


def test_the_order_does_not_depend_on_the_collation_of_the_database(stored_engine):
    """Few machines have another one than C to try; what is asked of the database must name it."""
    statement = select(column("name", String)).order_by(by_code_point(column("name", String)).desc())

    asked = str(statement.compile(stored_engine.store.engine))

    assert ('COLLATE "C" DESC' in asked) == (not stored_engine.store.is_sqlite)


@pytest.mark.parametrize(
    ("text", "pattern", "fits"),
    [
        ("Antwort", "ANT%", True),
        ("ÄRGER", "ärger", False),
        ("柜台等候", "%等%", True),
        ("50%", "50\\%", True),
        ("505", "50\\%", False),
        ("a_b", "a\\_b", True),
        ("axb", "a_b", True),
        ("axb", "a\\_b", False),
        ("a\\", "a\\", True),
        ("ab", "a\\", False),
    ],
)
def test_a_pattern_fits_the_same_texts(store, text, pattern, fits):
    with store.reading() as session:
        found = session.execute(select(fits_pattern(literal(text), pattern))).scalar_one()

    assert bool(found) is fits

"""A variable of a case in a condition: compared with a value of its own JSON type, it simply does not fit another one."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from engine.model import ProcessInstance
from engine.model.text_order import by_code_point, fits_pattern


class _OfKind(FunctionElement[Any]):
    """(the JSON value, the same as a value of SQL): NULL where the JSON value is of another kind.

    Both databases cast: SQLite makes numbers of texts, and on PostgreSQL one case that holds a text would fail the
    whole question.
    """

    inherit_cache = True


class _Number(_OfKind):
    inherit_cache = True
    on_postgresql, on_sqlite = "'number'", "'integer', 'real'"


class _Boolean(_OfKind):
    inherit_cache = True
    on_postgresql, on_sqlite = "'boolean'", "'true', 'false'"


class _Text(_OfKind):
    inherit_cache = True
    on_postgresql, on_sqlite = "'string'", "'text'"


@compiles(_OfKind, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    held, value = element.clauses.clauses
    place = f"{compiler.process(held.left, **options)}, {compiler.process(held.right, **options)}"
    found = compiler.process(value, **options)
    return f"CASE WHEN json_type({place}) IN ({element.on_sqlite}) THEN {found} END"


@compiles(_OfKind, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    held, value = (compiler.process(one, **options) for one in element.clauses.clauses)
    return f"CASE WHEN json_typeof({held}) = {element.on_postgresql} THEN {value} END"


def variable_fits(name: str, operator: str, value: Any) -> ColumnElement[bool]:
    """`operator`: eq | neq | gt | gteq | lt | lteq | like."""
    held: Any = ProcessInstance.variables[name]
    column: Any
    match value:
        case bool():
            column = _Boolean(held, held.as_boolean())
        case int() | float():
            column = _Number(held, held.as_float())
        case None:
            column = held.as_string()
        case _:
            column = by_code_point(_Text(held, held.as_string()))
    ways: dict[str, Callable[[], ColumnElement[bool]]] = {
        "eq": lambda: column == value,
        "neq": lambda: or_(column != value, column.is_(None)),
        "gt": lambda: column > value,
        "gteq": lambda: column >= value,
        "lt": lambda: column < value,
        "lteq": lambda: column <= value,
        "like": lambda: fits_pattern(held.as_string(), str(value)),
    }
    return ways[operator]()

"""Texts sort and match alike on every database, whatever its collation: two servers show one list in one order."""

from typing import Any

from sqlalchemy import ColumnElement, String, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

_ESCAPE = "\\"


class by_code_point(FunctionElement[str]):  # noqa: N801 - it reads like a function of SQL.
    """The text, to be sorted and compared by its code points, as SQLite and Python do."""

    type = String()
    inherit_cache = True


@compiles(by_code_point)
def _plain(element: Any, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses.clauses[0], **options))


@compiles(by_code_point, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f'({compiler.process(element.clauses.clauses[0], **options)}) COLLATE "C"'


def fits_pattern(text: Any, pattern: str) -> ColumnElement[bool]:
    """`%` stands for anything, `_` for one character, a backslash makes them plain; A to Z match in either case."""
    folded = "".join(one.lower() if one.isascii() else one for one in pattern)
    if (len(folded) - len(folded.rstrip(_ESCAPE))) % 2:
        folded += _ESCAPE  # A last backslash makes nothing plain, so it is one itself.
    return func.lower(by_code_point(text)).like(folded, escape=_ESCAPE)

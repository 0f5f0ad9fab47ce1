"""Script tasks: assignments in the same language, one a line; `#` begins a comment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.expressions.compile import Expression, Functions, compile_expression
from engine.expressions.errors import ExpressionError

MOST_LINES = 50
_ASSIGNMENT = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)(.*)", re.DOTALL)


@dataclass(frozen=True)
class Script:
    """`lines`: (name, expression) in order. A later line sees what an earlier one assigned."""

    text: str
    lines: tuple[tuple[str, Expression], ...]

    @property
    def assigned(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.lines)

    @property
    def names(self) -> frozenset[str]:
        """Variables that it reads before it assigns them."""
        read: set[str] = set()
        known: set[str] = set()
        for name, expression in self.lines:
            read |= expression.names - known
            known.add(name)
        return frozenset(read)

    def execute(self, variables: Mapping[str, Any], functions: Functions | None = None) -> dict[str, Any]:
        """The assigned values by name. Nothing is assigned when one line fails."""
        seen = dict(variables)
        assigned = {}
        for name, expression in self.lines:
            seen[name] = assigned[name] = expression.evaluate(seen, functions)
        return assigned


@lru_cache(maxsize=512)
def compile_script(text: str) -> Script:
    written = [
        (number, line)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not 1 <= len(written) <= MOST_LINES:
        raise ExpressionError(
            text,
            None,
            f"Expected 1 to {MOST_LINES} assignments, but there are {len(written)}.",
            f"应有 1 到 {MOST_LINES} 行赋值，实际 {len(written)} 行。",
        )
    lines = []
    for number, line in written:
        found = _ASSIGNMENT.fullmatch(line)
        if found is None:
            raise ExpressionError(
                line,
                None,
                f"Line {number} is no assignment.",
                f"第 {number} 行不是赋值。",
                "Write `name = expression`, one a line.",
                "请写成“名称 = 表达式”，每行一个。",
            )
        # The name must be one that an expression can read again.
        name = next(iter(compile_expression(found[1]).names), None)
        if name is None:
            raise ExpressionError(
                line, None, f"{found[1]!r} cannot be assigned to.", f"不能给“{found[1]}”赋值。"
            )
        lines.append((name, compile_expression(found[2])))
    return Script(text, tuple(lines))

"""Texts with `${…}` parts: `投诉 ${number}`. A text of exactly one part gives the value itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.expressions.compile import Expression, Functions, compile_expression
from engine.expressions.errors import ExpressionError, WrongValue
from engine.expressions.values import shown

LONGEST_TEMPLATE = 20_000
MOST_PARTS = 40


@dataclass(frozen=True)
class Template:
    text: str
    parts: tuple[str | Expression, ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return tuple(part for part in self.parts if isinstance(part, Expression))

    def evaluate(self, variables: Mapping[str, Any], functions: Functions | None = None) -> Any:
        if len(self.parts) == 1 and isinstance(self.parts[0], Expression):
            return self.parts[0].evaluate(variables, functions)
        written = []
        for part in self.parts:
            value = part.evaluate(variables, functions) if isinstance(part, Expression) else part
            try:
                written.append(shown(value))
            except WrongValue as problem:
                raise ExpressionError.of_value(self.text, problem) from problem
        return "".join(written)


@lru_cache(maxsize=2048)
def compile_template(text: str) -> Template:
    """Raises ExpressionError when a part is not closed or cannot be compiled."""
    if len(text) > LONGEST_TEMPLATE or text.count("${") > MOST_PARTS:
        raise ExpressionError(
            text,
            None,
            f"Expected at most {LONGEST_TEMPLATE} characters and {MOST_PARTS} parts.",
            f"最多 {LONGEST_TEMPLATE} 个字符、{MOST_PARTS} 处“${{…}}”。",
        )
    parts: list[str | Expression] = []
    position = 0
    while True:
        start = text.find("${", position)
        if start < 0:
            break
        end = _end(text, start + 2)
        if start > position:
            parts.append(text[position:start])
        parts.append(compile_expression(text[start:end]))
        position = end
    if position < len(text) or not parts:
        parts.append(text[position:])
    return Template(text, tuple(parts))


def _end(text: str, position: int) -> int:
    """After the `}` that closes the part; braces inside quotes or objects do not close it."""
    depth, quote = 1, ""
    while position < len(text):
        character = text[position]
        if quote:
            if character == "\\":
                position += 1
            elif character == quote:
                quote = ""
        elif character in "\"'":
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                return position + 1
        position += 1
    raise ExpressionError(text, None, "A `${` is not closed by `}`.", "“${”没有对应的“}”。")

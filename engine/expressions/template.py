"""Texts with `${…}` parts: `投诉 ${number}`. A text of exactly one part gives the value itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.expressions.compile import Expression, Functions, compile_expression
from engine.expressions.errors import ExpressionError


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
        shown = []
        for part in self.parts:
            value = part.evaluate(variables, functions) if isinstance(part, Expression) else part
            if isinstance(value, list | dict):
                raise ExpressionError(
                    self.text, None, "A list or object cannot stand in a text.", "文字中不能放列表或对象。"
                )
            shown.append(
                "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            )
        return "".join(shown)


@lru_cache(maxsize=2048)
def compile_template(text: str) -> Template:
    """Raises ExpressionError when a part is not closed or cannot be compiled."""
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

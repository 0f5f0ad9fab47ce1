"""Values as rows keep them: what JSON cannot hold is refused where it comes in, not when it is stored."""

from collections.abc import Mapping
from typing import Any

import orjson

from engine.model import InvalidInput


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are after a restart: tuples are lists, moments are texts. Raises TypeError, ValueError."""
    found: dict[str, Any] = orjson.loads(orjson.dumps(dict(values)))
    return found


def given_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values from outside, `plain`. Raises InvalidInput for what no database keeps."""
    try:
        found = plain(values)
    except (TypeError, ValueError) as problem:
        raise InvalidInput(
            f"Expected JSON values, but {problem}.", f"变量只能是 JSON 值：{problem}。"
        ) from problem
    # PostgreSQL keeps no text with this character, whatever the column.
    if b"\\u0000" in orjson.dumps(found) and _has_nul(found):
        raise InvalidInput("Expected text without NUL characters.", "文字中不能有空字符（NUL）。")
    return found


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any("\0" in key or _has_nul(one) for key, one in value.items())
    return isinstance(value, list) and any(_has_nul(one) for one in value)

"""Durations as that API writes them: whole milliseconds."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from web.engine_rest.errors import BadRequest
from web.engine_rest.parameters import read_number


def read_span(
    given: Mapping[str, Any], name: str, *, default: int | None = None, least: int = 0
) -> timedelta:
    number = read_number(given, name)
    number = default if number is None else number
    if number is None or number < least:
        raise BadRequest(f"Expected {name} in milliseconds, from {least} on, but it is {given.get(name)!r}.")
    return timedelta(milliseconds=number)

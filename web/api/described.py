"""What a route of the interface takes and answers, said beside it; `openapi.py` makes the document of it.

@described("One case", answers={200: "Case"}, takes=…)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., Any])
_DESCRIPTION = "huiyin_described"


@dataclass(frozen=True)
class Query:
    """One parameter of the query string. `schema` is JSON Schema."""

    name: str
    says: str
    schema: Mapping[str, Any]
    is_required: bool = False


@dataclass(frozen=True)
class Described:
    """`answers`: status → name of a schema in `schemas.py`; `takes`: that of the body."""

    summary: str
    answers: Mapping[int, str]
    takes: str | None = None
    query: tuple[Query, ...] = field(default=())


def described(
    summary: str, *, answers: Mapping[int, str], takes: str | None = None, query: tuple[Query, ...] = ()
) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, _DESCRIPTION, Described(summary, answers, takes, query))
        return view

    return declare


def description_of(app: Flask, endpoint: str) -> Described | None:
    found: Described | None = getattr(app.view_functions.get(endpoint), _DESCRIPTION, None)
    return found

"""Makes contexts with people of a small bank; each records what a handler says and counts."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from engine.commands.handler import HandlerContext
from engine.people import Directory
from engine.people.directory import PersonInfo, UnitInfo

NOW = datetime(2026, 2, 13, 8, tzinfo=UTC)
UNITS = {
    "bank": UnitInfo("bank", None, "/bank/", {"zh": "总行", "en": "Bank"}, "wu_jing"),
    "city": UnitInfo("city", "bank", "/bank/city/", {"zh": "市分行", "en": "City"}, None),
    "east": UnitInfo("east", "city", "/bank/city/east/", {"zh": "城东", "en": "East"}, "wang_wei"),
    "west": UnitInfo("west", "city", "/bank/city/west/", {"zh": "城西", "en": "West"}, None),
}


class FakeContext:
    """Makes contexts; `told` holds (kind, to, message) of every notice."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, Any]] = []
        self.numbers = count(1)
        self.asked: list[tuple[str, str]] = []

    def __call__(
        self,
        inputs: dict[str, Any],
        roles: dict[str, tuple[str, str]] | None = None,
        **variables: Any,
    ) -> HandlerContext:
        """`roles`: username → (unit, role)."""
        held = roles or {}
        people = {
            name: PersonInfo(name, {"zh": name, "en": name}, None, "zh", is_active=True) for name in held
        }
        memberships = tuple((name, unit, role) for name, (unit, role) in held.items())
        return HandlerContext(
            topic="tested",
            inputs=inputs,
            variables=variables,
            case_number="TS-2026-0001",
            unit_key="east",
            now=NOW,
            idempotency_key="case:visit",
            people=Directory("bank", UNITS, people, memberships),
            notify=lambda kind, to, facts=None: self.told.append((kind, to, (facts or {}).get("message"))),
            next_number=self._next_number,
        )

    def _next_number(self, series: str, period: str) -> int:
        self.asked.append((series, period))
        return next(self.numbers)


@pytest.fixture
def context() -> Callable[..., HandlerContext]:
    return FakeContext()

"""What a replay found: case by case, and counted."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.rehearsal.replay.difference import KINDS, Difference


@dataclass(frozen=True)
class ReplayedCase:
    """`why_not`: (en, zh) when the case could not be reproduced; it then has no differences and is not counted."""

    instance_key: str
    business_key: str
    ended_at: datetime
    differences: tuple[Difference, ...] = ()
    why_not: tuple[str, str] | None = None

    def to_data(self) -> dict[str, Any]:
        return {
            "instance_key": self.instance_key,
            "business_key": self.business_key,
            "ended_at": self.ended_at.isoformat(),
            "differences": [one.to_data() for one in self.differences],
            "why_not": list(self.why_not) if self.why_not else None,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "ReplayedCase":
        return cls(
            data["instance_key"],
            data["business_key"],
            datetime.fromisoformat(data["ended_at"]),
            tuple(Difference(**one) for one in data["differences"]),
            (data["why_not"][0], data["why_not"][1]) if data["why_not"] else None,
        )


@dataclass(frozen=True)
class Counted:
    """How many cases show a kind of difference at an element. `example`: the first of them."""

    kind: str
    process_key: str
    element_id: str
    cases: int
    example: Difference


@dataclass
class ReplayReport:
    """`base`: number of the version that the change is held against. `cases` holds those that differ and those that
    could not be reproduced; `same` counts the others. `is_whole` is false when it was cancelled.
    """

    family: str
    base: int
    since: datetime
    until: datetime
    cases: list[ReplayedCase] = field(default_factory=list)
    same: int = 0
    total: int = 0
    is_whole: bool = True
    seconds: float = 0.0

    def add(self, case: ReplayedCase) -> None:
        if case.differences or case.why_not:
            self.cases.append(case)
        else:
            self.same += 1

    @property
    def played(self) -> int:
        return len(self.cases) + self.same

    @property
    def different(self) -> list[ReplayedCase]:
        """As an owner reads them: those that stand still first, then by number of differences."""
        return sorted((one for one in self.cases if one.differences), key=_gravity)

    @property
    def not_reproduced(self) -> list[ReplayedCase]:
        return sorted((one for one in self.cases if one.why_not), key=lambda one: one.business_key)

    def only(self, keys: Collection[str]) -> "ReplayReport":
        """What a person may see who may see these cases."""
        return replace(self, cases=[one for one in self.cases if one.instance_key in keys])

    def by_kind(self) -> dict[str, int]:
        """Kind → number of cases, in the order of KINDS."""
        counted = Counter(kind for case in self.cases for kind in {one.kind for one in case.differences})
        return {kind: counted[kind] for kind in KINDS if counted[kind]}

    def by_element(self) -> list[Counted]:
        """The gravest kinds first, then what concerns most cases."""
        examples: dict[tuple[str, str, str], Difference] = {}
        counted: Counter[tuple[str, str, str]] = Counter()
        for case in self.cases:
            keys = {(one.kind, *one.place): one for one in reversed(case.differences)}
            counted.update(keys.keys())
            for key, one in keys.items():
                examples.setdefault(key, one)
        order = list(KINDS)
        found = [Counted(*key, number, examples[key]) for key, number in counted.items()]
        return sorted(found, key=lambda one: (order.index(one.kind), -one.cases, one.element_id))

    def to_data(self) -> dict[str, Any]:
        return {
            "family": self.family,
            "base": self.base,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "same": self.same,
            "total": self.total,
            "is_whole": self.is_whole,
            "seconds": self.seconds,
            "cases": [one.to_data() for one in self.cases],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "ReplayReport":
        return cls(
            data["family"],
            data["base"],
            datetime.fromisoformat(data["since"]),
            datetime.fromisoformat(data["until"]),
            [ReplayedCase.from_data(one) for one in data["cases"]],
            data["same"],
            data["total"],
            data["is_whole"],
            data["seconds"],
        )


def _gravity(case: ReplayedCase) -> tuple[int, int, str]:
    order = list(KINDS)
    worst = min(order.index(one.kind) for one in case.differences)
    return (worst, -len(case.differences), case.business_key)

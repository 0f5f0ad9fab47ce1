"""A remedy that needs no thought of the owner, as data that a browser and `apply_fix` carry out alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# One change of one element, see changes.py.
Change = Mapping[str, Any]


@dataclass(frozen=True)
class Fix:
    """What the button says, and the changes that one click makes."""

    zh: str
    en: str
    changes: tuple[Change, ...]

    def to_data(self) -> dict[str, Any]:
        return {"says": {"zh": self.zh, "en": self.en}, "changes": [dict(one) for one in self.changes]}


def change(element: str, **what: Any) -> Change:
    return {"element": element, **what}

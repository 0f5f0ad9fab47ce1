"""The policy register of `processes/register`: which ids exist, and to whom each role escalates."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from engine.people import RegisterRole, read_register_roles


class PolicyRegister:
    """Read when first asked for. A folder without register gives an empty one, and nothing is judged by it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def roles(self) -> Mapping[str, RegisterRole]:
        place = self._folder / "roles.tsv"
        return read_register_roles(place.read_bytes()) if place.is_file() else {}

    @cached_property
    def ids(self) -> frozenset[str]:
        """First column of every table: procedures, limits, decisions, forms, KPIs, conflicts, penalties."""
        return frozenset(
            line.split("\t", 1)[0]
            for place in sorted(self._folder.glob("*.tsv"))
            for line in place.read_text(encoding="utf-8-sig").splitlines()[1:]
            if line.strip()
        )

    @cached_property
    def escalates_to(self) -> Mapping[str, str | None]:
        return {key: role.escalates_to for key, role in self.roles.items()}

"""What the page of a profile shows of each limit: the figure, its source, where it is used, how many cases run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.diagrams import Finding
from engine.diagrams.limit_users import CHOSEN, limit_users
from engine.diagrams.users import User
from engine.profiles import Profile, ProfileLimit, read_value
from engine.rehearsal.register_items import RegisterItem, read_register_items
from engine.worktime import LimitError
from web.procedures import FamilyPage


@dataclass(frozen=True)
class LimitLine:
    """`rule`: of the register, where the limit names one. `was`: the figure that is live, when it is another one."""

    name: str
    limit: ProfileLimit
    why: str
    rule: RegisterItem | None
    users: tuple[User, ...]
    is_chosen: bool
    running: int
    was: str | None
    findings: tuple[Finding, ...]

    @property
    def source(self) -> str:
        """The rule's sentence, its figure and where it stands."""
        if self.rule is None:
            return ""
        parts = (self.rule.title, self.rule.row.get("limit", ""))
        return " · ".join(part for part in parts if part)

    @property
    def differs_from_rule(self) -> bool:
        """The register names a figure, and this is not it."""
        if self.rule is None or self.limit.is_off or self.limit.is_fact:
            return False
        figure = self.rule.row.get("limit", "")
        try:
            read_value(figure)
        except LimitError:
            return False  # "promptly": the source gives no figure that one could leave.
        return figure != self.limit.value


def limit_lines(
    house: FamilyPage,
    path: str,
    profile: Profile,
    data: Mapping[str, Any],
    live: Profile | None,
    running: Mapping[str, int],
) -> list[LimitLine]:
    folder = house.engine.settings.processes_folder / "register"
    rules = _rules(folder, folder.stat().st_mtime_ns if folder.is_dir() else 0)
    users = limit_users(house.checked.diagrams)
    is_chosen = bool(users.get(CHOSEN))
    findings = [one for one in house.checked.findings if one.severity != "advice"]
    return [
        LimitLine(
            name,
            limit,
            str(data.get("limits", {}).get(name, {}).get("why", "")),
            rules.get(limit.id),
            users.get(name, ()),
            is_chosen and name not in users,
            running.get(name, 0),
            _was(live, name, limit),
            tuple(_of_limit(findings, path, profile.id, name)),
        )
        for name, limit in profile.limits.items()
    ]


def _was(live: Profile | None, name: str, limit: ProfileLimit) -> str | None:
    if live is None:
        return None
    before = live.limits.get(name)
    if before is None:
        return ""
    return before.value if (before.value, before.is_off) != (limit.value, limit.is_off) else None


def _of_limit(findings: Iterable[Finding], path: str, profile_id: str, name: str) -> Iterable[Finding]:
    """Those that name this limit of this profile; findings carry names in their words only."""
    for one in findings:
        said = one.reason["en"]
        is_here = one.file == path or profile_id in said
        if is_here and name in said.replace(".", " ").replace(",", " ").split():
            yield one


@lru_cache(maxsize=4)
def _rules(folder: Path, _changed: int) -> Mapping[str, RegisterItem]:
    return {one.id: one for one in read_register_items(folder)}

"""The people of one story: a throw-away organisation with the units, roles and heads that the story gives."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from engine.model import Membership, Organisation, Person, Unit
from engine.people import SYSTEM_ROLES
from engine.people.candidates import EVERYONE, OUTSIDE
from engine.rehearsal.story import Story
from engine.rehearsal.story_error import StoryError, hint

ORGANISATION = "rehearsal"
ROOT = "organisation"
STAFF = "staff"


@dataclass(frozen=True)
class Cast:
    """`people` in the order of the story. Those outside (a customer) may be told things and send messages, no more."""

    people: Mapping[str, tuple[str, ...]]
    units: Mapping[str, tuple[str | None, str | None]]  # unit → (unit above, head)
    places: Mapping[str, tuple[str, ...]]  # person → units

    def is_outside(self, username: str) -> bool:
        roles = self.people.get(username, ())
        return bool(roles) and OUTSIDE.issuperset(roles)

    def holders(self, role: str) -> frozenset[str]:
        if role == EVERYONE:
            return frozenset(name for name in self.people if not self.is_outside(name))
        return frozenset(name for name, roles in self.people.items() if role in roles)

    def insert(self, session: Session, calendar: str, profiles: Mapping[str, str], now: datetime) -> None:
        """Rows instead of commands: a story is about the case, and stories must stay quick to play."""
        session.execute(
            insert(Organisation).values(
                organisation_key=ORGANISATION,
                name={"zh": "演练机构", "en": "Rehearsal"},
                profiles=dict(profiles),
                calendar=calendar,
                settings={},
                directory_version=1,
            )
        )
        session.execute(insert(Unit), self._unit_rows())
        staff = [name for name in self.people if not self.is_outside(name)]
        session.execute(
            insert(Person),
            [
                {
                    "username": name,
                    "organisation_key": ORGANISATION,
                    "name": {"zh": name, "en": name},
                    "email": None,
                    "locale": "zh",
                    "password_hash": None,
                    "is_active": True,
                    "created_at": now,
                }
                for name in staff
            ],
        )
        session.execute(
            insert(Membership),
            [
                {"username": name, "unit_key": unit, "role_key": role}
                for name in staff
                for unit in self.places[name]
                for role in dict.fromkeys((STAFF, *self.people[name]))
                if role not in OUTSIDE
            ],
        )

    def _unit_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "unit_key": unit,
                "organisation_key": ORGANISATION,
                "parent_key": above,
                "path": self._path(unit),
                "name": {"zh": unit, "en": unit},
                "head": head,
            }
            for unit, (above, head) in self.units.items()
        ]

    def _path(self, unit: str) -> str:
        above = self.units[unit][0]
        return f"{self._path(above) if above else '/'}{unit}/"


def read_cast(story: Story, roles: frozenset[str]) -> Cast:
    """`roles`: those of the register and of the profile; empty: there is no register, and any role may be given.

    Raises StoryError for unknown roles, people and units, and for the one in `by` who is not listed.
    """
    people = story.given.people
    known = roles | {*SYSTEM_ROLES, *OUTSIDE, EVERYONE}
    for name, held in people.items():
        for role in held:
            if roles and role not in known:
                near, near_zh = hint(role, known)
                raise _error(
                    story, f"{name}: the role {role!r} is not in the register.{near}",
                    f"{name}：角色“{role}”不在角色表中。{near_zh}", table="given.people",
                )  # fmt: skip
    require_person(story, None, story.given.by, "by")
    units = _units(story)
    return Cast(people, units, _places(story))


def require_person(story: Story, step_number: int | None, name: str, word: str) -> None:
    people = story.given.people
    if name not in people:
        near, near_zh = (
            hint(name, people) if people else (" There is no [given.people].", "没有写 [given.people]。")
        )
        raise StoryError(
            story.path, step_number,
            f"`{word}` names {name!r}, who is not listed in [given.people].{near}",
            f"“{word}”中的“{name}”没有列在 [given.people] 中。{near_zh}",
            table="" if step_number else "given",
        )  # fmt: skip


def _units(story: Story) -> dict[str, tuple[str | None, str | None]]:
    given = story.given.units
    found: dict[str, tuple[str | None, str | None]] = {ROOT: (None, None)}
    for key, unit in given.items():
        for name in (*unit.people, *((unit.head,) if unit.head else ())):
            require_person(story, None, name, f"units.{key}")
        above = unit.under or ROOT
        if above not in given and above != ROOT:
            # A unit that stands above others needs no line of its own, unless it looks like a typing mistake.
            near = difflib.get_close_matches(above, [one for one in given if one != key], n=1, cutoff=0.75)
            if near:
                raise _error(
                    story, f"units.{key} is under {above!r}, which is not listed. Did you mean {near[0]}?",
                    f"units.{key} 的上级“{above}”没有列出。是否想写 {near[0]}？", table="given",
                )  # fmt: skip
            found[above] = (ROOT, None)
        found[key] = (above, unit.head)
    for key in given:
        _refuse_circle(story, key, found)
    return found


def _refuse_circle(story: Story, start: str, units: Mapping[str, tuple[str | None, str | None]]) -> None:
    seen: set[str] = set()
    unit: str | None = start
    while unit is not None:
        if unit in seen:
            raise _error(
                story, f"units.{start} lies under itself.", f"units.{start} 成了自己的上级。", table="given"
            )
        seen.add(unit)
        unit = units[unit][0]


def _places(story: Story) -> dict[str, tuple[str, ...]]:
    found = {
        name: tuple(key for key, unit in story.given.units.items() if name in unit.people)
        for name in story.given.people
    }
    return {name: units or (ROOT,) for name, units in found.items()}


def _error(story: Story, en: str, zh: str, *, table: str) -> StoryError:
    return StoryError(story.path, None, en, zh, table=table)

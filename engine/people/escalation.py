"""Who hears when a promise is broken, rung by rung."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from engine.people.candidates import OUTSIDE, holders
from engine.people.directory import Directory


@dataclass(frozen=True)
class Rung:
    """`role_key` is None for the head of a unit."""

    role_key: str | None
    unit_key: str
    usernames: tuple[str, ...]


def find_rungs(
    directory: Directory,
    *,
    role_key: str | None,
    unit_key: str,
    escalates_to: Mapping[str, str | None],
    assignee: str | None,
    explicit: Sequence[str] = (),
    excluded: Collection[str] = (),
) -> list[Rung]:
    """The ladder above a task: each rung the holders of the role's `escalates_to` in the unit or its nearest
    ancestor, else the head of that unit; upwards to the head of the organisation (design, section 5).

    Nobody hears twice; the person complained about never hears. `explicit` role keys replace the register.
    """
    told: set[str] = {assignee} if assignee else set()
    hidden = set(excluded)
    rungs: list[Rung] = []

    def add(role: str | None, place: str, names: Collection[str]) -> bool:
        fresh = tuple(name for name in names if name not in told and name not in hidden)
        if fresh:
            told.update(fresh)
            rungs.append(Rung(role, place, fresh))
        return bool(fresh)

    if explicit:
        place = unit_key
        for wanted in explicit:
            found, names = holders(directory, wanted, place, hidden | told)
            if add(wanted, found, names):
                place = found
        return rungs + _heads(directory, place, told, hidden)
    place = unit_key
    role = role_key
    seen: set[tuple[str, str]] = set()
    while role is not None:
        target = escalates_to.get(role)
        if target is not None and target.startswith("^"):
            target = target[1:]
            place = _parent(directory, place)
        if target is None or target in OUTSIDE or (target, place) in seen:
            break
        seen.add((target, place))
        found, names = _upwards(directory, target, place, hidden)
        if not names:
            break
        add(target, found, names)
        place, role = found, target
    return rungs + _heads(directory, place, told, hidden)


def _upwards(
    directory: Directory, role: str, unit_key: str, hidden: Collection[str]
) -> tuple[str, tuple[str, ...]]:
    """Where the only holder is the person complained about, the unit above steps in, as for tasks."""
    for unit in directory.upwards(unit_key):
        names = tuple(name for name in directory.holders_in(role, unit.unit_key) if name not in hidden)
        if names:
            return unit.unit_key, names
    return "", ()


def _parent(directory: Directory, unit_key: str) -> str:
    unit = directory.units.get(unit_key)
    return unit.parent_key if unit is not None and unit.parent_key else unit_key


def _heads(directory: Directory, unit_key: str, told: set[str], hidden: set[str]) -> list[Rung]:
    """Heads of the units from here to the root, each once."""
    rungs = []
    for unit in directory.upwards(unit_key):
        if unit.head and directory.is_active(unit.head) and unit.head not in told | hidden:
            told.add(unit.head)
            rungs.append(Rung(None, unit.unit_key, (unit.head,)))
    return rungs

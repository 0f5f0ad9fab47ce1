"""Finds what a register names: an organisation, a unit, a person, by key or by the name in Chinese or English."""

from collections.abc import Mapping

from engine.commands.imports.bad_row import BadRow
from engine.people import Directory

Names = Mapping[str, Mapping[str, str]]  # key → {"zh": …, "en": …}


def find_key(what: tuple[str, str], text: str, known: Names) -> str:
    """`what`: the thing in English and Chinese. Raises BadRow for an unknown name, and for one that two share."""
    wanted = _plain(text)
    if text in known:
        return text
    found = [
        key
        for key, names in known.items()
        if _plain(key) == wanted or any(_plain(name) == wanted for name in names.values())
    ]
    en, zh = what
    if not found:
        raise BadRow(f"Expected a known {en}, but found {text!r}.", f"没有找到{zh}“{text}”。")
    if len(found) > 1:
        listed = ", ".join(sorted(found))
        raise BadRow(
            f"Expected one {en}, but {text!r} names several: {listed}; write one of these keys.",
            f"有多个{zh}叫“{text}”：{listed}，请填写其中之一。",
        )
    return found[0]


def find_unit(directory: Directory, text: str) -> str:
    return find_key(("unit", "单位"), text, {key: unit.name for key, unit in directory.units.items()})


def find_person(directory: Directory, text: str) -> str:
    """The username; also of somebody who has left."""
    return find_key(("person", "人员"), text, {key: one.name for key, one in directory.people.items()})


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()

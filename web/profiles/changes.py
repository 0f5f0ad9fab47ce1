"""What a person changes of a profile, read from the form: places and values of the file."""

import re
from collections.abc import Mapping
from typing import Any

from engine.model import InvalidInput
from engine.profiles import Change, Profile

_PLACE = re.compile(r"[\w-]+(\.[\w-]+){0,3}")
LISTS = ("warn", "rungs", "also")  # keys whose values are lists of words


class NeedsConsent(Exception):
    """The figure is a rule of the source: to leave it is to be said, and is marked."""


def changes_of_limit(
    name: str, profile: Profile, form: Mapping[str, str], live: Profile | None
) -> list[Change]:
    """Raises InvalidInput, NeedsConsent."""
    limit = profile.limits.get(name)
    if limit is None:
        raise InvalidInput(f"Expected a limit of this profile, but {name!r} is none.", f"没有时限“{name}”。")
    place = ("limits", name)
    if form.get("state") == "off":
        why = form.get("why", "").strip()
        if not why:
            raise InvalidInput("Expected to be told why there is no such promise.", "关闭时限要写明原因。")
        _require_consent(limit.is_fact and not limit.is_off, form)
        return [((*place, "value"), None), ((*place, "off"), True), ((*place, "why"), why)]
    value = form.get("value", "").strip()
    was = live.limits.get(name) if live else None
    is_source = was is not None and was.is_fact and not was.is_off and was.value == value
    changes: list[Change] = [((*place, "value"), value)]
    if limit.is_off:
        changes += [((*place, "off"), None), ((*place, "why"), None)]
    if value != limit.value or limit.is_off:
        _require_consent(limit.is_fact and not limit.is_off and not is_source, form)
        # What the source says carries no mark; a figure of ours does.
        if is_source and not limit.is_fact:
            changes.append(((*place, "fact"), None))
        elif not is_source:
            changes.append(((*place, "fact"), False))
    for key, former in (("role", limit.role or ""), ("ladder", limit.ladder)):
        given = form.get(key, "").strip()
        if given != former:
            changes.append(((*place, key), given or None))
    warn = _words(form.get("warn", ""))
    if warn != list(limit.warn or ()):
        changes.append(((*place, "warn"), warn or None))
    return changes


def change_of_value(place: str, data: Mapping[str, Any], text: str) -> Change:
    """One value that stands in the file already, of the kind that it has. Raises InvalidInput."""
    former: Any = data
    for part in place.split("."):
        former = former.get(part) if isinstance(former, Mapping) else None
    if not _PLACE.fullmatch(place) or former is None or isinstance(former, Mapping):
        raise InvalidInput(f"Expected a value of this profile, but {place!r} is none.", f"没有“{place}”。")
    parts, text = tuple(place.split(".")), text.strip()
    if isinstance(former, bool):
        return parts, text == "yes"
    if isinstance(former, list):
        return parts, _words(text)
    if isinstance(former, int | float):
        try:
            number = float(text)
        except ValueError as wrong:
            raise InvalidInput(f"Expected a number, but {text!r} is none.", f"“{text}”不是数字。") from wrong
        return parts, int(number) if number.is_integer() and isinstance(former, int) else number
    return parts, text


def _require_consent(is_needed: bool, form: Mapping[str, str]) -> None:
    if is_needed and form.get("consent") != "yes":
        raise NeedsConsent


def _words(text: str) -> list[str]:
    return [word.strip() for word in re.split(r"[,，、;；\n]", text) if word.strip()]

"""Reads a profile file and says in plain words what is wrong with it."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache

from engine.profiles.numbering import read_numbering
from engine.profiles.place import Place, ProfileError
from engine.profiles.profile import Ladder, Profile, ProfileLimit, QuietHours
from engine.worktime import AnyLimit, Limit, LimitError, parse_limit, parse_range, parse_recurring

_KNOWN = {
    *("id", "family", "process", "title", "source", "calendar", "numbering", "roles", "options", "limits"),
    *("also", "ladders", "escalates_to", "quiet_hours", "texts", "default"),
}
_KNOWN_LIMIT = {"id", "value", "text", "fact", "role", "warn", "ladder", "off", "why", "answers"}
_KNOWN_LADDER = {"warn", "every", "rungs"}
LARGEST_FILE = 500_000


# The same bytes are always the same profile, and every load of a release reads all of its family's.
@lru_cache(maxsize=1_024)
def read_profile(content: bytes, file_name: str) -> Profile:
    """Reads one `profiles/<ID>.toml`. Raises ProfileError."""
    if len(content) > LARGEST_FILE:
        raise ProfileError(file_name, "file", "Expected at most 500 kB.", "文件不得超过 500 kB。")
    try:
        data = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as problem:  # also a number with thousands of digits
        raise ProfileError(
            file_name, "TOML", f"Expected a TOML file, but {problem}.", f"不是有效的 TOML 文件：{problem}。"
        ) from problem
    file = Place(file_name, "", data, _KNOWN)
    key = file.text("id")
    options = file.table("options")
    ladders = {name: _ladder(name, one) for name, one in file.table("ladders").tables(_KNOWN_LADDER)}
    return Profile(
        id=key,
        family=file.text("family"),
        process=file.text("process"),
        also=file.words("also"),
        title=file.names("title", {"zh": key, "en": key}),
        source=file.text("source", ""),
        calendar=file.text("calendar", "cn"),
        numbering=read_numbering(file.table("numbering", {"pattern", "restarts"})),
        roles=file.table("roles").mapping(),
        options={name: options.option(name) for name in options.data},
        limits={name: _limit(name, one, ladders) for name, one in file.table("limits").tables(_KNOWN_LIMIT)},
        ladders=ladders,
        escalates_to=file.table("escalates_to").mapping(),
        quiet_hours=_quiet_hours(file),
        texts={name: file.table("texts").table(name).mapping() for name in file.table("texts").data},
    )


def _quiet_hours(file: Place) -> QuietHours | None:
    if "quiet_hours" not in file.data:
        return None
    quiet = file.table("quiet_hours", {"from", "to"})
    return QuietHours(quiet.clock("from"), quiet.clock("to"))


def _limit(name: str, place: Place, ladders: Mapping[str, Ladder]) -> ProfileLimit:
    text = place.names("text")
    if place.flag("off", False):
        if not place.text("why", "").strip():
            raise place.refused(
                "`why`: a promise that is switched off says why", "写明原因（why）：关闭的时限要说明", ""
            )
        if "value" in place.data:
            raise place.refused("either off or a value", " off 与 value 之一", "value")
        return ProfileLimit(name, place.text("id", ""), "", None, None, text, is_off=True)
    if not isinstance(place.data.get("value"), str):
        raise place.refused('a text such as value = "3 WD"', ' value，例如 value = "3 WD"', "")
    value = place.text("value")
    try:
        lower, limit = read_value(value)
    except LimitError as problem:
        raise ProfileError(place.file_name, place.path, problem.en, problem.zh) from problem
    ladder = place.text("ladder", "default")
    if ladder != "default" and ladder not in ladders:
        raise place.refused(
            f"a ladder of this profile, but {ladder!r} is none", f"本档案的升级阶梯，没有“{ladder}”", ""
        )
    warn = place.words("warn") if "warn" in place.data else None
    for label in warn or ():
        _check_label(place, "warn", label)
    return ProfileLimit(
        name=name,
        id=place.text("id", name),
        value=value,
        limit=limit,
        lower=lower,
        text=text,
        is_fact=place.flag("fact", True),
        role=place.text("role") if "role" in place.data else None,
        warn=warn,
        ladder=ladder,
        is_answer=place.flag("answers", False),
    )


def read_value(value: str) -> tuple[Limit | None, AnyLimit]:
    """(lower end of a range, the limit). A recurring rule is due at its next date. Raises LimitError."""
    if value.startswith("every "):
        return None, parse_recurring(value)
    if "–" in value or "-" in value:
        found = parse_range(value)
        return found.lower, found.upper
    return None, parse_limit(value)


def _ladder(name: str, place: Place) -> Ladder:
    warn, every = place.words("warn", Ladder.warn), place.text("every", Ladder.every)
    for label in warn:
        _check_label(place, "warn", label)
    if every != "equal":
        _check_limit(place, "every", every)
    return Ladder(name, warn, every, place.words("rungs"))


def _check_label(place: Place, key: str, label: str) -> None:
    """`75%` of the limit, or a limit before its end."""
    share = label.removesuffix("%")
    if share != label and share.isascii() and share.isdigit() and 0 < int(share) < 100:
        return
    _check_limit(place, key, label)


def _check_limit(place: Place, key: str, text: str) -> None:
    try:
        parse_limit(text)
    except LimitError as problem:
        raise ProfileError(place.file_name, f"{place.path}.{key}", problem.en, problem.zh) from problem

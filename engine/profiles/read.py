"""Reads a profile file and says in plain words what is wrong with it."""

import tomllib
from collections.abc import Mapping
from datetime import time
from functools import lru_cache
from typing import Any

from engine.profiles.profile import Ladder, Numbering, Profile, ProfileLimit, QuietHours
from engine.worktime import AnyLimit, Limit, LimitError, parse_limit, parse_range, parse_recurring

_KNOWN = {
    "id",
    "family",
    "process",
    "title",
    "source",
    "calendar",
    "numbering",
    "roles",
    "options",
    "limits",
    "ladders",
    "escalates_to",
    "quiet_hours",
    "texts",
    "default",
}
_KNOWN_LIMIT = {"id", "value", "text", "fact", "role", "warn", "ladder", "off", "why"}


class ProfileError(Exception):
    """A profile file that cannot be used: which file, which place in it, why, and what to do."""

    def __init__(self, file_name: str, place: str, en: str, zh: str) -> None:
        super().__init__(f"{file_name}, {place}: {en}")
        self.file_name = file_name
        self.place = place
        self.en = f"{file_name}, {place}: {en}"
        self.zh = f"{file_name}，{place}：{zh}"


# The same bytes are always the same profile, and every load of a release reads all of its family's.
@lru_cache(maxsize=1_024)
def read_profile(content: bytes, file_name: str) -> Profile:
    """Reads one `profiles/<ID>.toml`. Raises ProfileError."""
    try:
        data = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ProfileError(
            file_name, "TOML", f"Expected a TOML file, but {problem}.", f"不是有效的 TOML 文件：{problem}。"
        ) from problem
    _refuse_unknown(file_name, "", data, _KNOWN)
    for key in ("id", "family", "process"):
        if not isinstance(data.get(key), str):
            raise ProfileError(
                file_name, key, f"Expected a text `{key}`, but there is none.", f"缺少“{key}”。"
            )
    ladders = {
        name: Ladder(
            name,
            tuple(one.get("warn", ("75%", "90%"))),
            one.get("every", "equal"),
            tuple(one.get("rungs", ())),
        )
        for name, one in data.get("ladders", {}).items()
    }
    for ladder in ladders.values():
        _check_ladder(file_name, ladder)
    limits = {name: _limit(file_name, name, one) for name, one in data.get("limits", {}).items()}
    for limit in limits.values():
        if limit.ladder != "default" and limit.ladder not in ladders:
            raise ProfileError(
                file_name,
                f"limits.{limit.name}",
                f"Expected a ladder of this profile, but {limit.ladder!r} is none.",
                f"没有名为“{limit.ladder}”的升级阶梯。",
            )
    quiet = data.get("quiet_hours")
    title = data.get("title") or {"zh": data["id"], "en": data["id"]}
    return Profile(
        id=data["id"],
        family=data["family"],
        process=data["process"],
        title=title if isinstance(title, dict) else {"zh": title, "en": title},
        source=data.get("source", ""),
        calendar=data.get("calendar", "cn"),
        numbering=_numbering(file_name, data.get("numbering", {})),
        roles=data.get("roles", {}),
        options=data.get("options", {}),
        limits=limits,
        ladders=ladders,
        escalates_to=data.get("escalates_to", {}),
        quiet_hours=None
        if quiet is None
        else QuietHours(time.fromisoformat(quiet["from"]), time.fromisoformat(quiet["to"])),
        texts=data.get("texts", {}),
    )


def _numbering(file_name: str, data: Mapping[str, Any]) -> Numbering:
    """A pattern that would fail, or give a number twice, is refused now, not when the first case is registered."""
    numbering = Numbering(data.get("pattern", Numbering.pattern), data.get("restarts", Numbering.restarts))
    try:
        first, second, next_year = (
            numbering.pattern.format(year=year, number=number)
            for year, number in (("2026", 1), ("2026", 2), ("2027", 1))
        )
    except (KeyError, IndexError, ValueError, AttributeError) as problem:
        raise ProfileError(
            file_name,
            "numbering.pattern",
            f"Expected a pattern of {{year}} and {{number}}, such as `TS-{{year}}-{{number:05d}}`, but {problem!r}.",
            f"编号格式只能用 {{year}} 和 {{number}}，例如 TS-{{year}}-{{number:05d}}（{problem!r}）。",
        ) from problem
    if first == second:
        raise ProfileError(
            file_name, "numbering.pattern", "Expected {number} in the pattern.", "编号格式中缺少 {number}。"
        )
    if numbering.restarts not in ("year", "never"):
        raise ProfileError(
            file_name, "numbering.restarts", 'Expected "year" or "never".', "只能是 year 或 never。"
        )
    if numbering.restarts == "year" and first == next_year:
        raise ProfileError(
            file_name,
            "numbering",
            'Expected {year} in the pattern, or restarts = "never": each year would give the same numbers again.',
            '编号每年重新开始，格式中必须有 {year}；否则请写 restarts = "never"。',
        )
    return numbering


def _limit(file_name: str, name: str, data: Mapping[str, Any]) -> ProfileLimit:
    place = f"limits.{name}"
    _refuse_unknown(file_name, place, data, _KNOWN_LIMIT)
    text = data.get("text", {})
    if isinstance(text, str):
        text = {"zh": text, "en": text}
    if data.get("off"):
        if not data.get("why"):
            raise ProfileError(
                file_name,
                place,
                "Expected `why`: a promise that is switched off says why.",
                "关闭的时限必须写明原因（why）。",
            )
        return ProfileLimit(name, data.get("id", ""), "", None, None, text, is_off=True)
    value = data.get("value")
    if not isinstance(value, str):
        raise ProfileError(
            file_name, place, 'Expected a text such as value = "3 WD".', '缺少 value，例如 value = "3 WD"。'
        )
    try:
        lower, limit = _value(value)
    except LimitError as problem:
        raise ProfileError(file_name, place, str(problem), getattr(problem, "zh", str(problem))) from problem
    warn = data.get("warn")
    return ProfileLimit(
        name=name,
        id=data.get("id", name),
        value=value,
        limit=limit,
        lower=lower,
        text=text,
        is_fact=data.get("fact", True),
        role=data.get("role"),
        warn=None if warn is None else tuple(warn),
        ladder=data.get("ladder", "default"),
    )


def _value(value: str) -> tuple[Limit | None, AnyLimit]:
    """(lower end of a range, the limit). A recurring rule is due at its next date."""
    if value.startswith("every "):
        return None, parse_recurring(value)
    if "–" in value or "-" in value.partition(" ")[0]:
        found = parse_range(value)
        return found.lower, found.upper
    return None, parse_limit(value)


def _check_ladder(file_name: str, ladder: Ladder) -> None:
    for text in (*ladder.warn, *(() if ladder.every == "equal" else (ladder.every,))):
        if text.endswith("%") and text[:-1].isdigit() and 0 < int(text[:-1]) < 100:
            continue
        try:
            parse_limit(text)
        except LimitError as problem:
            raise ProfileError(
                file_name, f"ladders.{ladder.name}", str(problem), getattr(problem, "zh", str(problem))
            ) from problem


def _refuse_unknown(file_name: str, place: str, data: Mapping[str, Any], known: set[str]) -> None:
    for key in data:
        if key not in known:
            raise ProfileError(
                file_name,
                f"{place}.{key}".lstrip("."),
                f"Expected one of {', '.join(sorted(known))}, but {key!r} is unknown.",
                f"不认识的字段“{key}”，可用：{'、'.join(sorted(known))}。",
            )

"""One place of a profile file: its values by kind, and what is said when a value is of another kind."""

import math
from collections.abc import Collection, Iterator, Mapping
from datetime import time
from typing import Any


class ProfileError(Exception):
    """A profile file that cannot be used: which file, which place in it, why, and what to do."""

    def __init__(self, file_name: str, place: str, en: str, zh: str) -> None:
        super().__init__(f"{file_name}, {place}: {en}")
        self.file_name = file_name
        self.place = place
        self.en = f"{file_name}, {place}: {en}"
        self.zh = f"{file_name}，{place}：{zh}"


class Place:
    """A table of the file. Every reading raises ProfileError with the key's own place."""

    def __init__(self, file_name: str, path: str, data: Any, known: Collection[str] | None = None) -> None:
        self.file_name, self.path = file_name, path
        if not isinstance(data, dict):
            raise self.refused("a table", "一个表", "")
        self.data: Mapping[str, Any] = data
        for key in data:
            if known is not None and key not in known:
                raise self.refused(
                    f"one of {', '.join(sorted(known))}, but {key!r} is unknown",
                    f"{'、'.join(sorted(known))} 之一，不认识“{key}”",
                    key,
                )

    def refused(self, en: str, zh: str, key: str) -> ProfileError:
        place = ".".join(part for part in (self.path, key) if part) or "file"
        return ProfileError(self.file_name, place, f"Expected {en}.", f"应为{zh}。")

    def table(self, key: str, known: Collection[str] | None = None) -> "Place":
        path = f"{self.path}.{key}".lstrip(".")
        return Place(self.file_name, path, self.data.get(key, {}), known)

    def tables(self, known: Collection[str]) -> Iterator[tuple[str, "Place"]]:
        """Every key of this table as a table of its own."""
        for key in self.data:
            yield key, self.table(key, known)

    def text(self, key: str, default: str | None = None) -> str:
        """Without a default the key must be there."""
        value = self.data.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.refused(f'a text {key} = "…"', f"文字 {key}", key)
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.refused("true or false", " true 或 false", key)
        return value

    def words(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        value = self.data.get(key, list(default))
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.refused(
                'a list of texts, such as ["75%", "1 WD"]', '文字列表，例如 ["75%", "1 WD"]', key
            )
        return tuple(value)

    def names(self, key: str, default: Mapping[str, str] | None = None) -> Mapping[str, str]:
        """A text in zh and en; one plain text stands for both."""
        value = self.data.get(key, default or {})
        if isinstance(value, str):
            return {"zh": value, "en": value}
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            raise self.refused("a text, or texts in zh and en", "文字，或中英文各一", key)
        return value

    def mapping(self) -> Mapping[str, str]:
        """The whole table as text by text."""
        return {key: self.text(key) for key in self.data}

    def clock(self, key: str) -> time:
        value = self.data.get(key)
        if isinstance(value, time):
            return value
        try:
            return time.fromisoformat(str(value))
        except ValueError as problem:
            raise self.refused('a time such as "22:00"', '时间，例如 "22:00"', key) from problem

    def option(self, key: str) -> Any:
        """A value that expressions can read: JSON, so neither a date nor a table of dates."""
        value = self.data[key]
        if not _is_json(value):
            raise self.refused(
                "a text, a number, true, false or a list of these",
                "文字、数字、true、false 或它们的列表",
                key,
            )
        return value


def _is_json(value: Any) -> bool:
    match value:
        case bool() | str() | int():
            return True
        case float():
            return math.isfinite(value)
        case list():
            return all(_is_json(one) for one in value)
        case dict():
            return all(_is_json(one) for one in value.values())
    return False

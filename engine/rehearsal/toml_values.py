"""Values of a story's TOML, each read as what its word asks for, with an error that names the place."""

import contextlib
from collections.abc import Collection, Mapping, Sized
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar, overload

from engine.rehearsal.story_error import StoryError, hint, known_words

S = TypeVar("S", bound=Sized)
_MISSING: Any = object()
_NAMES = {
    bool: "yes or no",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a table",
    datetime: "a moment",
    date: "a date without time",
    time: "a time without date",
}


class Reader:
    def __init__(self, path: Path, step_number: int | None = None, table: str = "") -> None:
        self.path, self.step_number, self.place = path, step_number, table

    def error(self, en: str, zh: str) -> StoryError:
        return StoryError(self.path, self.step_number, en, zh, table=self.place)

    def refuse_unknown(self, place: str, data: Mapping[str, Any], known: Collection[str]) -> None:
        for word in data:
            if word not in known:
                near_en, near_zh = hint(word, known) if len(known) > 4 else ("", "")
                if "Known" in near_en:
                    near_en = near_zh = ""
                inside = f" in [{place}]" if place and place != self.place else ""
                raise self.error(
                    f"The word {word!r} is not known{inside}.{near_en} Known words: {known_words(known)}.",
                    f"不认识的词“{word}”。{near_zh}可用的词：{known_words(known)}。",
                )

    @overload
    def text(self, data: Mapping[str, Any], word: str, *, may_be_empty: bool = ...) -> str: ...
    @overload
    def text(
        self, data: Mapping[str, Any], word: str, default: None, *, may_be_empty: bool = ...
    ) -> str | None: ...
    def text(
        self, data: Mapping[str, Any], word: str, default: Any = _MISSING, *, may_be_empty: bool = False
    ) -> str | None:
        if word not in data and default is not _MISSING:
            return None
        value = data.get(word)
        if not isinstance(value, str) or not (value.strip() or may_be_empty):
            raise self._wrong(data, word, "a text", "文字")
        return value

    def names(self, data: Mapping[str, Any], word: str, default: Any = _MISSING) -> tuple[str, ...]:
        """A list of names; one name alone may stand without brackets."""
        if word not in data and default is not _MISSING:
            return ()
        value = data.get(word)
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self._wrong(data, word, 'a list of names such as ["li_na"]', '名称列表，例如 ["li_na"]')
        return tuple(value)

    def moment(self, data: Mapping[str, Any], word: str) -> datetime:
        value = data.get(word)
        if isinstance(value, str):
            with contextlib.suppress(ValueError):
                value = datetime.fromisoformat(value) if "T" in value or " " in value else value
        if not isinstance(value, datetime):
            raise self._wrong(
                data,
                word,
                "a moment such as 2026-02-13T16:00:00+08:00 (without offset it is read in the calendar's zone)",
                "时刻，例如 2026-02-13T16:00:00+08:00（不写时区则按日历的时区）",
            )
        return value

    def count(self, data: Mapping[str, Any], word: str) -> int:
        value = data.get(word)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._wrong(data, word, "a number of tasks", "待办数目")
        return value

    def table(self, data: Mapping[str, Any], word: str, *, is_required: bool = False) -> Mapping[str, Any]:
        value = data.get(word, _MISSING if is_required else {})
        if not isinstance(value, dict):
            raise self._wrong(data, word, "a table", "表")
        return value

    def values(self, data: Mapping[str, Any], word: str) -> dict[str, Any]:
        """A table of values for the case: what TOML knows and JSON does not becomes text."""
        return {name: _json(value) for name, value in self.table(data, word).items()}

    def some(self, word: str, value: S) -> S:
        """An empty check would always hold."""
        if not value:
            raise self.error(f"`{word}` is empty, so it could never fail.", f"“{word}”是空的，永远不会失败。")
        return value

    def _wrong(self, data: Mapping[str, Any], word: str, en: str, zh: str) -> StoryError:
        if word not in data:
            return self.error(f"Expected `{word}`: {en}, but there is none.", f"缺少“{word}”（{zh}）。")
        value = data[word]
        kind = _NAMES.get(type(value), type(value).__name__)
        shown = "" if isinstance(value, dict | list) else f" ({value})"
        return self.error(
            f"Expected `{word}` to be {en}, but it is {kind}{shown}.", f"“{word}”应为{zh}，但写的是 {value}。"
        )


def _json(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list):
        return [_json(one) for one in value]
    if isinstance(value, dict):
        return {name: _json(one) for name, one in value.items()}
    return value

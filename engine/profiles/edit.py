"""Changes single values of a profile file; comments, order and layout of everything else stay as they were written."""

from collections.abc import Iterator, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from engine.profiles.place import ProfileError

Change = tuple[tuple[str, ...], Any]  # where (limits, handle, value), and what; None takes it away


def edited(content: bytes, changes: Sequence[Change], file_name: str) -> bytes:
    """The file with the changes. A value that is the same already stays as it is written.

    Raises ProfileError when the file is no TOML, or a place leads through something that is no table.
    """
    try:
        document = tomlkit.parse(content.decode("utf-8"))
        for place, value in changes:
            _set(document, place, value, file_name)
        return tomlkit.dumps(document).encode()
    except (TOMLKitError, UnicodeDecodeError) as problem:
        raise ProfileError(
            file_name, "TOML", f"Expected a TOML file, but {problem}.", f"不是有效的 TOML 文件：{problem}。"
        ) from problem


def _set(document: Any, place: Sequence[str], value: Any, file_name: str) -> None:
    *path, key = place
    table = document
    for part in path:
        if part not in table:
            if value is None:
                return
            table[part] = tomlkit.table()
        table = table[part]
        if not isinstance(table, dict):
            raise ProfileError(
                file_name, ".".join(place), f"Expected a table {part!r}.", f"“{part}”应为一个表。"
            )
    if value is None:
        table.pop(key, None)
    elif key not in table or table[key] != value or isinstance(value, bool) != isinstance(table[key], bool):
        table[key] = value


def comments_of(content: bytes) -> dict[str, str]:
    """What stands behind a value on its line, by the value's dotted place: people wrote there why it is so."""
    try:
        document = tomlkit.parse(content.decode("utf-8"))
    except (TOMLKitError, UnicodeDecodeError):
        return {}
    return dict(_comments(document, ""))


def _comments(table: Any, place: str) -> Iterator[tuple[str, str]]:
    for key in table:
        item, path = table.item(key) if hasattr(table, "item") else table[key], f"{place}{key}"
        if comment := getattr(getattr(item, "trivia", None), "comment", ""):
            yield path, comment.lstrip("# ").strip()
        if isinstance(item, dict):
            yield from _comments(item, f"{path}.")

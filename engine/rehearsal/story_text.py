"""Writes a story as the TOML that `read_story` reads: aligned as owners write it by hand."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


@dataclass
class DraftUnit:
    under: str | None = None
    people: list[str] = field(default_factory=list)
    head: str | None = None


@dataclass
class DraftStep:
    """`words` in the order in which they are to be written; `notes` stand above as comments."""

    words: dict[str, Any]
    notes: list[str] = field(default_factory=list)


@dataclass
class StoryDraft:
    """A story to be written. `notes` stand at the top as comments; what is None is left out."""

    title: str
    given: dict[str, Any]
    people: Mapping[str, Sequence[str]]
    steps: list[DraftStep]
    source: Sequence[str] = ()
    units: dict[str, DraftUnit] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def write_story(draft: StoryDraft) -> str:
    blocks = [_lines(draft.notes, {"title": draft.title, "source": list(draft.source) or None})]
    blocks.append(["[given]", *_pairs(draft.given)])
    blocks.append(["[given.people]", *_pairs({name: list(roles) for name, roles in draft.people.items()})])
    if draft.units:
        units = {
            key: {"under": one.under, "people": one.people or None, "head": one.head}
            for key, one in draft.units.items()
        }
        blocks.append(["[given.units]", *_pairs(units)])
    blocks += [_lines(one.notes, one.words, "[[step]]") for one in draft.steps]
    return "\n".join("\n".join(block) + "\n" for block in blocks)


def _lines(notes: Iterable[str], words: Mapping[str, Any], head: str = "") -> list[str]:
    # A line break or another control character would end the comment.
    comments = [f"# {' '.join(note.split())}" for note in notes]
    return [*comments, *([head] if head else []), *_pairs(words)]


def _pairs(words: Mapping[str, Any]) -> list[str]:
    kept = {_key(name): value for name, value in words.items() if value is not None}
    width = max((len(name) for name in kept), default=0)
    return [f"{name.ljust(width)} = {toml_value(value)}" for name, value in kept.items()]


def toml_value(value: Any) -> str:
    """One line. TOML has no null: what is None inside a table or a list is left out."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            inner = ", ".join(
                f"{_key(name)} = {toml_value(one)}" for name, one in value.items() if one is not None
            )
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            return f"[{', '.join(toml_value(one) for one in value if one is not None)}]"
        case _:
            return _text(str(value))


def _key(name: str) -> str:
    return name if name and _BARE.issuperset(name) else _text(name)


def _text(text: str) -> str:
    # JSON's escapes are TOML's, but for DEL and for halves of a pair of UTF-16, which TOML does not allow.
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")

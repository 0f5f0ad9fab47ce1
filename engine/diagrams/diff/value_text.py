"""Values of a model as short texts, so that two of them can be put side by side."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from engine.diagrams.diff.change import Difference
from engine.diagrams.diff.words import attribute_words
from engine.diagrams.model import TimerText

Words = Callable[[str], Mapping[str, str]]


def value_text(value: Any) -> str:
    """Empty for nothing; lists in their order, objects as `name=value`."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, TimerText):
        return f"{value.kind} {value.text}"
    if is_dataclass(value) and not isinstance(value, type):
        return value_text({key: one for key, one in asdict(value).items() if one not in (None, "")})
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={value_text(one)}" for key, one in sorted(value.items()))
    if isinstance(value, tuple | list):
        return ", ".join(value_text(one) for one in value)
    return " ".join(str(value).split())


def differences_of(
    old: Mapping[str, Any], new: Mapping[str, Any], words: Words = attribute_words
) -> tuple[Difference, ...]:
    """Of each attribute whose value is another one, in the order of `old`."""
    keys = [*old, *(key for key in new if key not in old)]
    return tuple(
        Difference(key, value_text(old.get(key)), value_text(new.get(key)), words(key))
        for key in keys
        if old.get(key) != new.get(key)
    )

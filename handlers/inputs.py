"""What a diagram hands to a handler, read strictly: a wrong setting in a diagram is a fault that a person must mend."""

from collections.abc import Mapping
from typing import Any

from engine.model import HandlerFailed


def text_of(inputs: Mapping[str, Any], name: str) -> str:
    """An input that must be a text, and not an empty one. Raises HandlerFailed (permanent)."""
    value = inputs.get(name)
    if not isinstance(value, str) or not value.strip():
        raise HandlerFailed(
            f"Expected the input {name!r} to be a text, but it is {value!r}.",
            f"输入“{name}”应为文字，但得到 {value!r}。",
            permanent=True,
        )
    return value.strip()


def names_of(value: Any) -> list[str]:
    """Role keys or usernames: a list, or a text with commas between them. Each once, in their order."""
    parts = value if isinstance(value, list) else str(value or "").split(",")
    return list(dict.fromkeys(str(part).strip() for part in parts if str(part or "").strip()))


def accused_of(variables: Mapping[str, Any]) -> str | None:
    """The person complained about, who takes no part in the case (COI-1)."""
    accused = variables.get("complained_about")
    return accused if isinstance(accused, str) and accused else None

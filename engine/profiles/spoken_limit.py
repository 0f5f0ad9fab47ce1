"""A limit as its owners say it: `2 个工作日`."""

from engine.worktime import LimitError, parse_any_limit, parse_range


def spoken_limit(value: str, locale: str) -> str:
    """What a profile writes as a limit, in words; a text that is none stays as it is."""
    try:
        if any(dash in value for dash in "–-") and not value.startswith("every "):
            found = parse_range(value)
            return f"{found.lower.amount}–{found.upper.says(locale)}"
        return parse_any_limit(value).says(locale)
    except LimitError:
        return value

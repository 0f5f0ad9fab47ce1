"""How long something was, in words."""

_UNITS = ((86_400, "天", "d"), (3_600, "小时", "h"), (60, "分钟", "min"))


def span(seconds: int, locale: str, before: str = "") -> str:
    """The two largest units, cut; nothing for less than a minute."""
    parts = []
    for size, zh, en in _UNITS:
        number, seconds = divmod(seconds, size)
        if number:
            parts.append(f"{number} {zh}" if locale == "zh" else f"{number} {en}")
    return before + " ".join(parts[:2]) if parts else ""

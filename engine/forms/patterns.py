"""Whether a regular expression of a form can be matched in a time that does not explode."""

import re

MOST_OPEN_REPEATS = 3
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d+(,?)(\d*)\}|.", re.DOTALL)


def is_safe_pattern(pattern: str) -> bool:
    """No repeated group that repeats or chooses inside, and few repeats without an upper bound.

    `(a+)+` takes twice as long with each letter more; `a*a*a*a*b` grows with a high power of the length.
    """
    if len(pattern) > 300 or re.search(r"\\[1-9]|\(\?[^:]", pattern):
        return False  # Back references and look-arounds are not needed for a form.
    groups: list[bool] = []  # for each open group: whether it repeats or chooses inside
    last_group_varies = False
    repeats, was_group = 0, False
    for piece in _PIECE.finditer(pattern):
        text = piece[0]
        is_open = text in ("*", "+") or (
            text.startswith("{") and len(text) > 1 and piece[1] == "," and not piece[2]
        )
        is_repeat = is_open or text == "?" or (text.startswith("{") and len(text) > 1)
        if is_repeat and was_group and text != "?" and last_group_varies:
            return False
        if (is_repeat or text == "|") and groups:
            groups[-1] = True
        repeats += is_open
        was_group = text == ")"
        if text == "(":
            groups.append(False)
        elif text == ")" and groups:
            last_group_varies = groups.pop()
            if groups:
                groups[-1] = groups[-1] or last_group_varies
    return repeats <= MOST_OPEN_REPEATS

"""Whether a regular expression of a form can be matched in a time that does not explode."""

import re

OPEN_TRIES = 300  # in how many lengths a repeat without an upper bound may match: a matched text is no longer
MOST_TRIES = OPEN_TRIES**3  # of all repeats, multiplied
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\{\d*(,?)(\d*)\}|.", re.DOTALL)


def is_safe_pattern(pattern: str) -> bool:
    """No repeated group that repeats or chooses inside, and few repeats that may match in many lengths.

    `(a+)+` takes twice as long with each letter more; `a*a*a*a*b` grows with a high power of the length.
    """
    if len(pattern) > 300 or re.search(r"\\[1-9]|\(\?[^:]", pattern):
        return False  # Back references and look-arounds are not needed for a form.
    groups: list[bool] = []  # for each open group: whether it repeats or chooses inside
    last_group_varies = False
    tries, was_group = 1, False
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
        tries *= OPEN_TRIES if is_open else _ways(text, piece) if is_repeat else 1
        was_group = text == ")"
        if text == "(":
            groups.append(False)
        elif text == ")" and groups:
            last_group_varies = groups.pop()
            if groups:
                groups[-1] = groups[-1] or last_group_varies
    return tries <= MOST_TRIES


def _ways(text: str, piece: re.Match[str]) -> int:
    """In how many lengths a repeat with an upper bound may match."""
    if text == "?":
        return 2
    if not piece[1]:
        return 1
    least, most = (int(number or 0) for number in text.strip("{}").split(","))
    return max(most - least, 0) + 1

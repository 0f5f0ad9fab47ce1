"""At which line of its text a story has a problem."""

import re

from engine.rehearsal.story_error import StoryError

_TOML_LINE = re.compile(r"at line (\d+)")
_TABLE = re.compile(r"^\s*\[(\[?)\s*([^\]]+?)\s*\]")
_QUOTED = re.compile(r"[`'“]([^`'”]+)[`'”]")


def line_of_problem(text: str, problem: StoryError) -> int:
    """From 1. The line that names what is wrong, else the head of its step or table, else the first."""
    said = problem.reason_en
    toml = _TOML_LINE.search(said)
    if toml:
        return int(toml[1])
    lines = text.splitlines()
    table = re.match(r"\[([^\]]+)\]: ", said)
    first, last = _part(lines, problem.step_number, table[1] if table else None)
    for word in _QUOTED.findall(said):
        for number in range(first, last):
            if re.search(rf"(?<![\w/]){re.escape(word)}(?![\w/])", lines[number]):
                return number + 1
    return first + 1


def line_of_step(text: str, step_number: int | None) -> int:
    """From 1: where a step begins."""
    return _part(text.splitlines(), step_number, None)[0] + 1


def _part(lines: list[str], step_number: int | None, table: str | None) -> tuple[int, int]:
    """Indexes of the lines of a step or table: from its head to the next head."""
    heads = [(number, found) for number, line in enumerate(lines) if (found := _TABLE.match(line))]
    steps = 0
    for place, (number, found) in enumerate(heads):
        end = heads[place + 1][0] if place + 1 < len(heads) else len(lines)
        is_step = bool(found[1]) and found[2] == "step"
        steps += is_step
        if (is_step and steps == step_number) or (table is not None and found[2] == table):
            return number, end
    return 0, len(lines)

"""The table of all rules in docs/diagrams.md, written from the code: `python -m engine.diagrams.lint.table docs/diagrams.md`."""

import sys
from pathlib import Path

from engine.diagrams.lint.rules import RULES, Rule

_HEAD = "| rule | severity | what is wrong | remedy |\n|---|---|---|---|\n"


def rules_table() -> str:
    return _HEAD + "".join(_row(rule) for rule in RULES.values())


def with_table(page: str) -> str:
    """The page with its table of rules written anew; what stands around it stays. Raises ValueError without one."""
    before, head, after = page.partition(_HEAD)
    if not head:
        raise ValueError("The page has no table of rules.")
    rows = after.splitlines(keepends=True)
    is_row = [line.startswith("| `") for line in rows]
    rest = rows[is_row.index(False) :] if False in is_row else []
    return before + rules_table() + "".join(rest)


def _row(rule: Rule) -> str:
    remedy = rule.remedy_en or "as the message says"
    return f"| `{rule.code}` | {rule.severity} | {rule.en} | {remedy} |\n"


if __name__ == "__main__":
    page_path = Path(sys.argv[1])
    page_path.write_text(with_table(page_path.read_text(encoding="utf-8")), encoding="utf-8")

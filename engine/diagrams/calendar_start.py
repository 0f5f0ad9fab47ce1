"""What the timer of a start event asks for: a limit by name, or a recurring rule as it stands."""

import re

_LIMIT = re.compile(r"""\$\{\s*limit\(\s*(?:"([^"]+)"|'([^']+)')\s*\)\s*\}""")


def limit_asked_for(text: str) -> str | None:
    """The name in `${limit("weekly_report")}`; None for anything else."""
    found = _LIMIT.fullmatch(text.strip())
    return (found[1] or found[2]) if found else None

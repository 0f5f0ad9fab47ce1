"""Words for staff to begin with, in both languages: whoever puts a version live shortens them."""

from collections.abc import Mapping, Sequence

from engine.diagrams.diff import Change

MOST_LINES = 12
ROLLED_BACK: Mapping[str, str] = {
    "zh": "已恢复先前的版本，此前公布的变更不再适用。",
    "en": "The earlier version applies again; what was announced before does not apply any more.",
}


def first_note(changes: Sequence[Change]) -> Mapping[str, str]:
    """Language → one line a change. Empty without a change."""
    found = {locale: [one.says(locale) for one in changes[:MOST_LINES]] for locale in ("zh", "en")}
    more = len(changes) - MOST_LINES
    if more > 0:
        found["zh"].append(f"另有 {more} 处修改。")
        found["en"].append(f"And {more} further changes.")
    return {locale: "\n".join(lines) for locale, lines in found.items()}

"""What the page of a form sends, as the words of a field. A word that is not sent stays as it was shown."""

import re
from collections.abc import Iterator
from dataclasses import replace

from werkzeug.datastructures import MultiDict

from engine.forms.field_words import FieldWords, OptionWords, plain

Posted = MultiDict[str, str]

_TEXTS = (
    *("name", "look", "zh", "en", "help_zh", "help_en", "source", "minimum", "maximum", "min_length", "max_length"),
    *("pattern", "show_field", "show_op"),
)  # fmt: skip
_TICKS = ("is_required", "is_readonly", "is_half")


def posted_words(posted: Posted, shown: FieldWords) -> FieldWords:
    """`ticks` names the boxes that the page had: a browser sends nothing for one that is not ticked."""
    texts = {word: plain(posted[word]) for word in _TEXTS if word in posted}
    ticks = {word: word in posted for word in _TICKS if word in posted.getlist("ticks")}
    changed = replace(shown, **texts, **ticks)  # type: ignore[arg-type]
    if "option_value" in posted:
        changed = replace(changed, options=tuple(_options(posted)))
    if "has_show_values" in posted:
        changed = replace(changed, show_values=tuple(plain(one) for one in posted.getlist("show_values")))
    return changed


def _options(posted: Posted) -> Iterator[OptionWords]:
    """Lines with nothing in them fall away, and so does the one whose button to remove it was pressed."""
    columns = [posted.getlist(name) for name in ("option_value", "option_zh", "option_en")]
    lines = [OptionWords(*map(plain, one)) for one in zip(*columns, strict=False)]
    removed, up = _number(posted.get("option_remove")), _number(posted.get("option_up"))
    if up is not None and 0 < up < len(lines):
        lines[up - 1 : up + 1] = [lines[up], lines[up - 1]]
    known = {one.value for one in lines}
    for number, one in enumerate(lines):
        if number == removed or one == OptionWords(""):
            continue
        yield one if one.value else replace(one, value=_made_value(one, number + 1, known))


def _made_value(one: OptionWords, number: int, known: set[str]) -> str:
    """Who writes the label first gets a value from its English, or a number."""
    made = re.sub(r"[^a-z0-9]+", "_", one.en.lower()).strip("_") or f"option_{number}"
    while made in known:
        made += "_2"
    known.add(made)
    return made


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"[0-9]{1,4}", text) else None

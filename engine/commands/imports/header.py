"""Finds the header row of a register and what each of its columns means."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.commands.imports.columns import COLUMNS, REASON_TITLES, REQUIRED, column_named
from engine.commands.imports.sheet import Cell, SheetRow, as_text
from engine.forms import FormDefinition
from engine.model import InvalidInput

LOOKED_AT = 15  # a title, a date and a remark may stand above the header
_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")
_NOISE = re.compile(r"[\s_\-/·:：*＊.。、\"'“”]+")


def plain(text: str) -> str:
    """A header without what people add to it: brackets, stars, colons, spaces, wide letters."""
    narrow = unicodedata.normalize("NFKC", text).casefold()
    return _NOISE.sub("", _BRACKETS.sub("", narrow)) or _NOISE.sub("", narrow)


_KNOWN: Mapping[str, str] = {
    plain(header): one.name for one in COLUMNS for header in (one.name, *one.headers)
}
# A register that was rejected in part comes back mended: what we wrote beside the rows is not theirs.
_OUR_OWN = frozenset(plain(one) for one in REASON_TITLES)


@dataclass(frozen=True)
class Header:
    """`places`: meaning → position of its column. `unknown`: headers that nothing here understands."""

    row_number: int
    titles: tuple[str, ...]
    places: Mapping[str, int]
    unknown: tuple[str, ...]


def find_header(rows: Sequence[SheetRow], fields: Mapping[str, str]) -> Header | None:
    """The first row that names all required columns. `fields`: plain form label → field name."""
    for row in rows[:LOOKED_AT]:
        header = _read(row, fields)
        if all(name in header.places for name in REQUIRED):
            return header
    return None


def form_headers(forms: Iterable[FormDefinition]) -> dict[str, str]:
    """Every field of these forms by its labels, alone or behind the title of its form ("答复客户·答复内容").

    A label that two fields share says nothing alone.
    """
    found: dict[str, str] = {}
    for form in forms:
        for field in form.fields:
            labels = {plain(field.label("zh")), plain(field.label("en")), plain(field.name)}
            labels |= {plain(form.title(locale) + field.label(locale)) for locale in ("zh", "en")}
            for label in labels - {""}:
                if found.setdefault(label, field.name) != field.name:
                    found[label] = ""
    return {label: name for label, name in found.items() if name}


def missing_columns(place: str, rows: Sequence[SheetRow], fields: Mapping[str, str]) -> InvalidInput:
    """What the nearest thing to a header has, and what it lacks."""
    best = max(
        (_read(row, fields) for row in rows[:LOOKED_AT]), key=lambda one: len(one.places), default=None
    )
    found = [title for title in best.titles if title] if best is not None else []
    lacking = [name for name in REQUIRED if best is None or name not in best.places]
    names_en = ", ".join(repr(_shown(name, "en")) for name in lacking)
    names_zh = "、".join(f"“{_shown(name, 'zh')}”" for name in lacking)
    listed = "、".join(found[:30])
    return InvalidInput(
        f"Expected the columns {names_en} in {place}, but found "
        + (f"only: {', '.join(found[:30])}." if found else "no header row."),
        f"“{place}”缺少列{names_zh}，" + (f"只找到：{listed}。" if found else "没有找到表头。"),
    )


def _shown(name: str, locale: str) -> str:
    headers = column_named(name).headers
    return next((one for one in headers if one.isascii() == (locale == "en")), name)


def _read(row: SheetRow, fields: Mapping[str, str]) -> Header:
    titles = tuple(_title(cell) for cell in row.cells)
    places: dict[str, int] = {}
    unknown = []
    for position, title in enumerate(titles):
        key = plain(title)
        name = _KNOWN.get(key) or fields.get(key)
        if name is not None and name not in places:
            places[name] = position
        elif title and key not in _OUR_OWN:
            unknown.append(title)
    return Header(row.number, titles, places, tuple(unknown))


def _title(cell: Cell) -> str:
    return " ".join(as_text(cell).split())

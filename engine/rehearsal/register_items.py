"""The ids of the policy register with their kind, their title, and whether they belong to the core."""

import csv
import io
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

CORE, EXTENDED = "Core", "Ext"

# Table → (kind, column of the title). The order is that of the catalogue.
_TABLES = {
    "procedures": ("procedure", "procedure"),
    "sla": ("limit", "what"),
    "decisions": ("decision", "decision"),
    "forms": ("form", "form"),
    "roles": ("role", "name"),
    "kpis": ("kpi", "indicator"),
    "conflicts": ("conflict", "rule"),
    "penalties": ("penalty", "ground"),
}
_PROCEDURE = re.compile(r"\b([A-Z]{3})-(\d\d)\b")
_FAMILY = re.compile(r"\b([A-Z]{3})\b(?!-)")


@dataclass(frozen=True)
class RegisterItem:
    id: str
    kind: str
    class_name: str  # Core: of at least one core procedure, or of none in particular
    title: str
    row: Mapping[str, str] = field(default_factory=dict)  # as it stands in the table, by the column's name


def read_register_items(folder: Path) -> list[RegisterItem]:
    """Every id once, in the order of the tables. A folder without tables gives none."""
    tables = {name: _rows(folder / f"{name}.tsv") for name in _TABLES}
    classes = {row["id"]: row["class"].partition(" ")[0] for row in tables["procedures"]}
    found: dict[str, RegisterItem] = {}
    for name, rows in tables.items():
        kind, column = _TABLES[name]
        for row in rows:
            key = next(iter(row.values()))
            if key and key not in found:
                # A limit belongs to its procedure, whatever others its row mentions.
                class_name = classes.get(key.partition("/")[0]) or _class_of(row, classes)
                found[key] = RegisterItem(key, kind, class_name, row.get(column) or key, row)
    return list(found.values())


def read_form_titles(folder: Path) -> dict[str, dict[str, str]]:
    """Form id → the form's own title: the register writes `中文 · English`."""
    found = {}
    for row in _rows(folder / "forms.tsv"):
        zh, _, en = row["form"].partition(" · ")
        found[row["id"]] = {"zh": zh.strip(), "en": en.strip() or zh.strip()}
    return found


def read_reasons(folder: Path) -> dict[str, dict[str, str]]:
    """Id → why nothing is modelled for it, in zh and en: `not_modelled.tsv` beside the tables."""
    return {row["id"]: {"zh": row["zh"], "en": row["en"]} for row in _rows(folder / "not_modelled.tsv")}


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    text = path.read_text(encoding="utf-8-sig")
    rows = csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [{key: value or "" for key, value in row.items() if key is not None} for row in rows]


def _class_of(row: Mapping[str, str], classes: Mapping[str, str]) -> str:
    """By the procedures that a row names; "CMP family", "ADV" or "all" name whole families."""
    named = _procedures(" ".join(row.values()), classes)
    if not named:
        return CORE
    return CORE if any(classes[one] == CORE for one in named) else EXTENDED


def _procedures(text: str, classes: Mapping[str, str]) -> Collection[str]:
    found = {match[0] for match in _PROCEDURE.finditer(text)} & classes.keys()
    families = {match[1] for match in _FAMILY.finditer(text)}
    return found | {one for one in classes if one[:3] in families}

"""Reads a register file whole: which columns it has, and its rows. Nothing of it is executed or trusted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.commands.imports.columns import COLUMNS
from engine.commands.imports.csv_file import read_csv
from engine.commands.imports.header import Header, find_header, missing_columns
from engine.commands.imports.sheet import Cell, SheetRow, as_text, is_empty
from engine.commands.imports.xlsx_file import read_xlsx
from engine.model import InvalidInput

MOST_BYTES = 50_000_000
_CSV, _XLSX = (".csv", ".tsv", ".txt"), (".xlsx",)
_FACTS = frozenset(one.name for one in COLUMNS if not one.is_value)
_MARKS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class RegisterRow:
    """One line of the register. `facts` say who, where, when; `values` go into the forms. Empty cells are left out."""

    number: int  # as the spreadsheet numbers its rows
    cells: tuple[str, ...]
    facts: Mapping[str, Cell] = field(default_factory=dict)
    values: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True)
class Register:
    name: str
    titles: tuple[str, ...]
    rows: Sequence[RegisterRow]
    unknown_columns: tuple[str, ...] = ()


def read_register(path: Path, fields: Mapping[str, str] | None = None) -> Register:
    """`fields`: plain form label → field name, for columns beyond those that every register shares.

    Raises InvalidInput when the file is too large, no table, or lacks a required column.
    """
    sheets = [sheet for sheet in _sheets(path) if sheet]
    for sheet in sheets:
        header = find_header(sheet, fields or {})
        if header is not None:
            rows = tuple(_row(row, header) for row in sheet if row.number > header.row_number)
            return Register(path.name, header.titles, rows, header.unknown)
    raise missing_columns(path.name, sheets[0] if sheets else [], fields or {})


def _sheets(path: Path) -> list[list[SheetRow]]:
    suffix = path.suffix.lower()
    if suffix not in (*_CSV, *_XLSX):
        raise InvalidInput(
            f"Expected a .csv or .xlsx file, but it is {path.name}; save it as one of these.",
            f"只能导入 .csv 或 .xlsx 文件，请将“{path.name}”另存后再导入。",
        )
    if not path.is_file():
        raise InvalidInput(f"Expected a file {path}, but there is none.", f"没有找到文件“{path}”。")
    if path.stat().st_size > MOST_BYTES:
        raise InvalidInput(
            f"Expected at most {MOST_BYTES} bytes, but {path.name} has {path.stat().st_size}; import it in parts.",
            f"“{path.name}”超过 {MOST_BYTES} 字节，请分批导入。",
        )
    content = path.read_bytes()
    return read_xlsx(path, content) if suffix in _XLSX else [read_csv(path, content)]


def _row(row: SheetRow, header: Header) -> RegisterRow:
    facts: dict[str, Cell] = {}
    values: dict[str, Cell] = {}
    for name, cell in _cells(row, header):
        (facts if name in _FACTS else values)[name] = cell
    texts = tuple(as_text(cell) for cell in row.cells)
    return RegisterRow(row.number, texts + ("",) * (len(header.titles) - len(texts)), facts, values)


def _cells(row: SheetRow, header: Header) -> Iterator[tuple[str, Cell]]:
    for name, position in header.places.items():
        cell = row.cells[position] if position < len(row.cells) else None
        if not is_empty(cell):
            yield name, _unmarked(cell.strip()) if isinstance(cell, str) else cell


def _unmarked(text: str) -> str:
    """A cell that we (or a careful colleague) had made harmless with an apostrophe holds what stands behind it."""
    return text[1:] if text[0] == "'" and text[1:2] in _MARKS and len(text) > 1 else text

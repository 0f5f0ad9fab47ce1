"""A table as it was read from a file: rows of cells, nothing understood yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from engine.model import InvalidInput

MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 32_767  # of one cell, as in a spreadsheet

Cell = str | int | float | bool | datetime | date | time | None


@dataclass(frozen=True)
class SheetRow:
    """`number` as a spreadsheet shows it: the first row is 1, and an empty row counts."""

    number: int
    cells: tuple[Cell, ...]


def kept_rows(place: str, rows: Iterator[tuple[int, tuple[Cell, ...]]]) -> list[SheetRow]:
    """The rows that hold anything. Raises InvalidInput when there are more than anybody keeps by hand."""
    kept: list[SheetRow] = []
    for number, cells in rows:
        filled = _without_tail(cells)
        if not filled:
            continue
        if len(kept) == MOST_ROWS + 1:  # and the header
            raise InvalidInput(
                f"Expected at most {MOST_ROWS} rows, but {place} has more; import it in parts.",
                f"最多导入 {MOST_ROWS} 行，“{place}”超出，请分批导入。",
            )
        for cell in filled:
            if isinstance(cell, str) and len(cell) > MOST_CHARACTERS:
                raise InvalidInput(
                    f"Expected at most {MOST_CHARACTERS} characters in a cell, but row {number} of {place} has {len(cell)}.",
                    f"单元格最多 {MOST_CHARACTERS} 个字，“{place}”第 {number} 行有 {len(cell)} 个字。",
                )
        kept.append(SheetRow(number, filled))
    return kept


def _without_tail(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    end = len(cells)
    while end and is_empty(cells[end - 1]):
        end -= 1
    return cells[:end]


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def as_text(cell: Cell) -> str:
    """What a person sees in the cell. A number typed as 138… is a telephone number, not 1.38e10."""
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            shown = cell.isoformat(sep=" ", timespec="seconds")
            return shown.removesuffix(" 00:00:00") if cell.tzinfo is None else shown
        case date() | time():
            return cell.isoformat()
        case str():
            return cell.strip()
    return str(cell)

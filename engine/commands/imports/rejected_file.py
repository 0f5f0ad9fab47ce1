"""Writes the rows that were not taken, as they stood in the register, with the reason beside each."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from engine.commands.imports.columns import REASON_TITLES
from engine.model import InvalidInput

# A spreadsheet would run a cell that begins so; an apostrophe makes it the text that it was.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_rejected(path: Path, titles: Sequence[str], rows: Sequence[tuple[Sequence[str], str, str]]) -> None:
    """`rows`: cells, reason in Chinese, reason in English. UTF-8 with mark, so that a spreadsheet shows Chinese.

    The file appears whole or not at all. Raises InvalidInput when its folder cannot be written.
    """
    kept = [number for number, title in enumerate(titles) if title not in REASON_TITLES]
    width = max((len(cells) for cells, _, _ in rows), default=0)
    kept += range(len(titles), width)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*(harmless(_at(titles, number)) for number in kept), *REASON_TITLES])
    for cells, zh, en in rows:
        writer.writerow([*(harmless(_at(cells, number)) for number in kept), zh, en])
    half = path.with_name(f".{path.name}.part")
    try:
        half.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
        os.replace(half, path)
    except OSError as problem:
        raise InvalidInput(
            f"The good rows are imported, but {path} cannot be written: {problem.strerror}.",
            f"正确的行已导入，但无法写入“{path}”：{problem.strerror}。",
        ) from problem


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell


def _at(cells: Sequence[str], number: int) -> str:
    return cells[number] if number < len(cells) else ""

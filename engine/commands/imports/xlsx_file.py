"""Reads an XLSX register: what stands in the cells, never what a formula or a macro would do."""

import io
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from engine.commands.imports.sheet import MOST_COLUMNS, Cell, SheetRow, kept_rows
from engine.model import InvalidInput

MOST_UNPACKED = 200_000_000  # bytes of all parts together
MOST_PARTS = 2_000
MOST_RATIO = 400  # a sheet of texts packs to about a tenth, a bomb to a thousandth
LAST_ROW = 1_048_576  # of any spreadsheet; a file that names a later one is not from one
_LOOKED_AT = 65_536  # a document type stands before everything else of an XML part


def read_xlsx(path: Path, content: bytes) -> list[list[SheetRow]]:
    """All visible sheets, first one first. Formula cells give the value that was last shown. Raises InvalidInput."""
    _refuse_bombs(path, content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and validations that it drops.
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            try:
                return [
                    kept_rows(f"{path.name} · {sheet.title}", _rows(sheet))
                    for sheet in book.worksheets
                    if sheet.sheet_state == "visible"
                ]
            finally:
                book.close()
    except InvalidInput:
        raise
    except (
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        zipfile.BadZipFile,
        SyntaxError,
    ) as problem:
        raise _unreadable(path, str(problem)) from problem


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    sheet.reset_dimensions()  # The size that a file claims may be wrong.
    rows = sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS, values_only=True)
    return enumerate(rows, start=1)


def _refuse_bombs(path: Path, content: bytes) -> None:
    """A part is never read beyond the size that the archive's own list claims, so the claims are enough."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * len(content):
                raise InvalidInput(
                    f"Expected a workbook of ordinary size, but {path.name} unpacks to {unpacked} bytes in {len(parts)} parts.",
                    f"“{path.name}”解压后有 {unpacked} 字节、{len(parts)} 个部分，超出正常大小，已拒绝。",
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    _refuse_document_type(path, archive, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as problem:
        raise _unreadable(path, str(problem)) from problem


def _refuse_document_type(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with archive.open(part) as stream:
        beginning = stream.read(_LOOKED_AT)
    # Zero bytes: a part in UTF-16, which no spreadsheet writes and in which the word would be hidden.
    if b"<!DOCTYPE" in beginning.upper() or b"\0" in beginning:
        raise InvalidInput(
            f"Expected plain XML in {path.name}, but {part.filename} declares a document type.",
            f"“{path.name}”的 {part.filename} 含有文档类型声明，已拒绝。",
        )


def _unreadable(path: Path, reason: str) -> InvalidInput:
    return InvalidInput(
        f"Expected an XLSX workbook, but {path.name} cannot be read: {reason}.",
        f"“{path.name}”不是可读取的 XLSX 工作簿：{reason}。",
    )

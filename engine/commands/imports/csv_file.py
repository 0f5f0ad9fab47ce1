"""Reads a CSV register, whoever wrote it: UTF-8 with or without mark, UTF-16, GB18030; comma, semicolon or tab."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from engine.commands.imports.sheet import MOST_CHARACTERS, MOST_COLUMNS, Cell, SheetRow, kept_rows
from engine.model import InvalidInput

DELIMITERS = (",", ";", "\t")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_csv(path: Path, content: bytes) -> list[SheetRow]:
    """Raises InvalidInput when it is no text, or when its quotes leave open where a row ends."""
    text = _decoded(path, content)
    delimiter = _delimiter(text)
    if text[:4].lower() == "sep=":
        text = text.partition("\n")[2]  # A hint of Excel to itself.
    return kept_rows(path.name, _records(path, text, delimiter))


def _records(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    # The limit belongs to the module: ours is above its default only for cells that kept_rows refuses by name.
    csv.field_size_limit(max(csv.field_size_limit(), 4 * MOST_CHARACTERS))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            yield number, tuple(record[:MOST_COLUMNS])
    except csv.Error as problem:
        raise InvalidInput(
            f"{path.name}: the table cannot be read after row {number} (line {reader.line_num}): {problem}. "
            "Look for a quotation mark that is not closed or not doubled.",
            f"“{path.name}”在第 {number} 行之后（文本第 {reader.line_num} 行）无法读取：请检查是否有未成对的引号。",
        ) from problem


def _decoded(path: Path, content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _text(path, content, (encoding,))
    # GB18030 accepts almost any bytes, so it comes second: a UTF-8 text is hardly ever valid by accident.
    return _text(path, content, ("utf-8", "gb18030"))


def _text(path: Path, content: bytes, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InvalidInput(
        f"Expected text in UTF-8 or GB18030, but {path.name} is neither; save it as CSV (UTF-8) or XLSX.",
        f"“{path.name}”不是 UTF-8 或 GB18030 文本，请另存为 CSV（UTF-8）或 XLSX。",
    )


def _delimiter(text: str) -> str:
    """The one that splits most lines of the beginning into equally many parts; texts between quotes do not count."""
    if text[:4].lower() == "sep=" and len(text) > 4:
        return text[4]
    counts: dict[str, list[int]] = {one: [] for one in DELIMITERS}
    for line in _first_lines(text):
        for one, found in counts.items():
            found.append(line.count(one))
    return max(DELIMITERS, key=lambda one: (sum(1 for count in counts[one] if count), sum(counts[one])))


def _first_lines(text: str, most: int = 20) -> list[str]:
    lines: list[str] = [""]
    is_quoted = False
    for character in text[:65_536]:
        if character == '"':
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif character in "\r\n":
            if lines[-1]:
                lines.append("")
            if len(lines) > most:
                break
        else:
            lines[-1] += character
    return [line for line in lines if line]

"""How results are printed: JSON for machines, tables for a terminal, tab-separated lines for a pipe."""

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table


def print_json(data: Any) -> None:
    print(orjson.dumps(data, option=orjson.OPT_INDENT_2, default=str).decode())


def print_json_line(data: Any) -> None:
    print(orjson.dumps(data, default=str).decode())


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A table on a terminal. In a pipe one line a row with tabs between, so that cut and awk can read it."""
    if not sys.stdout.isatty():
        for row in rows:
            print("\t".join(_cell(value) for value in row))
        return
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    Console(markup=False, highlight=False).print(table)


def _cell(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())

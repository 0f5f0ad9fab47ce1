"""Values that a command is given: a JSON file, or NAME=VALUE on the command line."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click
import orjson

from web.cli.failure import Failure

Command = TypeVar("Command", bound=Callable[..., Any])


def data_options(command: Command) -> Command:
    command = click.option(
        "--data",
        type=click.File("rb"),
        help="A file with one JSON object (- for stdin): variable names and values.",
    )(command)
    return click.option(
        "--set",
        "pairs",
        multiple=True,
        metavar="NAME=VALUE",
        help="One variable; the value is JSON, else text.",
    )(command)


def read_data(file: Any, pairs: Sequence[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if file is not None:
        try:
            read = orjson.loads(file.read().removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError as problem:
            raise Failure(
                f"Expected JSON in --data, but {problem}.", f"--data 应为 JSON，但：{problem}。"
            ) from problem
        if not isinstance(read, dict):
            raise Failure(
                'Expected one JSON object in --data, such as {"subject": "…"}.',
                '--data 应为一个 JSON 对象，例如 {"subject": "…"}。',
            )
        values |= read
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise Failure(f"Expected NAME=VALUE, but found {pair!r}.", f"应写成“名称=值”，但写的是“{pair}”。")
        values[name] = _value(text)
    return values


def _value(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text

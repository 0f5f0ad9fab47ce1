"""Reads a form file. What could not be shown, or would do harm when it is filled in, is refused here."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from engine.forms.definition import FormDefinition
from engine.forms.patterns import is_safe_pattern

LARGEST_FILE = 500_000
MOST_COLONS = (
    5_000  # a form of a hundred fields has about a thousand; checking a schema takes its time for each
)
# References could make the server fetch an address that the author of a form chose.
_REFUSED_WORDS = ("$ref", "$dynamicRef", "$recursiveRef")


class FormFileError(ValueError):
    """A form file that cannot be used at all."""

    def __init__(self, file_name: str, en: str, zh: str) -> None:
        super().__init__(f"{file_name}: {en}")
        self.en, self.zh = f"{file_name}: {en}", f"{file_name}：{zh}"


# Checking a schema costs more than all else of loading a release, and the same bytes are always the same form.
@lru_cache(maxsize=4_096)
def read_form(content: bytes, file_name: str) -> FormDefinition:
    """Raises FormFileError for a file that is no JSON Schema of an object."""
    if len(content) > LARGEST_FILE:
        raise FormFileError(file_name, "Expected at most 500 kB.", "文件不得超过 500 kB。")
    if content.count(b":") > MOST_COLONS:
        raise FormFileError(file_name, "It has too many fields.", "字段过多。")
    try:
        schema = orjson.loads(content)
    except orjson.JSONDecodeError as problem:
        raise FormFileError(
            file_name, f"Expected JSON, but {problem}.", f"不是有效的 JSON：{problem}。"
        ) from problem
    if not isinstance(schema, dict) or not isinstance(schema.get("properties"), dict):
        raise FormFileError(
            file_name, "Expected an object with `properties`.", "应为带有 properties 的对象。"
        )
    try:
        Draft202012Validator.check_schema({name: one for name, one in schema.items() if name != "$id"})
    except (SchemaError, RecursionError) as problem:
        said = getattr(problem, "message", "it is nested too deeply")
        raise FormFileError(
            file_name, f"Expected a JSON Schema, but {said}.", f"不是有效的 JSON Schema：{said}。"
        ) from problem
    for en, zh in _faults(schema):
        raise FormFileError(file_name, en, zh)
    key = str(schema.get("$id") or PurePosixPath(file_name).stem)
    return FormDefinition(key.rsplit("/", 1)[-1].removesuffix(".json"), schema, file_name)


def _faults(schema: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, field in schema["properties"].items():
        if not isinstance(field, dict):
            yield f"{name}: Expected an object that describes the field.", f"{name}：应为描述字段的对象。"
            return
        yield from _field_faults(name, field)
    examples = schema.get("examples", [])
    if not all(isinstance(one, dict) for one in examples):
        yield "examples: Expected objects, one for each filled form.", "examples：每个示例应为对象。"
    if not isinstance(schema.get("x-order", []), list):
        yield "x-order: Expected a list of field names.", "x-order：应为字段名列表。"
    for word, value in _words(schema):
        if word in _REFUSED_WORDS:
            yield f"{word} is not used: write the field out.", f"不支持 {word}，请把字段写全。"
        if word == "pattern" and isinstance(value, str) and not is_safe_pattern(value):
            yield (
                f"The pattern {value!r:.80} could take for ever: repeat no group that repeats or chooses inside.",
                f"正则 {value!r:.80} 可能耗时过长：不要重复内含重复或选择的分组。",
            )


def _field_faults(name: str, field: dict[str, Any]) -> Iterator[tuple[str, str]]:
    options = field.get("x-options", [])
    if not isinstance(options, list) or not all(
        isinstance(one, dict) and "value" in one and isinstance(one.get("label", {}), dict) for one in options
    ):
        yield (
            f'{name}: Expected x-options such as [{{"value": "a", "label": {{"zh": "…", "en": "…"}}}}].',
            f"{name}：x-options 应为带 value 和 label 的列表。",
        )
    if not isinstance(field.get("x-show-if", {}), dict):
        yield f"{name}: Expected an object as x-show-if.", f"{name}：x-show-if 应为对象。"
    if not isinstance(field.get("x-widget", ""), str):
        yield f"{name}: Expected a word as x-widget.", f"{name}：x-widget 应为文字。"


def _words(value: Any) -> Iterator[tuple[str, Any]]:
    """Every key at any depth, with what it holds; field names among them."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield from one.items()
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one

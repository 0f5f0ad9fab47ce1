"""Changes of a form file, one act each. What an act is not about stays as it is, unknown words and order too.

Each takes the schema and gives a changed copy; FormEditError says at which word of the page something is wrong.
"""

import copy
import json
import re
from collections.abc import Mapping
from typing import Any

from engine.forms.field_words import LOOKS, FieldWords, field_words
from engine.forms.write_field import FormEditError, write_field

Schema = dict[str, Any]
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def form_bytes(schema: Mapping[str, Any]) -> bytes:
    """As the files of all families are written, so that a comparison shows what changed and no more."""
    return (json.dumps(schema, indent=2, ensure_ascii=False) + "\n").encode()


def new_form(key: str, zh: str, en: str, base: Mapping[str, Any] | None = None) -> Schema:
    """An empty form, or a copy of `base` under another key. Raises FormEditError."""
    _check_name(key, "key")
    title = {"zh": zh, "en": en}
    if base is not None:
        return {**copy.deepcopy(dict(base)), "$id": key, "x-title": title}
    return {
        "$schema": _DRAFT, "$id": key, "x-title": title, "type": "object", "required": [], "properties": {},
        "x-order": [], "examples": [{}],
    }  # fmt: skip


def change_head(schema: Mapping[str, Any], *, zh: str, en: str, register_form: str, source: str) -> Schema:
    """The form's title, its paper form and its source; empty takes the latter two away."""
    changed = copy.deepcopy(dict(schema))
    if head_words(schema)[:2] != (zh, en):
        title = changed.get("x-title")
        changed["x-title"] = {**(title if isinstance(title, dict) else {}), "zh": zh, "en": en}
    for word, given, shown in (
        ("x-form", register_form, head_words(schema)[2]),
        ("x-source", source, head_words(schema)[3]),
    ):
        if given == shown:
            continue
        if given:
            changed[word] = given
        else:
            changed.pop(word, None)
    return changed


def head_words(schema: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Title in Chinese and English, paper form, source."""
    title = schema.get("x-title")
    texts = title if isinstance(title, Mapping) else {"zh": title or ""}
    return (
        *(str(texts.get(language, "")) for language in ("zh", "en")),
        str(schema.get("x-form") or ""),
        str(schema.get("x-source") or ""),
    )  # type: ignore[return-value]


def ordered_names(schema: Mapping[str, Any]) -> list[str]:
    properties = schema["properties"]
    order = [name for name in schema.get("x-order", ()) if name in properties]
    return [*order, *(name for name in properties if name not in order)]


def add_field(schema: Mapping[str, Any], *, name: str, look: str, zh: str, en: str) -> Schema:
    """At the end of the form. Raises FormEditError."""
    _check_name(name, "name")
    _refuse_taken(schema, name)
    if look not in LOOKS:
        raise FormEditError("look", "Choose a kind of field.", "请选择字段类型。")
    changed = copy.deepcopy(dict(schema))
    names = ordered_names(schema)
    changed["properties"][name] = {"type": "string"}
    if "x-order" in changed:
        changed["x-order"] = [*names, name]
    return change_field(
        changed, name, FieldWords(name, look, zh, en, is_half=look not in ("textarea", "heading"))
    )


def remove_field(schema: Mapping[str, Any], name: str) -> Schema:
    """Conditions of other fields that ask for it stay: they are findings, for a person to decide."""
    changed = copy.deepcopy(dict(schema))
    changed["properties"].pop(name, None)
    for word in ("required", "x-order"):
        if name in changed.get(word, ()):
            changed[word] = [one for one in changed[word] if one != name]
    for example in changed.get("examples", ()):
        example.pop(name, None)
    return changed


def move_field(schema: Mapping[str, Any], name: str, step: int) -> Schema:
    """`step`: -1 up, 1 down. At the end of the list nothing happens."""
    names = ordered_names(schema)
    place = names.index(name)
    other = min(max(place + step, 0), len(names) - 1)
    changed = copy.deepcopy(dict(schema))
    if other == place:
        return changed
    names.insert(other, names.pop(place))
    if "x-order" in changed:
        changed["x-order"] = names
    else:
        changed["properties"] = {one: changed["properties"][one] for one in names}
    return changed


def change_field(schema: Mapping[str, Any], name: str, words: FieldWords) -> Schema:
    """Writes the words that are not what the page showed. Raises FormEditError."""
    changed = copy.deepcopy(dict(schema))
    shown = field_words(schema, name)
    write_field(changed, name, shown, words)
    if words.is_required != shown.is_required:
        required = [one for one in changed.get("required", ()) if one != name]
        changed["required"] = [*required, name] if words.is_required else required
    return _renamed(changed, name, words.name) if words.name != name else changed


def keep_example(schema: Mapping[str, Any], number: int, values: Mapping[str, Any]) -> Schema:
    """`number` from 0; one behind the last adds an example."""
    changed = copy.deepcopy(dict(schema))
    examples = [*changed.get("examples", ())]
    examples[number : number + 1] = [dict(values)]
    changed["examples"] = examples
    return changed


def _renamed(schema: Schema, old: str, new: str) -> Schema:
    _check_name(new, "name")
    _refuse_taken(schema, new)
    schema["properties"] = {new if one == old else one: value for one, value in schema["properties"].items()}
    for word in ("required", "x-order"):
        if word in schema:
            schema[word] = [new if one == old else one for one in schema[word]]
    for field in schema["properties"].values():
        if isinstance(field.get("x-show-if"), dict) and field["x-show-if"].get("field") == old:
            field["x-show-if"]["field"] = new
    if "examples" in schema:
        schema["examples"] = [
            {new if one == old else one: value for one, value in example.items()}
            for example in schema["examples"]
        ]
    return schema


def _check_name(name: str, word: str) -> None:
    if not _NAME.fullmatch(name):
        raise FormEditError(
            word,
            "Expected a letter first, then letters, digits and _ (such as reply_date).",
            "应以字母开头，只含英文字母、数字和下划线（如 reply_date）。",
        )


def _refuse_taken(schema: Mapping[str, Any], name: str) -> None:
    if name in schema["properties"]:
        raise FormEditError("name", f"The form already has a field {name}.", f"表单已有字段“{name}”。")

"""What is compared of a form and of its fields, in the words of the form editor's page."""

from collections.abc import Collection, Mapping
from typing import Any

import orjson

from engine.forms import FormDefinition
from engine.forms.edit import head_words
from engine.forms.field_words import FieldWords, OptionWords, field_words

FORM_WORDS: Mapping[str, tuple[str, str]] = {
    "title_zh": ("中文标题", "title in Chinese"), "title_en": ("英文标题", "title in English"),
    "register_form": ("表单编号", "paper form"), "source": ("出处", "source"), "order": ("栏目次序", "order of the fields"),
    "examples": ("示例", "examples"), "look": ("类型", "kind"), "zh": ("中文名称", "label in Chinese"),
    "en": ("英文名称", "label in English"), "help_zh": ("中文提示", "hint in Chinese"), "help_en": ("英文提示", "hint in English"),
    "is_required": ("必填", "required"), "is_readonly": ("只读", "only shown"), "is_half": ("占半行", "half a line"),
    "options": ("选项", "options"), "minimum": ("最小值", "at least"), "maximum": ("最大值", "at most"),
    "min_length": ("最少字数", "fewest characters"), "max_length": ("最多字数", "most characters"), "pattern": ("格式", "pattern"),
    "shown": ("显示条件", "shown if"), "rest": ("其他", "the rest"),
}  # fmt: skip
_SHOWN = {
    *("type", "enum", "minimum", "maximum", "minLength", "maxLength", "pattern", "x-label", "x-help", "x-widget"),
    *("x-options", "x-show-if", "x-readonly", "x-source", "x-width"),
}  # fmt: skip
_OPERATORS = {"is": "=", "not": "≠", "filled": "≠ ∅", "": ""}


def head_facts(form: FormDefinition, common: Collection[str]) -> dict[str, Any]:
    """`common`: names of the fields that both versions have; a field that came or went is told by itself."""
    zh, en, register_form, source = head_words(form.schema)
    return {
        "title_zh": zh,
        "title_en": en,
        "register_form": register_form,
        "source": source,
        "order": ", ".join(one.name for one in form.fields if one.name in common),
        "examples": orjson.dumps(form.schema.get("examples", [])).decode(),
    }


def field_facts(form: FormDefinition) -> dict[str, dict[str, Any]]:
    """By name. What the editor has no words for is compared as it stands."""
    found = {}
    for field in form.fields:
        words = field_words(form.schema, field.name)
        rest = {key: value for key, value in field.schema.items() if key not in _SHOWN}
        facts = _facts(words) | {"rest": orjson.dumps(rest).decode() if rest else ""}
        found[field.name] = {key: value for key, value in facts.items() if value not in ("", False)}
    return found


def _facts(words: FieldWords) -> dict[str, Any]:
    plain = (
        *("look", "zh", "en", "help_zh", "help_en", "is_required", "is_readonly", "is_half", "source"),
        *("minimum", "maximum", "min_length", "max_length", "pattern"),
    )
    shown = f"{words.show_field} {_OPERATORS.get(words.show_op, '')} {', '.join(words.show_values)}".strip()
    return {
        **{key: getattr(words, key) for key in plain},
        "options": "; ".join(_option(one) for one in words.options),
        "shown": shown,
    }


def _option(one: OptionWords) -> str:
    return f"{one.value}: {' / '.join(text for text in (one.zh, one.en) if text)}"

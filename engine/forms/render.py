"""What a page needs to draw a form, and a filled form as a document."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.forms.definition import Field, FormDefinition

Choices = Sequence[tuple[str, str]]  # (value, label)


@dataclass(frozen=True)
class RenderField:
    """One field as drawn. `value` is text for the control; `attributes` are plain HTML attributes."""

    name: str
    label: str
    help: str
    widget: str
    value: Any
    options: Choices
    is_required: bool
    error: str
    is_wide: bool
    is_readonly: bool
    show_if: Mapping[str, Any] | None
    attributes: Mapping[str, str]


_INPUT_MODES = {"phone": ("tel", "tel"), "email": ("email", "email"), "money": ("decimal", "off")}


def render_model(
    form: FormDefinition,
    values: Mapping[str, Any],
    errors: Mapping[str, Mapping[str, str]],
    locale: str,
    people: Callable[[], Choices] = tuple,
    units: Callable[[], Choices] = tuple,
) -> list[RenderField]:
    """`people` and `units` give the choices of fields that name one."""
    return [_render(field, values, errors, locale, people, units) for field in form.fields]


def _render(
    field: Field,
    values: Mapping[str, Any],
    errors: Mapping[str, Mapping[str, str]],
    locale: str,
    people: Callable[[], Choices],
    units: Callable[[], Choices],
) -> RenderField:
    language = "zh" if locale.startswith("zh") else "en"
    schema = field.schema
    attributes: dict[str, str] = {}
    for name, attribute in (("maxLength", "maxlength"), ("minimum", "min"), ("maximum", "max")):
        if name in schema:
            attributes[attribute] = str(schema[name])
    if field.kind == "number":
        attributes["step"] = "0.01" if field.widget == "money" else "any"
    if field.widget in _INPUT_MODES:
        attributes["inputmode"], attributes["autocomplete"] = _INPUT_MODES[field.widget]
    options: Choices
    if field.widget == "user":
        options = people()
    elif field.widget == "unit":
        options = units()
    else:
        options = [(_text(value), label.get(language) or str(value)) for value, label in field.options]
    value = values.get(field.name, schema.get("default"))
    return RenderField(
        name=field.name,
        label=field.label(locale),
        help=field.help(locale),
        widget=field.widget,
        value=[_text(one) for one in value] if isinstance(value, list) else _text(value),
        options=options,
        is_required=field.is_required,
        error=errors.get(field.name, {}).get(language, ""),
        is_wide=schema.get("x-width") != "half",
        is_readonly=bool(schema.get("x-readonly")),
        show_if=field.show_if,
        attributes=attributes,
    )


def document_of(
    form: FormDefinition, values: Mapping[str, Any], locale: str, name_of: Callable[[str], str] = str
) -> list[tuple[str, str]]:
    """A filled form as (label, shown value); `name_of` turns a username into a person's name."""
    shown = []
    language = "zh" if locale.startswith("zh") else "en"
    for field in form.fields:
        value = values.get(field.name)
        if field.widget == "heading" or value in (None, "", []) or not field.is_shown(values):
            continue
        labels = {_text(option): label.get(language, str(option)) for option, label in field.options}
        if isinstance(value, bool) and not labels:
            text = {"zh": ("否", "是"), "en": ("No", "Yes")}[language][value]
        elif isinstance(value, list):
            text = ("、" if language == "zh" else ", ").join(
                labels.get(_text(one), str(one)) for one in value
            )
        elif field.widget == "user":
            text = name_of(str(value))
        else:
            text = labels.get(_text(value), str(value))
        shown.append((field.label(locale), text))
    return shown


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)

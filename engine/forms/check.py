"""Whether a form file keeps its promises: labels in both languages, known words, an example that fits."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.forms.definition import WIDGETS, Field, FormDefinition

_FORM_WORDS = {"x-title", "x-form", "x-order", "x-source"}
_FIELD_WORDS = {
    *("x-label", "x-help", "x-widget", "x-options", "x-show-if", "x-readonly", "x-source", "x-width"),
}
_OPERATORS = ("eq", "ne", "in", "filled")
# Of a form as a whole. Rules between fields (`if`, `allOf`, `dependentRequired`) are not executed: x-show-if is.
_SCHEMA_WORDS = {
    *("$schema", "$id", "$comment", "title", "description", "type", "properties", "required", "examples"),
    "additionalProperties",
}


@dataclass(frozen=True)
class FormFinding:
    severity: str
    file: str
    field: str | None
    zh: str
    en: str

    def says(self, locale: str = "zh") -> str:
        place = f"{self.file}{f', {self.field}' if self.field else ''}"
        return f"{place}: {self.zh if locale.startswith('zh') else self.en}"


def check_form(form: FormDefinition) -> list[FormFinding]:
    found = [*_form(form), *(one for field in form.fields for one in _field(form, field))]
    # An example is tried only when the form itself is sound: else it would only say the same again.
    return found or list(_examples(form))


def _form(form: FormDefinition) -> Iterator[FormFinding]:
    for word in form.schema:
        if word.startswith("x-"):
            if word not in _FORM_WORDS:
                yield _error(form, None, f"不认识“{word}”。", f"{word!r} is not known.")
        elif word not in _SCHEMA_WORDS:
            yield _error(
                form,
                None,
                f"“{word}”不会执行，请改用 x-show-if。",
                f"{word!r} is not executed; use x-show-if.",
            )
    names = form.schema["properties"]
    for word in ("required", "x-order"):
        for name in form.schema.get(word, ()):
            if name not in names:
                yield _error(
                    form, str(name), f"{word} 中的字段不存在。", f"{word} names a field that does not exist."
                )
    if not form.schema.get("examples"):
        yield _error(form, None, "缺少示例（examples）。", "There is no example (`examples`).")


def _examples(form: FormDefinition) -> Iterator[FormFinding]:
    readonly = {field.name for field in form.fields if field.is_readonly}
    for number, example in enumerate(form.schema["examples"], 1):
        for name, texts in form.validate(example).errors.items():
            yield _error(
                form,
                name,
                f"示例 {number} 不合格：{texts['zh']}",
                f"Example {number} does not fit: {texts['en']}",
            )
        for name in sorted(readonly & example.keys()):
            yield _error(
                form, name, f"示例 {number} 填写了只读字段。", f"Example {number} fills in a read-only field."
            )


def _field(form: FormDefinition, field: Field) -> Iterator[FormFinding]:
    for locale in ("zh", "en"):
        if not _has_text(field.schema.get("x-label"), locale):
            yield _error(form, field.name, f"缺少 {locale} 标签。", f"There is no label in {locale}.")
        for value, label in field.options if "x-options" in field.schema else ():
            if not _has_text(label, locale):
                yield _error(
                    form,
                    field.name,
                    f"选项 {value} 缺少 {locale} 标签。",
                    f"Option {value} has no label in {locale}.",
                )
    for word in field.schema:
        if word.startswith("x-") and word not in _FIELD_WORDS:
            yield _error(form, field.name, f"不认识“{word}”。", f"{word!r} is not known.")
    if field.widget not in WIDGETS:
        yield _error(
            form, field.name, f"不认识的控件“{field.widget}”。", f"The widget {field.widget!r} is not known."
        )
    if field.is_readonly and field.is_required:
        yield _error(form, field.name, "只读字段不能必填。", "A read-only field cannot be required.")
    yield from _show_if(form, field)


def _show_if(form: FormDefinition, field: Field) -> Iterator[FormFinding]:
    rule = field.show_if
    if rule is None:
        return
    if rule.get("field") not in form.schema["properties"] or rule.get("field") == field.name:
        yield _error(
            form,
            field.name,
            f"显示条件引用了不存在的“{rule.get('field')}”。",
            f"It is shown by a field {rule.get('field')!r} that does not exist.",
        )
    operator = rule.get("op", "eq")
    if operator not in _OPERATORS or not rule.keys() <= {"field", "op", "value"}:
        yield _error(
            form,
            field.name,
            f"显示条件只能用 {'、'.join(_OPERATORS)}。",
            f"Use one of {', '.join(_OPERATORS)}.",
        )
    elif (operator == "in" and not isinstance(rule.get("value"), list)) or (
        operator in ("eq", "ne") and "value" not in rule
    ):
        yield _error(
            form, field.name, "显示条件的 value 有误。", "The value of its condition is missing or no list."
        )


def _has_text(texts: object, locale: str) -> bool:
    return isinstance(texts, dict) and bool(texts.get(locale))


def _error(form: FormDefinition, field: str | None, zh: str, en: str) -> FormFinding:
    return FormFinding("error", form.file_name, field, zh, en)

"""Whether a form file keeps its promises: labels in both languages, known words, an example that fits."""

from collections.abc import Iterator
from dataclasses import dataclass

from engine.forms.definition import WIDGETS, Field, FormDefinition

_FORM_WORDS = {"x-title", "x-form", "x-order", "x-source"}
_FIELD_WORDS = {
    *("x-label", "x-help", "x-widget", "x-options", "x-show-if", "x-readonly", "x-source", "x-width"),
}
_OPERATORS = ("eq", "ne", "in", "filled")


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
    return [*_form(form), *(one for field in form.fields for one in _field(form, field))]


def _form(form: FormDefinition) -> Iterator[FormFinding]:
    for word in form.schema:
        if word.startswith("x-") and word not in _FORM_WORDS:
            yield _error(form, None, f"不认识“{word}”。", f"{word!r} is not known.")
    if not form.schema.get("examples"):
        yield _error(form, None, "缺少示例（examples）。", "There is no example (`examples`).")
        return
    for name, texts in form.validate(form.example).errors.items():
        yield _error(form, name, f"示例不合格：{texts['zh']}", f"The example does not fit: {texts['en']}")


def _field(form: FormDefinition, field: Field) -> Iterator[FormFinding]:
    label = field.schema.get("x-label")
    for locale in ("zh", "en"):
        if not isinstance(label, dict) or not label.get(locale):
            yield _error(form, field.name, f"缺少 {locale} 标签。", f"There is no label in {locale}.")
    for word in field.schema:
        if word.startswith("x-") and word not in _FIELD_WORDS:
            yield _error(form, field.name, f"不认识“{word}”。", f"{word!r} is not known.")
    if field.widget not in WIDGETS:
        yield _error(
            form, field.name, f"不认识的控件“{field.widget}”。", f"The widget {field.widget!r} is not known."
        )
    rule = field.show_if
    if rule is not None:
        if rule.get("field") not in form.schema["properties"]:
            yield _error(
                form,
                field.name,
                f"显示条件引用了不存在的“{rule.get('field')}”。",
                f"It is shown by a field {rule.get('field')!r} that does not exist.",
            )
        if rule.get("op", "eq") not in _OPERATORS:
            yield _error(
                form, field.name, f"显示条件只能用 {'、'.join(_OPERATORS)}。", f"Use one of {_OPERATORS}."
            )


def _error(form: FormDefinition, field: str | None, zh: str, en: str) -> FormFinding:
    return FormFinding("error", form.file_name, field, zh, en)

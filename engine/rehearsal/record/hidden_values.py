"""What of a form's values goes into a recorded story: figures, dates and choices; of texts only those that decide."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.decisions import DecisionTable
from engine.diagrams import ProcessModel
from engine.forms import Field, FormDefinition
from engine.rehearsal.record.recorded_people import RecordedPeople

_NAME = re.compile(r"[^\W\d]\w*")
_FREE = ("text", "textarea", "phone", "email")
_MADE_UP = {"phone": "13800000000", "email": "someone@example.org"}


def deciding_names(
    models: Iterable[ProcessModel], tables: Iterable[DecisionTable], answering: Collection[str]
) -> frozenset[str]:
    """Every name in a condition, a timer, a choice of people, a script, the inputs of a table, or what is given to a
    service that answers with values. `answering`: the topics of such services."""
    texts: list[str] = []
    for model in models:
        texts += [flow.condition or "" for flow in model.flows.values()]
        for one in (model.process, *model.elements.values()):
            texts += [*one.conditions, *one.expressions, one.sla or "", one.script or ""]
            texts += [one.timer.text if one.timer else "", one.due_date or "", one.priority or ""]
            texts += [one.candidate_groups or "", one.candidate_users or "", one.assignee or ""]
            texts += [one.properties.get("correlation", "")]
            if one.outputs or one.topic in answering:
                texts += one.inputs.values()
    found = {name for text in texts for name in _NAME.findall(text)}
    return frozenset(found | {name for table in tables for name in table.asked()})


@dataclass
class HiddenValues:
    """`hidden` and `left_out` name the fields, for the person who records."""

    forms: Mapping[str, FormDefinition]
    deciding: frozenset[str]
    people: RecordedPeople
    hidden: dict[str, None] = field(default_factory=dict)
    left_out: dict[str, None] = field(default_factory=dict)
    kept: dict[str, None] = field(default_factory=dict)

    def of_form(self, form: FormDefinition | None, values: Mapping[str, Any]) -> dict[str, Any]:
        fields = {one.name: one for one in form.fields} if form else {}
        return self._all(fields, form.example if form else {}, values)

    def of_message(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A message has no form; a field of that name in any form of the family says what it is."""
        fields = {one.name: one for form in self.forms.values() for one in form.fields}
        return self._all(fields, {}, values)

    def _all(
        self, fields: Mapping[str, Field], example: Mapping[str, Any], values: Mapping[str, Any]
    ) -> dict[str, Any]:
        found = {}
        for name, value in values.items():
            kept = self._one(name, fields.get(name), example.get(name), value)
            if kept is not None:
                found[name] = kept
        return found

    def _one(self, name: str, given: Field | None, example: Any, value: Any) -> Any:
        widget = given.widget if given else ""
        if value is None:
            return None
        if widget == "file":
            self.left_out[name] = None
            return None
        if widget == "user":
            return _each(value, self._person)
        if widget == "unit":
            return _each(value, self.people.unit)
        if not _has_text(value) or (given is not None and widget not in _FREE and given.kind != "array"):
            return value
        if name in self.deciding:
            self.kept[name] = None
            return value if given is not None else self._known_people(value)
        self.hidden[name] = None
        return self._made_up(given, widget, example, value)

    def _person(self, username: str) -> str:
        return self.people.of(username) if self.people.may_be(username) else username

    def _known_people(self, value: Any) -> Any:
        return _each(value, self._person) if isinstance(value, str | list) else value

    def _made_up(self, given: Field | None, widget: str, example: Any, value: Any) -> Any:
        if example is not None and type(example) is type(value):
            return example
        if widget in _MADE_UP:
            return _MADE_UP[widget]
        if given is not None and given.schema.get("pattern"):
            return value  # Nothing else is known to fit.
        return _replaced(value, given.schema if given else {})


def _replaced(value: Any, schema: Mapping[str, Any]) -> Any:
    """Texts give way to a text of the length that the form allows; the shape of lists and tables stays."""
    if isinstance(value, str):
        least, most = int(schema.get("minLength", 0)), int(schema.get("maxLength", 20_000))
        return "文字内容略".ljust(least, "。")[: max(most, 1)]
    if isinstance(value, list):
        return [_replaced(one, {}) for one in value]
    if isinstance(value, dict):
        return {name: _replaced(one, {}) for name, one in value.items()}
    return value


def _has_text(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value)
    if isinstance(value, list):
        return any(_has_text(one) for one in value)
    return isinstance(value, dict) and any(_has_text(one) for one in value.values())


def _each(value: Any, change: Any) -> Any:
    if isinstance(value, list):
        return [change(one) if isinstance(one, str) else one for one in value]
    return change(value) if isinstance(value, str) else value

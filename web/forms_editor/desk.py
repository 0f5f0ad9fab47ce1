"""One form on the owner's desk: its file as it stands in the working copy, and what the page shows of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from engine.commands.releases.called_blocks import is_block
from engine.forms import (
    FormDefinition,
    FormFileError,
    FormFinding,
    RenderField,
    check_form,
    read_form,
    render_model,
)
from engine.forms.edit import head_words, ordered_names
from engine.forms.field_words import FieldWords, field_words
from engine.forms.write_field import choices_of
from engine.model import NotFound
from engine.queries.choices import load_people, people_choices, unit_choices
from engine.queries.live_file import find_live_file
from engine.queries.releases.other_changes import compare_forms
from web.languages import current_locale
from web.procedures.house import FamilyPage


@dataclass(frozen=True)
class Desk:
    """`schema` is empty and `form` None when the file cannot be read; `refused` then says why."""

    house: FamilyPage
    path: str
    content: bytes
    revision: int

    @cached_property
    def form(self) -> FormDefinition | None:
        return self._read[0]

    @cached_property
    def refused(self) -> FormFileError | None:
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[FormDefinition | None, FormFileError | None]:
        try:
            return read_form(self.content, self.path), None
        except FormFileError as problem:
            return None, problem

    @cached_property
    def schema(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.content) if self.form else {}
        return read

    @property
    def is_shared(self) -> bool:
        """A building block of several families is changed in its own folder, not for one of them."""
        return is_block(self.path)

    @property
    def can_edit(self) -> bool:
        return self.house.can_edit and not self.is_shared

    @property
    def title(self) -> str:
        return self.form.title(current_locale()) if self.form else self.path

    @property
    def head(self) -> tuple[str, str, str, str]:
        return head_words(self.schema)

    @cached_property
    def fields(self) -> list[FieldWords]:
        return [field_words(self.schema, name) for name in ordered_names(self.schema)] if self.form else []

    @cached_property
    def findings(self) -> list[FormFinding]:
        return check_form(self.form) if self.form else []

    def findings_of(self, name: str) -> list[FormFinding]:
        return [one for one in self.findings if one.field == name]

    def condition_choices(self, words: FieldWords) -> list[tuple[str, str]]:
        """What the field that decides can hold, as (value, label); those that are asked for without being offered too."""
        controller = self.schema["properties"].get(words.show_field)
        if not isinstance(controller, Mapping):
            return []
        labels = {one.value: one for one in field_words(self.schema, words.show_field).options}
        found = {}
        for value in choices_of(controller):
            option = labels.get(value)
            label = (option.zh if current_locale() == "zh" else option.en) if option else ""
            found[value] = f"{label} ({value})" if label else value
        return list({**found, **{one: found.get(one, one) for one in words.show_values if found}}.items())

    def preview(
        self, locale: str, example: int, errors: Mapping[str, Any], values: Mapping[str, Any] | None = None
    ) -> list[RenderField]:
        """As staff see it. Names carry the language: both languages stand on one page."""
        if self.form is None:
            return []
        organisation = self.house.actor.organisation_key
        directory = load_people(self.house.engine, organisation) if organisation else None
        fields = render_model(
            self.form,
            self.example(example) if values is None else values,
            errors,
            locale,
            people=lambda: people_choices(directory, locale) if directory else (),
            units=lambda: unit_choices(directory, locale) if directory else (),
        )
        return [
            replace(
                one,
                name=f"{locale}-{one.name}",
                show_if={**one.show_if, "field": f"{locale}-{one.show_if.get('field')}"}
                if one.show_if
                else None,
            )
            for one in fields
        ]

    @property
    def examples(self) -> list[Mapping[str, Any]]:
        return list(self.schema.get("examples", ()))

    def example(self, number: int) -> Mapping[str, Any]:
        return self.examples[number] if number < len(self.examples) else {}

    @cached_property
    def changes(self) -> list[str]:
        """What differs from the live version, a sentence each."""
        live = find_live_file(self.house.engine, self.house.actor, self.house.family, self.path)
        if self.form is None or live == self.content:
            return []
        try:
            old = {} if live is None else {self.form.key: read_form(live, self.path)}
        except FormFileError:
            return []
        return [one.says(current_locale()) for one in compare_forms(old, {self.form.key: self.form})]

    def condition(self, words: FieldWords) -> str:
        """What the field's condition says, for the line of the row."""
        if words.show_field not in self.schema["properties"]:
            return words.show_field
        name = field_words(self.schema, words.show_field)
        label = (name.zh if current_locale() == "zh" else name.en) or words.show_field
        if words.show_op == "filled":
            return f"{label} ≠ ∅"
        called = {one.value: one.zh if current_locale() == "zh" else one.en for one in name.options}
        values = [called.get(one) or one for one in words.show_values]
        return f"{label} {'≠' if words.show_op == 'not' else '='} {'、'.join(values)}"


def desk_of(house: FamilyPage, path: str) -> Desk:
    """Raises NotFound."""
    content = house.files.files.get(path)
    if content is None:
        raise NotFound("form", path, "表单")
    edited = house.copy.file(path) if house.copy else None
    return Desk(house, path, content, edited.revision if edited else 0)

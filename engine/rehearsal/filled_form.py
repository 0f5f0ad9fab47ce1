"""Values for a form that a story does not spell out: those of the story first, then the form's own example."""

from collections.abc import Collection, Mapping
from typing import Any

from engine.forms import Field, FormDefinition
from engine.rehearsal.cast import Cast


def example_values(
    form: FormDefinition, overrides: Mapping[str, Any], cast: Cast, excluded: Collection[str]
) -> dict[str, Any]:
    """The first example that agrees with `overrides`, with these laid over it.

    An example may name people and units that the story does not have: such a value is left out, or where the form
    asks for it replaced by somebody who is there and may take part.
    """
    known = {name: value for name, value in overrides.items() if name in form.field_names}
    examples = [dict(one) for one in form.schema.get("examples") or [{}]]
    fitting = (one for one in examples if all(one.get(name) == value for name, value in known.items()))
    values = next(fitting, examples[0])
    for field in form.fields:
        if field.name in values and field.name not in known:
            kept = _present(field, values[field.name], cast, excluded)
            if kept is None:
                del values[field.name]
            else:
                values[field.name] = kept
    return values | known


def with_required(
    form: FormDefinition,
    values: Mapping[str, Any],
    given: Mapping[str, Any],
    cast: Cast,
    excluded: Collection[str],
) -> dict[str, Any]:
    """`values`, and for what the form requires beside them what the story gives or the example says."""
    filled = dict(values)
    examples = example_values(form, {**given, **values}, cast, excluded)
    for field in form.fields:
        if (
            field.is_required
            and field.name not in filled
            and field.name in examples
            and field.is_shown(filled)
        ):
            filled[field.name] = examples[field.name]
    return filled


def _present(field: Field, value: Any, cast: Cast, excluded: Collection[str]) -> Any:
    match field.widget:
        case "user":
            there = [name for name in cast.people if not cast.is_outside(name) and name not in excluded]
        case "unit":
            there = list(cast.units)
        case _:
            return value
    if isinstance(value, list):
        kept = [one for one in value if one in there]
        return kept or (there[:1] if field.is_required else None)
    if value in there:
        return value
    return there[0] if field.is_required and there else None

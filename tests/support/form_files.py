"""Form files for tests: `form(reason={"type": "string"}, required=["reason"])`."""

from typing import Any

import orjson

from engine.forms import FormDefinition, read_form


def form_file(
    *, required: Any = (), examples: Any = ({},), more: dict[str, Any] | None = None, **fields: Any
) -> bytes:
    """Fields get labels of their own name unless they bring some."""
    labelled = {
        name: {"x-label": {"zh": name, "en": name}} | field if isinstance(field, dict) else field
        for name, field in fields.items()
    }
    return orjson.dumps(
        {
            "$id": "callback",
            "type": "object",
            "required": list(required),
            "properties": labelled,
            "examples": list(examples),
        }
        | (more or {})
    )


def form(**options: Any) -> FormDefinition:
    return read_form(form_file(**options), "forms/callback.json")

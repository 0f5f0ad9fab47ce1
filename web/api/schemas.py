"""The shapes of answers and bodies, as JSON Schema 2020-12. Every field that is listed is always there."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
TEXT_OR_NONE: Schema = {"type": ["string", "null"]}
YES: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "integer"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
MOMENT_OR_NONE: Schema = {"type": ["string", "null"], "format": "date-time"}
WORDS: Schema = {
    "type": "object",
    "properties": {"zh": TEXT, "en": TEXT},
    "required": ["zh", "en"],
}
STATUS: Schema = {"enum": ["on_time", "at_risk", "breached", "paused", "met", "cancelled"]}


def listed(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def made_of(fields: Schema, **more: Any) -> Schema:
    """Exactly these fields."""
    return {
        "type": "object",
        "properties": fields,
        "required": sorted(fields),
        "additionalProperties": False,
    } | more


def named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


PAUSE = made_of(
    {
        "kind": TEXT,
        "reason": TEXT,
        "evidence": TEXT,
        "by": TEXT,
        "from": MOMENT,
        "to": MOMENT_OR_NONE,
        "moved_seconds": {"type": "number", "description": "By how much the due moment moved at its end."},
    }
)
LIMIT = {
    "key": TEXT,
    "limit": {"type": "string", "description": "Name of the limit in the profile."},
    "register_id": {
        "type": "string",
        "description": "Such as CMP-01/T2; the name where the register has none.",
    },
    "title": TEXT,
    "value": {"type": "string", "description": "Such as 3 WD."},
    "element": {"type": "string", "description": "Id of the element that it measures."},
    "status": STATUS,
    "due_at": MOMENT,
    "provisional": {"type": "boolean", "description": "Holidays of that year are not published yet."},
}
SCHEMAS: dict[str, Schema] = {
    "Error": {
        "type": "object",
        "properties": {"type": TEXT, "message": TEXT, "details": {}},
        "required": ["type", "message"],
    },
    "Kind": made_of(
        {
            "organisation": TEXT,
            "organisation_name": TEXT,
            "profile": TEXT,
            "title": TEXT,
            "source": {"type": "string", "description": "The document that the rules are from."},
            "form": {
                "type": ["object", "null"],
                "description": "JSON Schema of the intake form; null: nothing need be filled in.",
            },
        }
    ),
    "Kinds": made_of({"kinds": listed(named("Kind"))}),
    "Registered": made_of(
        {
            "key": TEXT,
            "number": {"type": "string", "description": "What to tell the customer."},
            "process": TEXT,
            "ended": YES,
            "href": TEXT,
            "page": {"type": "string", "description": "Address of the page of the case."},
        }
    ),
    "Task": made_of(
        {
            "key": TEXT,
            "element": TEXT,
            "name": TEXT,
            "unit": TEXT,
            "assignee": TEXT_OR_NONE,
            "candidates": listed(made_of({"role": TEXT, "unit": TEXT, "username": TEXT})),
            "created_at": MOMENT,
            "due_at": MOMENT_OR_NONE,
        }
    ),
    "Clock": made_of(
        LIMIT
        | {
            "started_at": MOMENT,
            "stopped_at": MOMENT_OR_NONE,
            "breached_at": MOMENT_OR_NONE,
            "acknowledged_at": MOMENT_OR_NONE,
            "acknowledged_by": TEXT_OR_NONE,
            "pausable": YES,
            "fact": {"type": "boolean", "description": "False: a default of ours, no rule of the source."},
            "source": TEXT,
            "says": WORDS,
            "pauses": listed(PAUSE),
        }
    ),
    "Clocks": made_of({"clocks": listed(named("Clock"))}),
    "Case": made_of(
        {
            "key": TEXT,
            "number": TEXT,
            "organisation": TEXT,
            "unit": TEXT,
            "process": TEXT,
            "profile": TEXT,
            "title": TEXT,
            "subject": TEXT_OR_NONE,
            "state": {"enum": ["running", "completed", "terminated"]},
            "started_at": MOMENT,
            "started_by": TEXT,
            "ended_at": MOMENT_OR_NONE,
            "end": {"type": ["string", "null"], "description": "Id of the end that it came to."},
            "next_due_at": MOMENT_OR_NONE,
            "tasks": listed(named("Task")),
            "incidents": listed(
                made_of({"kind": TEXT, "element": TEXT_OR_NONE, "says": WORDS, "raised_at": MOMENT})
            ),
            "clocks": listed(named("Clock")),
        }
    ),
    "Overdue": made_of(
        LIMIT
        | {
            "case": TEXT,
            "number": TEXT,
            "subject": TEXT_OR_NONE,
            "unit": TEXT,
            "safety": YES,
            "step": {"type": "string", "description": "Name of the step that the case waits at."},
            "assignee": TEXT_OR_NONE,
            "rung": {"type": "integer", "description": "How often it was escalated."},
            "next_rung_at": MOMENT_OR_NONE,
        }
    ),
    "Board": made_of(
        {
            "running": {"type": "integer", "description": "Running cases in reach."},
            "by_status": {"type": "object", "additionalProperties": NUMBER},
            "overdue": listed(named("Overdue")),
        }
    ),
    "Due": made_of(
        {
            "due_at": MOMENT,
            "provisional": YES,
            "limit": TEXT,
            "started_at": MOMENT,
            "calendar": TEXT,
            "calendar_version": TEXT,
            "notices": listed(TEXT),
            "segments": listed(
                {
                    "type": "object",
                    "properties": {
                        "from": MOMENT,
                        "to": MOMENT,
                        "kind": {"enum": ["counted", "skipped", "paused"]},
                        "why": TEXT,
                        "amount": {"type": "number"},
                        "name": {"type": "object", "additionalProperties": TEXT},
                    },
                    "required": ["from", "to", "kind", "why", "amount"],
                }
            ),
            "says": WORDS,
        }
    ),
    "Document": {"type": "object", "required": ["openapi", "info", "paths"]},
}

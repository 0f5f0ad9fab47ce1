"""Scopes of a token in the reader's language."""

from engine.people.scopes import BUNDLES
from web.languages import gettext as _


def scope_word(scope: str) -> str:
    return {
        "read": _("Read cases, tasks, indicators and versions"),
        "register": _("Register matters, add documents, send messages"),
        "work_tasks": _("Work on tasks"),
        "external_tasks": _("Fetch and report service tasks (workers)"),
        "deploy": _("Put procedures live (desktop modeler)"),
        "operate": _("Look after incidents, jobs and the record"),
    }.get(scope, scope)


# Whoever may not do this has no use for the bundle.
CHIEF_ACT = {
    "read": "case.read",
    "register": "case.start",
    "work_tasks": "task.work",
    "external_tasks": "external_task.work",
    "deploy": "release.deploy",
    "operate": "incident.read",
}


def bundles() -> list[tuple[str, str]]:
    """(word, what it means) in the order of the table."""
    return [(scope, scope_word(scope)) for scope in BUNDLES]

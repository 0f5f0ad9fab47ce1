"""The page of a task, whole or as the pane beside the inbox."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from engine.forms import render_model
from engine.queries.case_steps import Step, who_may
from engine.queries.choices import people_choices, unit_choices
from engine.queries.task_page import TaskPage, find_task
from web.access import current_actor, current_engine, needs
from web.languages import current_locale

blueprint = Blueprint("tasks", __name__, template_folder="templates")


@blueprint.get("/tasks/<user_task_key>")
@needs("task.read")
def show(user_task_key: str) -> ResponseReturnValue:
    return render_task(load_task(user_task_key))


@blueprint.get("/tasks/<user_task_key>/pane")
@needs("task.read")
def pane(user_task_key: str) -> ResponseReturnValue:
    return render_task(load_task(user_task_key), template="tasks/pane.html")


def load_task(user_task_key: str) -> TaskPage:
    """Raises NotFound."""
    return find_task(current_engine(), current_actor(), user_task_key, current_locale())


def render_task(
    page: TaskPage,
    *,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, Mapping[str, str]] | None = None,
    status: int = 200,
    template: str = "tasks/task.html",
) -> ResponseReturnValue:
    """`values` and `errors` when a filled form comes back."""
    locale, directory = current_locale(), page.header.directory
    fields = (
        render_model(
            page.form,
            page.values if values is None else values,
            errors or {},
            locale,
            people=lambda: people_choices(directory, locale),
            units=lambda: unit_choices(directory, locale),
        )
        if page.form is not None
        else []
    )
    takers = who_may(
        directory,
        Step(page.row, tuple((one.role_key, one.unit_key, one.username) for one in page.candidates)),
        page.header.excluded,
    )
    html = render_template(
        template,
        page=page,
        fields=fields,
        errors=errors or {},
        takers=[directory.shown(name, locale) for name in takers],
        colleagues=people_choices(directory, locale, page.header.excluded) if page.may_assign else [],
        shown=lambda name: directory.shown(name, locale),
    )
    return html, status

"""What a person does with a task: claim, release, put aside, complete, hand over."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.assign_user_task import assign_user_task
from engine.commands.attachments import add_attachment
from engine.commands.case.on_case import CaseStopped
from engine.commands.complete_user_task import Completed, complete_user_task
from engine.commands.hold_user_task import claim_user_task, release_user_task, save_draft
from engine.forms import FormDefinition, document_of
from engine.model import Conflict, InvalidForm, InvalidInput, NotFound, WrongState
from engine.queries.task_page import TaskPage
from web.access import current_actor, current_engine, needs
from web.languages import current_locale
from web.languages import gettext as _
from web.moments import listed
from web.tasks.views import load_task, render_task
from web.ways import back

blueprint = Blueprint("task_acts", __name__)


@blueprint.post("/tasks/<user_task_key>/claim")
@needs("task.work")
def claim(user_task_key: str) -> ResponseReturnValue:
    load_task(user_task_key)
    claim_user_task(current_engine(), current_actor(), user_task_key=user_task_key)
    flash(_("The task is yours now."), "good")
    return back(url_for("tasks.show", user_task_key=user_task_key))


@blueprint.post("/tasks/<user_task_key>/release")
@needs("task.work")
def release(user_task_key: str) -> ResponseReturnValue:
    load_task(user_task_key)
    release_user_task(current_engine(), current_actor(), user_task_key=user_task_key)
    flash(_("The task is back with its group."), "good")
    return back(url_for("inbox.own"))


@blueprint.post("/tasks/<user_task_key>/draft")
@needs("task.work")
def draft(user_task_key: str) -> ResponseReturnValue:
    """Kept unchecked. The page calls this by itself while one types; then the answer is short."""
    page = load_task(user_task_key)
    save_draft(
        current_engine(), current_actor(), user_task_key=user_task_key, values=posted_values(page.form)
    )
    if request.headers.get("X-CSRF-Token"):
        return jsonify({"kept": True})
    flash(_("Kept as a draft."), "good")
    return back(url_for("tasks.show", user_task_key=user_task_key))


@blueprint.post("/tasks/<user_task_key>/complete")
@needs("task.work")
def complete(user_task_key: str) -> ResponseReturnValue:
    engine, actor = current_engine(), current_actor()
    page = load_task(user_task_key)
    values = posted_values(page.form)
    try:
        values |= _take_files(page)
        done = complete_user_task(engine, actor, user_task_key=user_task_key, values=values)
    except InvalidForm as refused:
        return render_task(page, values=values, errors=refused.errors, status=refused.status)
    except InvalidInput as refused:
        flash(refused.says(current_locale()), "bad")
        return render_task(page, values=values, status=refused.status)
    except CaseStopped as stopped:
        flash(stopped.says(current_locale()), "bad")
        return redirect(url_for("tasks.show", user_task_key=user_task_key), 303)
    except (Conflict, WrongState) as late:
        return _too_late(page, late, values)
    return _onwards(page, done)


@blueprint.post("/tasks/<user_task_key>/assign")
@needs("task.assign")
def assign(user_task_key: str) -> ResponseReturnValue:
    page = load_task(user_task_key)
    to, reason = request.form.get("to", ""), request.form.get("reason", "").strip()
    if not to or not reason:
        raise InvalidInput("Expected a person and a reason.", "请选择人员并填写原因。")
    assign_user_task(current_engine(), current_actor(), user_task_key=user_task_key, to=to, reason=reason)
    name = page.header.directory.shown(to, current_locale())
    flash(_("The task is now with %(name)s.", name=name), "good")
    return back(url_for("cases.show", instance_key=page.header.key))


def posted_values(form: FormDefinition | None) -> dict[str, Any]:
    posted = {name: texts for name, texts in request.form.lists() if name not in ("csrf_token", "next")}
    if form is None:
        return {name: texts[-1] for name, texts in posted.items() if texts[-1]}
    return form.from_html(posted)


def _take_files(page: TaskPage) -> dict[str, Any]:
    """Files chosen in the form become documents of the case; the field holds their names."""
    taken: dict[str, Any] = {}
    if page.form is None:
        return taken
    for field in page.form.fields:
        if field.widget != "file":
            continue
        names = []
        for file in request.files.getlist(field.name):
            if file.filename:
                add_attachment(
                    current_engine(),
                    current_actor(),
                    instance_key=page.header.key,
                    file_name=file.filename,
                    content=file.read(),
                )
                names.append(file.filename)
        if names:
            taken[field.name] = names if field.kind == "array" else listed(names, len(names))
    return taken


def _onwards(page: TaskPage, done: Completed) -> ResponseReturnValue:
    """To the next task of the same case that this person may do, else back to the inbox."""
    number = done.business_key
    if done.next_task_keys:
        flash(_("Done. Here is the next step of %(number)s.", number=number), "good")
        return redirect(url_for("tasks.show", user_task_key=done.next_task_keys[0]), 303)
    if done.is_ended:
        flash(_("Done. %(number)s is closed.", number=number), "good")
    else:
        flash(_("“%(step)s” of %(number)s is done.", step=page.line.name, number=number), "good")
    return redirect(url_for("inbox.own"), 303)


def _too_late(page: TaskPage, late: Conflict | WrongState, values: dict[str, Any]) -> ResponseReturnValue:
    """Somebody else was first. The page names who and when, and shows what this person had filled in."""
    locale = current_locale()
    # The case may have become invisible in the meantime; what is known already may still be shown.
    with suppress(NotFound):
        page = load_task(page.line.key)
    directory = page.header.directory
    lines = (
        document_of(page.form, values, locale, lambda name: directory.shown(name, locale))
        if page.form is not None
        else [(name, str(value)) for name, value in values.items()]
    )
    html = render_template(
        "tasks/too_late.html",
        page=page,
        sentence=late.says(locale),
        by=directory.shown(getattr(late, "by", None), locale),
        at=getattr(late, "at", None),
        lines=lines,
    )
    return html, late.status

"""Notices, newest first: read them, go to their case, take a broken promise in hand."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.notice_commands import mark_read
from engine.queries.notices import find_notices
from web.access import current_actor, current_engine, needs

blueprint = Blueprint("notices", __name__, template_folder="templates")


@blueprint.get("/notices")
@needs("notice.read")
def show() -> ResponseReturnValue:
    only_unread = request.args.get("show") == "unread"
    lines = find_notices(current_engine(), current_actor(), only_unread=only_unread)
    return render_template("notices/notices.html", lines=lines, only_unread=only_unread)


@blueprint.post("/notices/read")
@needs("notice.read")
def read() -> ResponseReturnValue:
    """One's own notices only: those named, or all."""
    keys = request.form.getlist("notice_key") or None
    mark_read(current_engine(), current_actor(), keys)
    return redirect(url_for("notices.show"), 303)


@blueprint.post("/notices/<notice_key>/open")
@needs("notice.read")
def follow(notice_key: str) -> ResponseReturnValue:
    """Marks it read and leads to what it is about."""
    mark_read(current_engine(), current_actor(), [notice_key])
    line = next(
        (one for one in find_notices(current_engine(), current_actor()) if one.row.notice_key == notice_key),
        None,
    )
    if line is None or line.row.instance_key is None:
        return redirect(url_for("notices.show"), 303)
    if line.row.user_task_key is not None:
        return redirect(url_for("tasks.show", user_task_key=line.row.user_task_key), 303)
    return redirect(url_for("cases.show", instance_key=line.row.instance_key), 303)

"""The start page: what this person has to do, the most urgent first."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.queries.inbox import count_for_head, find_inbox
from engine.queries.visible import has_act
from web.access import current_actor, current_engine, needs
from web.languages import current_locale

blueprint = Blueprint("inbox", __name__, template_folder="templates")


@blueprint.get("/")
@needs("system.read")
def start() -> ResponseReturnValue:
    """Own work first; a supervisor without any begins with the board, who holds no tasks with the cases."""
    actor = current_actor()
    if not has_act(actor, "task.work"):
        return redirect(url_for("cases.search"))
    if has_act(actor, "report.read") and not count_for_head(current_engine(), actor).own_open:
        return redirect(url_for("board.show"))
    return redirect(url_for("inbox.own"))


@blueprint.get("/inbox")
@needs("task.work")
def own() -> ResponseReturnValue:
    return _page(is_group=False)


@blueprint.get("/inbox/group")
@needs("task.work")
def group() -> ResponseReturnValue:
    return _page(is_group=True)


@blueprint.get("/head")
@needs("notice.read")
def head() -> ResponseReturnValue:
    """The counts at the head of each page, asked for anew from time to time."""
    return render_template("head_counts.html", counts=count_for_head(current_engine(), current_actor()))


def _page(*, is_group: bool) -> ResponseReturnValue:
    inbox = find_inbox(current_engine(), current_actor(), is_group=is_group, locale=current_locale())
    return render_template("inbox/inbox.html", inbox=inbox, is_group=is_group)

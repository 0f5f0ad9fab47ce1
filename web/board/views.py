"""Broken promises in the units that a supervisor answers for, with what to do about them in place."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from engine.queries.case_steps import who_may
from engine.queries.choices import people_choices
from engine.queries.overdue import OverdueLine, find_board
from web.access import current_actor, current_engine, needs
from web.languages import current_locale
from web.moments import listed

blueprint = Blueprint("board", __name__, template_folder="templates")


@blueprint.get("/board")
@needs("report.read")
def show() -> ResponseReturnValue:
    locale = current_locale()
    board = find_board(current_engine(), current_actor(), locale)

    def holder(line: OverdueLine) -> str:
        if line.step is None:
            return ""
        if line.step.row.assignee:
            return line.directory.shown(line.step.row.assignee, locale)
        takers = who_may(line.directory, line.step, _excluded(line))
        return listed((line.directory.shown(name, locale) for name in takers), 3)

    return render_template(
        "board/board.html",
        board=board,
        holder=holder,
        colleagues=lambda line: people_choices(line.directory, locale, _excluded(line)),
        shown=lambda line, name: line.directory.shown(name, locale),
    )


def _excluded(line: OverdueLine) -> tuple[str, ...]:
    return (line.row.complained_about,) if line.row.complained_about else ()

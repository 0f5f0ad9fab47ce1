"""Broken promises in the units that the person answers for."""

from flask import Blueprint, Response

from engine.queries.overdue import OverdueLine, find_board
from web.access import current_actor, current_engine, needs
from web.api.bodies import Body, reply, write_moment
from web.api.cases import limit_of
from web.api.described import described
from web.languages import current_locale

area = Blueprint("board", __name__)


@area.get("/board")
@needs("report.read")
@described(
    "Broken promises of running cases in one's reach, the longest broken first", answers={200: "Board"}
)
def show() -> Response:
    board = find_board(current_engine(), current_actor(), current_locale())
    return reply(
        {
            "running": board.running,
            "by_status": board.by_status,
            "overdue": [_line(one) for one in board.lines],
        }
    )


def _line(one: OverdueLine) -> Body:
    return limit_of(one.promise) | {
        "case": one.row.instance_key,
        "number": one.row.business_key,
        "subject": one.row.subject,
        "unit": one.row.unit_key,
        "safety": one.row.is_safety,
        "step": one.step_name,
        "assignee": one.step.row.assignee if one.step is not None else None,
        "rung": one.rung,
        "next_rung_at": write_moment(one.next_rung_at, one.promise.calendar),
    }

"""When a limit would be due, and why: the same answer as `huiyin due`."""

from flask import Blueprint, Response, request

from engine.model import InvalidInput
from engine.worktime import CalendarMissing, LimitError
from web.access import current_engine, needs
from web.api.bodies import read_yes, reply
from web.api.described import Query, described
from web.api.schemas import TEXT, YES
from web.due_answer import explain_due

area = Blueprint("due", __name__)

_QUERY = (
    Query(
        "moment", "2026-02-13T16:00+08:00; without zone it is read in the calendar's.", TEXT, is_required=True
    ),
    Query("limit", "8 WH, 3 WD, 2 CM, same day, …", TEXT, is_required=True),
    Query("calendar", "Name of the working calendar; cn when it is missing.", TEXT),
    Query("without_makeup", "As if nobody worked on make-up days.", YES),
)


@area.get("/due")
@needs("system.read")
@described(
    "When a limit is due from a moment on, with the time that was counted and skipped",
    query=_QUERY,
    answers={200: "Due"},
)
def show() -> Response:
    for name in ("moment", "limit"):
        if not request.args.get(name):
            raise InvalidInput(f"Expected the parameter {name}.", f"缺少参数“{name}”。")
    name = request.args.get("calendar") or "cn"
    engine = current_engine()
    with engine.store.reading() as session:
        known = engine.calendars.names(session)
    if name not in known:
        listed = ", ".join(known)
        raise InvalidInput(
            f"Expected a calendar among {listed}, but found {name!r}.", f"没有日历“{name}”，现有：{listed}。"
        )
    calendar = engine.calendars.get(name)
    if read_yes("without_makeup"):
        calendar = calendar.without_makeup()
    # A + that was not escaped has become a space on the way.
    moment = request.args["moment"].replace(" ", "+")
    try:
        return reply(explain_due(moment, request.args["limit"], calendar))
    except (LimitError, CalendarMissing) as refusal:
        raise InvalidInput(refusal.en, refusal.zh) from refusal

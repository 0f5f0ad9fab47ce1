"""A year's notice is installed, single days of a site are set, or a new site gets its calendar."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, insert, select

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.tried_again import tried_again
from engine.model import CalendarChangeRow, Conflict, InvalidInput, table_of
from engine.people import Actor, require
from engine.store import hold_name
from engine.worktime import CalendarChange, CalendarFileError

_changes = table_of(CalendarChangeRow)


@tried_again
def change_calendar(
    engine: Engine,
    actor: Actor,
    *,
    calendar: str,
    content: Mapping[str, Any],
    reason: str,
    year: int | None = None,
    seen_version: str | None = None,
) -> int:
    """The number of the change. Deadlines follow by `follow_calendar_changes`, here or in another process.

    `content`: see `engine.worktime.calendar_change`. `seen_version`: of the calendar that the person decided by.
    Raises Forbidden; InvalidInput for what cannot be a calendar; Conflict when somebody changed it meanwhile.
    """
    require(actor, "calendar.change")
    if not reason.strip():
        raise InvalidInput("Expected a reason.", "必须填写原因。")
    with engine.store.transaction() as session:
        hold_name(session, "calendar changes")  # Numbers follow each other without a gap.
        number = int(session.execute(select(func.coalesce(func.max(_changes.c.number), 0))).scalar_one()) + 1
        try:
            if seen_version is not None:
                known = engine.calendars.get(calendar, session).version
                if known != seen_version:
                    raise Conflict(
                        f"Expected calendar {calendar} as you saw it ({seen_version}), but somebody changed it to {known}.",
                        f"日历“{calendar}”刚刚被其他人更改，请重新查看后再确认。",
                    )
            elif calendar in engine.calendars.names(session):
                raise Conflict(
                    f"Expected a new calendar, but {calendar} exists.", f"日历“{calendar}”已经存在。"
                )
            after = engine.calendars.with_change(session, calendar, CalendarChange(number, year, content))
        except CalendarFileError as wrong:
            raise InvalidInput(wrong.en, wrong.zh) from wrong
        session.execute(
            insert(_changes).values(
                number=number,
                calendar=calendar,
                year=year,
                content=dict(content),
                reason=reason.strip(),
                made_at=engine.clock.now(),
                made_by=actor.username,
                followed_at=None,
            )
        )
        append_administration(
            session,
            AuditEntry(
                engine.clock.now(),
                actor.username,
                "calendar.changed",
                calendar,
                {"number": number, "year": year, "reason": reason.strip(), "version": after.version, "content": dict(content)},
            ),
        )  # fmt: skip
    return number

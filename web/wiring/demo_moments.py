"""Moments of the demo register: fixed ones, and those of its open cases, which count back from the first start.

`T-2WD 09:40`  at 09:40 on the second working day before the day of the first start
`T-0WD 09:40`  the last working day on which that moment has passed
`T-20H`, `T-45MIN`  so much elapsed time before the first start
`T-6WH`  so many working hours before it
"""

import re
from datetime import datetime, time, timedelta

from engine.worktime import Calendar

_RELATIVE = re.compile(r"T-(?P<amount>\d+)(?P<unit>WD|WH|H|MIN)(?:\s+(?P<hour>\d{1,2}):(?P<minute>\d{2}))?")


def read_demo_moment(text: str, at: datetime, calendar: Calendar) -> str | datetime:
    """Relative to `at`; any other text is left as it is, for the import to read."""
    found = _RELATIVE.fullmatch(text.strip())
    if found is None:
        return text
    amount = int(found["amount"])
    match found["unit"]:
        case "WD":
            clock = time(int(found["hour"] or 9), int(found["minute"] or 0))
            return _working_day(amount, clock, at, calendar)
        case "WH":
            worked = calendar.worked_before(calendar.local(at)) - amount * 3600
            return calendar.utc(calendar.at_worked(worked))
        case "H":
            return at - timedelta(hours=amount)
        case _:
            return at - timedelta(minutes=amount)


def _working_day(amount: int, clock: time, at: datetime, calendar: Calendar) -> datetime:
    local = calendar.local(at)
    day = local.date()
    if amount == 0 and (not calendar.is_working_day(day) or datetime.combine(day, clock) >= local):
        amount = 1
    if amount:
        day = calendar.nth_working_day_before(day, amount)
    return calendar.utc(datetime.combine(day, clock))

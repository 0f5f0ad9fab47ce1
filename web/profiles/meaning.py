"""What a limit means in words: when something that is registered on an ordinary day, or before a holiday, is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from engine.profiles import read_value
from engine.worktime import AnyLimit, Calendar, CalendarMissing, LimitError, due_at, says
from web.languages import current_locale

FRIDAY = 4
AFTERNOON = time(16)  # late on the last day of the week: where working time and elapsed time part
LOOKS_AHEAD = 400  # days, to find a holiday


@dataclass(frozen=True)
class Example:
    """Moments in UTC; `why` is the sentence of the engine's own explanation."""

    started_at: datetime
    due_at: datetime
    is_provisional: bool
    why: str


@dataclass(frozen=True)
class Meaning:
    """Either why the text is no limit, or what it means."""

    wrong: str
    examples: tuple[Example, ...]


def meaning_of(text: str, calendar: Calendar, now: datetime) -> Meaning:
    """`text` as it stands in a profile, such as `2 WD`, `1–3 WD`, `every week by friday`."""
    try:
        _lower, limit = read_value(text.strip())
    except LimitError as wrong:
        return Meaning(wrong.zh if current_locale() == "zh" else wrong.en, ())
    return Meaning("", tuple(_examples(limit, calendar, now)))


def _examples(limit: AnyLimit, calendar: Calendar, now: datetime) -> Iterator[Example]:
    for start in _starts(calendar, now):
        try:
            due = due_at(start, limit, calendar)
        except CalendarMissing:
            continue
        yield Example(
            calendar.utc(start), due.due_at, due.is_provisional, says(due.explanation, current_locale())
        )


def _starts(calendar: Calendar, now: datetime) -> Iterator[datetime]:
    """The coming Friday afternoon, and the last afternoon before the next holiday after it."""
    today = calendar.local(now).date()
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    yield datetime.combine(friday, AFTERNOON)
    for count in range(1, LOOKS_AHEAD):
        day = friday + timedelta(days=count)
        if calendar.kind_of(day).why == "holiday":
            eve = day - timedelta(days=1)
            while eve > friday and not calendar.is_working_day(eve):
                eve -= timedelta(days=1)
            if eve > friday:
                yield datetime.combine(eve, AFTERNOON)
            return

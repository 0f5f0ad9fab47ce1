"""The one source of the present moment. Nothing else in the product may ask for the time."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class WallClock(Protocol):
    def now(self) -> datetime:
        """The present moment in UTC, cut to milliseconds as the database keeps it."""
        ...


def to_milliseconds(moment: datetime) -> datetime:
    """Rows keep milliseconds; a finer moment in memory would differ from itself after a reload."""
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)


class SystemClock:
    def now(self) -> datetime:
        return to_milliseconds(datetime.now(UTC))  # noqa: TID251 - this is the one place.


class VirtualClock:
    """A clock that stands still until it is moved: stories, tests, imports of the past."""

    def __init__(self, start: datetime) -> None:
        self._now = to_milliseconds(start)

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        self._now = to_milliseconds(moment)

    def advance(self, span: timedelta) -> None:
        self.set(self._now + span)

"""What the `format` of a text means here. Moments may come without a zone, as browsers send them."""

from datetime import date, datetime

from jsonschema import Draft202012Validator, FormatChecker

FORMAT_OF_WIDGET = {"date": "date", "datetime": "date-time", "email": "email"}


def _is_moment(value: object) -> bool:
    """`2026-02-13T16:00`, with or without seconds and zone; one without is read in the calendar's zone."""
    if isinstance(value, str):
        if len(value) < len("2026-02-13T16:00"):
            raise ValueError(value)
        datetime.fromisoformat(value)
    return True


def _is_date(value: object) -> bool:
    if isinstance(value, str):
        if len(value) != len("2026-02-13"):
            raise ValueError(value)
        date.fromisoformat(value)
    return True


CHECKER = FormatChecker(())
CHECKER.checkers = dict(Draft202012Validator.FORMAT_CHECKER.checkers) | {
    "date-time": (_is_moment, ValueError),
    "date": (_is_date, ValueError),
}

"""Whatever goes wrong at one element is told with its place, and becomes an incident instead of a lost step."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from engine.spiff import ElementFailed, GuardTripped


@contextmanager
def failing_at(process_key: str, element_id: str) -> Iterator[None]:
    """Expressions of a task, a timer or a clock, and handlers inside the command: their errors get the element's name."""
    try:
        yield
    except (ElementFailed, GuardTripped, DBAPIError):
        raise
    except Exception as cause:
        raise ElementFailed(element_id, process_key, cause) from cause

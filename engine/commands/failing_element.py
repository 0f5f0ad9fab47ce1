"""Whatever goes wrong at one element is told with its place, and becomes an incident instead of a lost step."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from engine.model import WrongState
from engine.spiff import ElementFailed, GuardTripped


class UncaughtError(WrongState):
    """A business error that no boundary event on the way out catches."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"Expected a boundary event that catches the business error {code!r}, but none is drawn.",
            f"流程图中没有捕获业务错误“{code}”的边界事件。",
        )


@contextmanager
def failing_at(process_key: str, element_id: str) -> Iterator[None]:
    """Expressions of a task, a timer or a clock, and handlers inside the command: their errors get the element's name."""
    try:
        yield
    except (ElementFailed, GuardTripped, DBAPIError):
        raise
    except Exception as cause:
        raise ElementFailed(element_id, process_key, cause) from cause

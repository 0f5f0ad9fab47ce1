"""A case that a supervisor has stopped for a while: nothing moves, but its record, its people and its clocks do."""

from datetime import datetime

from engine.model import WrongState

# State of a timer or a job that waits for its suspended case: nobody who looks for due rows sees it.
HELD = "held"


class CaseSuspended(WrongState):
    """Tried again after `resume_case`; until then the same answer to everybody."""

    code = "case_suspended"

    def __init__(self, business_key: str, by: str | None, at: datetime | None) -> None:
        super().__init__(
            f"Expected case {business_key} at work, but {by} suspended it at {at:%Y-%m-%d %H:%M:%S} UTC.",
            f"事项“{business_key}”已由 {by} 于 {at:%Y-%m-%d %H:%M:%S}（UTC）暂停流转，恢复后方可继续。",
        )

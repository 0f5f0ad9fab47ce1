"""The engine as it would have stood on the day of a past case: the same rules and rows, another clock, no mail."""

from dataclasses import replace

from engine.commands.case.live_cases import LiveCases
from engine.commands.engine import Engine
from engine.commands.imports.one_transaction import OneTransaction
from engine.model import VirtualClock

_KEPT_IN_MEMORY = 4  # One case at a time is worked on, and its next engine is another one.


class PastEngine:
    """`engine` for the commands, `clock` to move it, `store` to keep or undo what they did."""

    def __init__(self, present: Engine) -> None:
        self.now = present.clock.now()
        self.clock = VirtualClock(self.now)
        self.store = OneTransaction(present.store)
        self.engine = replace(
            present,
            store=self.store,
            clock=self.clock,
            # A lost race undoes the whole case, which is then tried again from its beginning.
            settings=replace(present.settings, lost_race_tries=1),
            ring=_nobody,
            live=LiveCases(_KEPT_IN_MEMORY),
            imports_past=True,
            send_mail=None,
        )


def _nobody() -> None:
    """Nothing is due before the case stands whole in the database."""

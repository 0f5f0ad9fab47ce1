"""What happens late says so: in the record of the case, and once for all in the log."""

import logging
import threading
from datetime import datetime, timedelta
from typing import Any

from engine.model import LATE

_log = logging.getLogger(__name__)


def late_facts(due_at: datetime, now: datetime) -> dict[str, Any]:
    """For an audit entry: how late in whole seconds, or nothing when it is in time."""
    late_by = now - due_at
    return {"late_seconds": int(late_by.total_seconds())} if late_by > LATE else {}


class LateReport:
    """Counts the moments that were late, whichever thread did them, and tells of them together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._number, self._most = 0, timedelta(0)

    def note(self, late_by: timedelta) -> None:
        if late_by > LATE:
            with self._lock:
                self._number += 1
                self._most = max(self._most, late_by)

    def tell(self) -> tuple[int, timedelta]:
        """Logs what was late since it was last asked, if anything. How many, and by how much at the most."""
        with self._lock:
            told = (self._number, self._most)
            self._number, self._most = 0, timedelta(0)
        if told[0]:
            _log.warning("%d due moments were late, by %s at the most.", *told)
        return told

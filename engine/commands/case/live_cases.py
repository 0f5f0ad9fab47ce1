"""Cases that stay in memory between commands, so that the next step need not restore their state."""

import threading
from collections import OrderedDict

from engine.spiff import CaseRun


class LiveCases:
    """A bounded cache. A case is taken out while a command works on it, and put back after the commit.

    It is only used when the row version still matches, so another process may change the case at any time.
    """

    def __init__(self, capacity: int = 2000) -> None:
        self._capacity = capacity
        self._runs: OrderedDict[str, tuple[int, CaseRun]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, instance_key: str, row_version: int) -> CaseRun | None:
        with self._lock:
            found = self._runs.pop(instance_key, None)
        return found[1] if found is not None and found[0] == row_version else None

    def put(self, instance_key: str, row_version: int, run: CaseRun) -> None:
        with self._lock:
            self._runs[instance_key] = (row_version, run)
            while len(self._runs) > self._capacity:
                self._runs.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._runs.clear()

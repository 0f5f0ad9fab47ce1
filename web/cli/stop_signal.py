"""How a process without a server waits to be asked to stop."""

import os
import signal


class StopSignal:
    """SIGTERM or Ctrl-C, from now on. Only in the main thread, and once in a process.

    Python runs a handler only between two steps of the main thread: a signal that comes just before that thread falls
    asleep on a lock would be noted and never acted on. The byte in the pipe is written by the signal itself.
    """

    def __init__(self) -> None:
        self._asked, told = os.pipe()
        os.set_blocking(told, False)
        signal.set_wakeup_fd(told, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)

    def wait(self) -> None:
        """Returns at once when the signal has come already."""
        os.read(self._asked, 1)

"""Acts that take longer than a page may: done by a thread of this server, one at a time, and asked about by the page.

What they change is in the database; only how far they are is here. After a restart the page shows what was done.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from engine.model import Rejected

KEPT = 50
_log = logging.getLogger("huiyin.web.releases")


@dataclass
class Progress:
    """`refused`: what the act was refused with; `result`: what it gave. Written by its thread, read by pages."""

    done: int = 0
    of: int = 0
    is_over: bool = False
    refused: Rejected | None = None
    is_broken: bool = False
    result: Any = None

    def tell(self, done: int, of: int) -> None:
        self.done, self.of = done, of


Act = Callable[[Progress], Any]


def in_a_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()


@dataclass
class Background:
    """By key, such as ("check", family, number). A second start of one that runs changes nothing."""

    run: Callable[[Callable[[], None]], None] = in_a_thread
    _known: OrderedDict[tuple[Any, ...], Progress] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def find(self, *key: Any) -> Progress | None:
        return self._known.get(key)

    def start(self, act: Act, *key: Any) -> Progress:
        with self._lock:
            known = self._known.get(key)
            if known is not None and not known.is_over:
                return known
            progress = self._known[key] = Progress()
            self._known.move_to_end(key)
            self._forget()
        self.run(lambda: self._work(act, progress))
        return progress

    def _forget(self) -> None:
        over = [key for key, one in self._known.items() if one.is_over]
        for key in over[: max(len(self._known) - KEPT, 0)]:
            del self._known[key]

    def _work(self, act: Act, progress: Progress) -> None:
        with self._one_at_a_time:
            try:
                progress.result = act(progress)
            except Rejected as refused:
                progress.refused = refused
            except Exception:
                # Nobody waits for the thread: the page says that it broke, the log says why.
                _log.exception("An act on a version broke off.")
                progress.is_broken = True
            finally:
                progress.is_over = True


def background() -> Background:
    found: Background = current_app.extensions.setdefault("huiyin_release_acts", Background())
    return found

"""Replays in the background of a server: a thread waits for the processes that do the work."""

import threading
from collections.abc import Callable

from engine.commands.engine import Engine
from engine.people import Actor
from engine.rehearsal.replay import ReplayWish, begin_kept_replay, play_kept_replay


def start_replay(engine: Engine, actor: Actor, wish: ReplayWish, number: int | None) -> str:
    """The key of the run, which any server shows. Raises Forbidden, InvalidInput; Conflict while another one runs."""
    key = begin_kept_replay(engine, actor, wish, number)
    work: Callable[[], object] = lambda: play_kept_replay(engine, actor, key, wish)  # noqa: E731
    threading.Thread(target=work, name="replay", daemon=True).start()
    return key

"""A replay whose outcome is kept: begun as a record, played, and ended with what it found."""

import logging
import time

from engine.commands.engine import Engine
from engine.commands.releases.store_release import digest_of
from engine.commands.replays.begin_replay import ReplayPlan, begin_replay
from engine.commands.replays.note_replay import end_replay, note_replay_progress
from engine.model import Rejected
from engine.people import Actor
from engine.rehearsal.replay.report import ReplayReport
from engine.rehearsal.replay.run import ReplayWish, replay_family

TOLD_EVERY_SECONDS = 1.0
_log = logging.getLogger(__name__)


def begin_kept_replay(engine: Engine, actor: Actor, wish: ReplayWish, number: int | None) -> str:
    """The key under which `play_kept_replay` must follow, in a thread or at once. Raises as `begin_replay`."""
    plan = ReplayPlan(
        wish.changed.family, number, digest_of(wish.changed.files), wish.since, wish.until, wish.is_filling
    )
    return begin_replay(engine, actor, plan)


def play_kept_replay(engine: Engine, actor: Actor, run_key: str, wish: ReplayWish) -> ReplayReport | None:
    """None when it failed; the record says why. Never raises, for it runs where nobody waits."""
    told_at, goes_on = 0.0, True

    def tell(done: int, total: int) -> None:
        nonlocal told_at, goes_on
        now = time.monotonic()
        if done == 0 or now - told_at >= TOLD_EVERY_SECONDS:
            told_at = now
            goes_on = note_replay_progress(engine, run_key, done, total)

    try:
        report = replay_family(engine, actor, wish, on_progress=tell, is_cancelled=lambda: not goes_on)
        state = "done" if report.is_whole else "cancelled"
        end_replay(engine, actor, run_key=run_key, state=state, report=report.to_data())
    except Rejected as refused:
        end_replay(
            engine, actor, run_key=run_key, state="failed", failure={"zh": refused.zh, "en": refused.en}
        )
    except Exception:
        _log.exception("A replay broke off.")
        words = {
            "zh": "重演中断，原因见服务器日志。",
            "en": "The replay broke off; the server's log says why.",
        }
        end_replay(engine, actor, run_key=run_key, state="failed", failure=words)
    else:
        return report
    return None

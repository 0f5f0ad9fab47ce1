"""The door of the replay: a changed version on the finished cases of a period. Reads; writes and sends nothing."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.commands.engine import Engine
from engine.commands.releases.family_files import FamilyFiles
from engine.model import InvalidInput
from engine.people import Actor, require
from engine.rehearsal.replay.read_courses import finished_cases
from engine.rehearsal.replay.replayer import Replayer, changed_release
from engine.rehearsal.replay.report import ReplayedCase, ReplayReport
from engine.rehearsal.replay.workers import replay_in_processes, worker_setting

MOST_CASES = 20_000
PROCESSES = 2
WORTH_PROCESSES = 100  # cases; fewer are done before another process has begun


@dataclass(frozen=True)
class ReplayWish:
    """`changed`: all files of the changed version. The period is `since` up to `until`, by the end of the cases."""

    changed: FamilyFiles
    since: datetime
    until: datetime
    is_filling: bool = False


def replay_family(
    engine: Engine,
    actor: Actor,
    wish: ReplayWish,
    *,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    is_cancelled: Callable[[], bool] = lambda: False,
    processes: int = PROCESSES,
) -> ReplayReport:
    """Raises Forbidden; DeploymentRefused when the changed version has errors; NotFound when the family has no live
    version; InvalidInput for a period that is none, or that holds too many cases.
    """
    require(actor, "release.draft")
    if wish.since >= wish.until:
        raise InvalidInput("Expected a period that begins before it ends.", "起始日期应早于结束日期。")
    began = time.perf_counter()
    replayer = Replayer(engine, changed_release(engine, wish.changed), is_filling=wish.is_filling)
    with engine.store.reading() as session:
        keys = finished_cases(session, actor, wish.changed.family, wish.since, wish.until)
    if len(keys) > MOST_CASES:
        raise InvalidInput(
            f"Expected at most {MOST_CASES} cases, but {len(keys)} ended in this period. Choose a shorter one.",
            f"此期间内办结的事项有 {len(keys)} 件，超过 {MOST_CASES} 件，请缩短期间。",
        )
    report = ReplayReport(
        wish.changed.family, replayer.versions.base.number, wish.since, wish.until, total=len(keys)
    )
    on_progress(0, len(keys))
    for case in _played(engine, replayer, wish, keys, is_cancelled, processes):
        report.add(case)
        on_progress(report.played, len(keys))
    report.is_whole = report.played == len(keys)
    report.seconds = round(time.perf_counter() - began, 1)
    return report


def _played(
    engine: Engine,
    replayer: Replayer,
    wish: ReplayWish,
    keys: Sequence[str],
    is_cancelled: Callable[[], bool],
    processes: int,
) -> Iterator[ReplayedCase]:
    if processes > 1 and len(keys) >= WORTH_PROCESSES:
        setting = worker_setting(engine, wish.changed, is_filling=wish.is_filling)
        if setting is not None:
            return replay_in_processes(setting, keys, processes, is_cancelled)
    return replayer.replay(keys, is_cancelled)

"""How long a changed version takes on many finished complaints, in two processes as on the page."""

import resource
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bench.drive import complete_next, start
from bench.house import PROCESSES, House, complaint_profiles, house
from bench.measure import Stopwatch, report
from engine.commands.due.due_work import do_due_work
from engine.commands.releases.family_files import FamilyFiles
from engine.model import ReleaseFile, VirtualClock
from engine.people import SYSTEM
from engine.rehearsal.replay import ReplayReport, ReplayWish, replay_family

CASES = 1_000
AT_ONCE = 24
BETWEEN_STEPS = timedelta(hours=5)  # so that some are warned of, and some are late


def measure_replays(cases: int = CASES) -> None:
    with house(PROCESSES / "complaint") as settled:
        finish(settled, cases)
        found, wall, cpu = replayed(settled, unchanged(settled))
        assert found.same == found.total, found.cases[:3]
    report("replay_cases", found.total, "cases")
    report("replay_seconds", wall, "s")
    # What two processors would take that do nothing else; `replay_seconds` tells of a quiet machine only.
    report("replay_cpu_each_of_two", cpu / 2, "s")
    report("replay_cpu_per_case", cpu / found.total * 1000, "ms")


def finish(settled: House, cases: int) -> None:
    """Complaints of all profiles, from their start to their end, with time passing between their steps."""
    profiles = complaint_profiles(settled.release)
    wanted = [profiles[number % len(profiles)] for number in range(cases)]
    for first in range(0, cases, AT_ONCE):
        _finish_batch(settled, wanted[first : first + AT_ONCE])


def _finish_batch(settled: House, profiles: Sequence[str]) -> None:
    clock, watch = settled.engine.clock, Stopwatch()
    assert isinstance(clock, VirtualClock)
    open_cases = [start(settled, one, watch) for one in profiles]
    while open_cases:
        do_due_work(settled.engine)
        clock.advance(BETWEEN_STEPS)
        do_due_work(settled.engine)
        open_cases = [one for one in open_cases if complete_next(settled, one, watch)]


def unchanged(settled: House) -> FamilyFiles:
    release = settled.release
    with settled.engine.store.reading() as session:
        rows = session.execute(
            select(ReleaseFile.path, ReleaseFile.content).where(
                ReleaseFile.release_key == release.release_key
            )
        )
        return FamilyFiles(release.family, {row.path: row.content for row in rows})


def replayed(settled: House, changed: FamilyFiles) -> tuple[ReplayReport, float, float]:
    """What was found, the seconds that passed, and the processor seconds of all processes."""
    wish = ReplayWish(changed, datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    began, cpu = time.perf_counter(), _cpu()
    found = replay_family(settled.engine, SYSTEM, wish)
    return found, time.perf_counter() - began, _cpu() - cpu


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)

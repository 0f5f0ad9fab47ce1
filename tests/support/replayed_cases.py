"""Finished cases of the parcel family, brought about by the real commands, and changed versions of it to replay them on.

Li Na 李娜 looks for parcels, Wang Wei 王伟 approves. Cases differ in what the parcel is worth, how long each step took,
and whether the payment was allowed.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cases import open_tasks, start
from engines import SHANGHAI, person

from engine.commands.complete_user_task import complete_user_task
from engine.commands.correlate_message import correlate_message
from engine.commands.due.due_work import do_due_work, next_due_at
from engine.commands.engine import Engine
from engine.commands.external_tasks import Topic, complete_external_task, fetch_and_lock
from engine.commands.releases.family_files import FamilyFiles, read_families
from engine.commands.start_instance import Started
from engine.model import VirtualClock
from engine.people import SYSTEM
from engine.rehearsal.replay import ReplayReport, ReplayWish, replay_family

PARCEL_FAMILY = Path(__file__).parent / "replayed_family"
MONDAY = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Parcel:
    """Durations of steps; `worth` decides the payment, and whether it must be allowed."""

    worth: int
    looked_after: timedelta = timedelta(hours=3)
    approved_after: timedelta = timedelta(hours=2)
    is_allowed: bool = True
    pressed_after: timedelta = timedelta(hours=1)
    starts_after: timedelta = timedelta()


KINDS = (
    Parcel(30),
    Parcel(300),
    Parcel(700, approved_after=timedelta(hours=30)),
    Parcel(300, is_allowed=False),
    Parcel(90, looked_after=timedelta(days=4)),
    Parcel(480, looked_after=timedelta(hours=30), approved_after=timedelta(days=9)),
)


def pass_time(engine: Engine, to: datetime) -> None:
    """From one due moment to the next, as the keeper would."""
    clock = engine.clock
    assert isinstance(clock, VirtualClock)
    while (due := next_due_at(engine)) is not None and due <= to:
        clock.set(max(due, clock.now()))
        if not do_due_work(engine):
            break
    clock.set(to)
    do_due_work(engine)


def finish_parcel(engine: Engine, parcel: Parcel) -> Started:
    """One case from its start to its end."""
    now = engine.clock.now
    case = start(engine, "parcel")
    pass_time(engine, now() + parcel.looked_after)
    _do(engine, "li_na", case, "look", worth=parcel.worth)
    if "approve" in open_tasks(engine, case):
        _approve(engine, case, parcel)
    if not parcel.is_allowed:
        return case
    (job,) = fetch_and_lock(
        engine, SYSTEM, worker="till", topics=[Topic("pay", timedelta(minutes=5))], at_most=1
    )
    pass_time(engine, now() + timedelta(minutes=1))
    complete_external_task(
        engine, SYSTEM, job_key=job.job_key, worker="till", variables={"paid_with": job.job_key[:6]}
    )
    pass_time(engine, now() + timedelta(hours=20))
    correlate_message(
        engine, SYSTEM, message_name="parcel_back", correlation=case.business_key,
        variables={"is_content": True}, organisation_key="bank",
    )  # fmt: skip
    return case


def _approve(engine: Engine, case: Started, parcel: Parcel) -> None:
    now = engine.clock.now
    done_at = now() + parcel.approved_after
    if parcel.approved_after > timedelta(hours=6):
        pass_time(engine, now() + timedelta(hours=6) + parcel.pressed_after)
        _do(engine, "li_na", case, "press")
    pass_time(engine, done_at)
    _do(engine, "wang_wei", case, "approve", allowed=parcel.is_allowed)


def _do(engine: Engine, username: str, case: Started, element_id: str, **values: Any) -> None:
    complete_user_task(
        engine,
        person(engine, username),
        user_task_key=open_tasks(engine, case)[element_id],
        values=values,
    )


def changed(*edits: tuple[str, str, str]) -> FamilyFiles:
    """The family with texts replaced: (path, old, new); each old text stands there exactly once."""
    (family,) = read_families([PARCEL_FAMILY])
    files = dict(family.files)
    for path, old, new in edits:
        text = files[path].decode()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}."
        files[path] = text.replace(old, new).encode()
    return FamilyFiles(family.family, files)


def replayed(engine: Engine, files: FamilyFiles, **more: Any) -> ReplayReport:
    wish = ReplayWish(files, datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), **more)
    return replay_family(engine, SYSTEM, wish)

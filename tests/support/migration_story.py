"""The whole story of a move: planned, made, compared, taken back, made again, and the cases go on to their ends."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from complaints_under_way import (
    GONE,
    INSTEAD,
    NEW_TIMER,
    RENAMED,
    Counted,
    complaints,
    deploy_changed,
    state_of,
)
from moved_cases import rows_of

from bench.drive import complete_next
from bench.house import PROCESSES, house
from bench.measure import Stopwatch
from engine.commands.due.due_work import do_due_work
from engine.commands.migration.choice import CaseChoice
from engine.commands.migration.migrate import migrate_cases
from engine.commands.migration.plan import plan_migration
from engine.commands.migration.undo import undo_migration
from engine.model import ProcessInstance
from engine.people import SYSTEM

FOLLOWS_THE_DIAGRAM = ("element_id", "name", "form_ref")  # of an open task; everything else stays
_A_WHILE = timedelta(minutes=7)  # before anything falls due
MAPPING = {GONE: INSTEAD}


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock on the wall, and of computing: other programs may be at work beside."""

    wall: float
    computing: float

    def says(self, cases: int) -> str:
        each = 1000 / cases
        return f"{self.wall:.1f} s ({self.wall * each:.1f} ms a case, {self.computing * each:.1f} ms of computing)"


@contextmanager
def spending() -> Iterator[Callable[[], Spent]]:
    wall, computing = time.perf_counter(), time.process_time()
    yield lambda: Spent(time.perf_counter() - wall, time.process_time() - computing)


@dataclass
class Figures:
    cases: int
    kinds: dict[str, int]
    stages: int
    drafts: int
    paused: int
    plan: Spent
    migrate: Spent
    migrate_statements: float
    undo: Spent

    def __str__(self) -> str:
        return (
            f"{self.cases} cases at {self.stages} elements, {self.drafts} drafts, {self.paused} paused clocks: {self.kinds}; "
            f"plan {self.plan.says(self.cases)}, migrate {self.migrate.says(self.cases)} with "
            f"{self.migrate_statements:.1f} statements a case, undo {self.undo.says(self.cases)}"
        )


def tell_migration_story(number: int, to_the_end: int) -> Figures:
    with house(PROCESSES / "complaint") as settled:
        engine = settled.engine
        cases = [one for one in complaints(settled, number) if _is_running(settled, one)]
        keys = [one.instance_key for one in cases]
        rows = {key: rows_of(engine, _Key(key)) for key in keys}
        states = {key: state_of(settled, key) for key in keys}
        target = deploy_changed(settled)
        # Time goes on before the move: what restarts with it would show.
        engine.clock.advance(_A_WHILE)
        choice = CaseChoice(process_key="complaint")

        with spending() as spent:
            unmapped = plan_migration(engine, SYSTEM, choice=choice, to_release_key=target)
            plan = spent()
        at_gone = {key for key in keys if _is_at(rows[key], GONE)}
        assert {one.instance_key for one in unmapped} == set(keys)
        assert at_gone
        assert {one.instance_key for one in unmapped if one.kind == "needs_mapping"} == at_gone
        assert not [one for one in unmapped if one.kind == "cannot"]
        verdicts = plan_migration(engine, SYSTEM, choice=choice, to_release_key=target, mapping=MAPPING)
        assert all(one.is_possible for one in verdicts)
        codes = {note.code for one in verdicts for note in one.remarks}
        assert {"name_changed", "mapped", "event_added", "limit_changed"} <= codes
        assert {key: state_of(settled, key) for key in keys} == states

        migrate, statements = _migrate(engine, choice, target, len(keys))
        for key in keys:
            _check_moved(rows[key], rows_of(engine, _Key(key)))
            assert state_of(settled, key)[1] == target

        with spending() as spent:
            for key in keys:
                undo_migration(engine, SYSTEM, instance_key=key, reason="还是旧版")
            undo = spent()
        assert {key: state_of(settled, key) for key in keys} == states
        assert {key: rows_of(engine, _Key(key)) for key in keys} == rows

        _migrate(engine, choice, target, len(keys))
        _go_to_the_end(settled, cases[:to_the_end])
        return Figures(
            len(keys),
            dict(Counter(one.kind for one in unmapped)),
            len({task["element_id"] for key in keys for task in _open_tasks(rows[key])}),
            sum(task["draft"] is not None for key in keys for task in _open_tasks(rows[key])),
            sum(clock["state"] == "paused" for key in keys for clock in rows[key]["clock"].values()),
            plan,
            migrate,
            statements,
            undo,
        )


def _migrate(engine: Any, choice: CaseChoice, target: str, number: int) -> tuple[Spent, float]:
    counted = Counted(engine)
    with spending() as spent:
        outcomes = migrate_cases(
            engine, SYSTEM, choice=choice, to_release_key=target, reason="新版流程", mapping=MAPPING
        )
        seconds = spent()
    assert [one.refused for one in outcomes if one.refused] == []
    assert len(outcomes) == number
    return seconds, counted.statements / number


def _check_moved(before: dict[str, Any], after: dict[str, Any]) -> None:
    new = {key: row for key, row in after["timer"].items() if key not in before["timer"]}
    assert {row["element_id"] for row in new.values()} <= {NEW_TIMER}
    assert bool(new) == _is_at(before, "record_complaint")
    kept = {key: row for key, row in after["timer"].items() if key in before["timer"]}
    assert kept == before["timer"]
    for table in ("clock", "ladder_step", "message_subscription", "job"):
        assert after[table] == before[table], table
    assert after["user_task"].keys() == before["user_task"].keys()
    for key, was in before["user_task"].items():
        now = after["user_task"][key]
        assert {name for name in was if was[name] != now[name]} <= set(FOLLOWS_THE_DIAGRAM)
        if was["state"] == "open" and was["element_id"] == RENAMED:
            assert now["name"] == "核实事实与责任归属"


def _go_to_the_end(settled: Any, cases: list[Any]) -> None:
    settled.engine.live.clear()  # as another server finds them
    watch, open_cases = Stopwatch(), list(cases)
    while open_cases:
        do_due_work(settled.engine)
        open_cases = [one for one in open_cases if complete_next(settled, one, watch)]
    for one in cases:
        assert not _is_running(settled, one), one.tasks


def _is_running(settled: Any, case: Any) -> bool:
    with settled.engine.store.reading() as session:
        return session.get_one(ProcessInstance, case.instance_key).state == "running"


def _open_tasks(rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in rows["user_task"].values() if one["state"] == "open"]


def _is_at(rows: dict[str, Any], element_id: str) -> bool:
    return any(one["element_id"] == element_id for one in _open_tasks(rows))


@dataclass(frozen=True)
class _Key:
    instance_key: str

"""Steps of ladders in a replay: who would hear of a promise that is about to be, or has been, broken."""

from typing import Any

from engine.commands.case.clocks import OpenClock
from engine.commands.due.ladder_people import MOST_TOLD
from engine.people import Rung, find_rungs
from engine.rehearsal.replay.memory_work import MemoryWork
from engine.rehearsal.replay.played import Told


class Ladder:
    def __init__(self, work: MemoryWork) -> None:
        self._work = work
        self._heard: dict[str, set[str]] = {}  # clock → who has heard of its breach

    def send(self, step: dict[str, Any]) -> Told | None:
        """None: the promise is kept, paused or in hand already."""
        work = self._work
        work.clocks.note_heard(step)
        clock = work.clocks.open.get(step["clock_key"])
        if clock is None or clock.row["state"] == "paused" or clock.row["acknowledged_at"] is not None:
            return None
        rungs = self._rungs(clock)
        match step["kind"]:
            case "warning":
                told = self._workers(clock)
                if step["number"] == len(clock.row["warn"]) - 1:
                    told += rungs[0].usernames if rungs else ()
            case "breach":
                clock.row["breached_at"] = clock.due_at
                clock.row["state"] = "breached"
                told = self._workers(clock) + (rungs[0].usernames if rungs else ())
                if len(rungs) > 1:
                    work.clocks.plan_rung(clock, 1, step["due_at"])
            case _:
                heard = self._heard.get(clock.key, set())
                waiting = [rung for rung in rungs if not heard.issuperset(rung.usernames)]
                told = waiting[0].usernames if waiting else ()
                if len(waiting) > 1:
                    work.clocks.plan_rung(clock, step["number"] + 1, step["due_at"])
        names = tuple(dict.fromkeys(work.notices.tell(step["kind"], told)))
        if step["kind"] != "warning":
            self._heard.setdefault(clock.key, set()).update(names)
        row = clock.row
        label = step["label"] if step["kind"] == "warning" else str(step["number"])
        return Told(step["kind"], (row["process_key"], row["element_id"]), row["limit_id"], label, names)

    def _tasks(self, clock: OpenClock) -> list[dict[str, Any]]:
        """As `ladder_people.open_tasks_of`: its own task, else those inside of what it measures."""
        rows = list(self._work.tasks.opened.values())
        visit, place = clock.row["element_instance_key"], (clock.row["process_key"], clock.row["element_id"])
        own = [row for row in rows if row["user_task_key"] == visit]
        if own or not visit:
            return own or rows
        return [
            row for row in rows if place in self._work.tasks.enclosing(row["process_key"], row["element_id"])
        ]

    def _workers(self, clock: OpenClock) -> tuple[str, ...]:
        directory, excluded = self._work.frame.directory, self._work.frame.excluded
        found: dict[str, None] = {}
        for row in self._tasks(clock):
            if directory.is_active(row["assignee"]):
                found[row["assignee"]] = None
                continue
            specs = self._work.tasks.specs(row["user_task_key"])
            names = [one.username for one in specs if one.username]
            for one in specs:
                if one.role_key:
                    names += directory.holders_in(one.role_key, one.unit_key)
            fresh = [name for name in dict.fromkeys(names) if name not in excluded]
            found |= dict.fromkeys(fresh[:MOST_TOLD])
        return tuple(found)

    def _rungs(self, clock: OpenClock) -> list[Rung]:
        frame, profile = self._work.frame, self._work.profile
        tasks, workers = self._tasks(clock), self._workers(clock)
        plan = self._work.clocks.ladder_of(clock.row["ladder"])
        return find_rungs(
            frame.directory,
            role_key=clock.row["role_key"],
            unit_key=next((row["unit_key"] for row in tasks), clock.row["unit_key"]),
            escalates_to=frame.escalates_to,
            assignee=workers[0] if len(workers) == 1 else None,
            explicit=tuple((profile.roles.get(name, name) if profile else name) for name in plan.rungs),
            excluded=frame.excluded,
        )

"""Brings one past case to the state that its row claims: over, or waiting at a stage, with all that fell due meanwhile."""

from datetime import datetime, timedelta

from engine.commands.imports.bad_row import BadRow
from engine.commands.imports.case_walk import CaseWalk, WaitingTask
from engine.commands.imports.pace import Pace
from engine.commands.imports.past_case import PastCase
from engine.commands.imports.stages import belongs, is_anywhere, stage_words
from engine.people import Actor

MOST_VISITS = 4  # of one step: beyond that the answers of the row go round in a circle
TAKEN_WITHIN = timedelta(minutes=30)


class _TooEarly(Exception):
    """The step just taken ended the case: it was the last one, and belongs at the moment of closing."""


def finish(walk: CaseWalk, case: PastCase, closed_at: datetime) -> None:
    """Step by step to the end, the last one exactly when the register says that the case was closed."""
    pace = Pace(case.number, case.place.calendar, closed_at, is_open=False)
    visits: dict[str, int] = {}
    while walk.ended_at() is None:
        tasks = walk.waiting_tasks()
        if not tasks:
            _wait(walk, closed_at)
            continue
        task = _take_time(walk, tasks, pace)
        if task is None:
            continue  # What fell due on the way changed what waits.
        _count(visits, task)
        try:
            with walk.trying():
                walk.complete(task)
                walk.pass_time(walk.now)
                if walk.ended_at() is not None and walk.now < closed_at:
                    raise _TooEarly
        except _TooEarly:
            walk.pass_time(closed_at)
            if any(one.user_task_key == task.user_task_key for one in walk.waiting_tasks()):
                walk.complete(task)
                walk.pass_time(closed_at)
    walk.check_handlers()


def wait_at_stage(walk: CaseWalk, case: PastCase, now: datetime) -> None:
    """Step by step to the stage, taken in hand there when the row says by whom, and on to the present moment."""
    pace = Pace(case.number, case.place.calendar, now, is_open=True)
    goal = _Goal(case.status)
    visits: dict[str, int] = {}
    while (found := goal.find(walk.waiting_tasks())) is None:
        tasks = walk.waiting_tasks()
        if walk.ended_at() is not None:
            raise _no_stage(case, goal)
        if not tasks:
            _wait(walk, now)
            continue
        task = _take_time(walk, tasks, pace)
        if task is None:
            continue
        _count(visits, task)
        walk.complete(task)
        walk.pass_time(walk.now)
        goal.note_done(task)
    worker = _who_takes(walk, case, found)
    if worker is not None:
        walk.pass_time(pace.soon(walk.now, TAKEN_WITHIN))
        if any(one.user_task_key == found.user_task_key for one in walk.waiting_tasks()):
            walk.claim(found, worker)
    walk.pass_time(now)
    walk.check_handlers()


class _Goal:
    """The stage that an open row names. "已核实" (verified) means the step after that one."""

    def __init__(self, status: str) -> None:
        self._is_first = is_anywhere(status)
        self._is_after = status.startswith("已") and not self._is_first
        self._words = stage_words(status.removeprefix("已"))
        self._is_passed = False
        self.seen: dict[str, str] = {}

    def find(self, tasks: list[WaitingTask]) -> WaitingTask | None:
        for task in tasks:
            self.seen[task.names["zh"]] = task.names["en"]
        if self._is_first or self._is_passed:
            return tasks[0] if tasks else None
        if self._is_after:
            return None
        return next((one for one in tasks if belongs(self._words, one.element_id, one.names)), None)

    def note_done(self, task: WaitingTask) -> None:
        if self._is_after and belongs(self._words, task.element_id, task.names):
            self._is_passed = True


def _who_takes(walk: CaseWalk, case: PastCase, task: WaitingTask) -> Actor | None:
    """The handler that the row names. Who only received the complaint need not have taken the next step in hand."""
    worker = walk.worker_of(task)
    others = (*case.workers.handled_by, case.workers.approved_by, case.workers.called_back_by)
    return worker if worker in others else None


def _take_time(walk: CaseWalk, tasks: list[WaitingTask], pace: Pace) -> WaitingTask | None:
    """Moves to the moment of the next step. The task, if it still waits then."""
    task = tasks[0]
    keys = [one.user_task_key for one in tasks]
    walk.pass_time(pace.next_moment(walk.now, keys, walk.measures()))
    still = next((one for one in walk.waiting_tasks() if one.user_task_key == task.user_task_key), None)
    return still


def _wait(walk: CaseWalk, until: datetime) -> None:
    """Nobody is asked: only time, or somebody outside, can move the case."""
    due = walk.next_due_at()
    if due is None or due > until:
        walk.check_whole()
        raise BadRow(
            "Expected the case to go on, but it waits for something that the register does not tell (a message, "
            "a later moment, or an external worker).",
            "流程停在等待外部消息、以后的时刻或外部程序之处，登记簿没有记载。",
        )
    walk.pass_time(due)


def _count(visits: dict[str, int], task: WaitingTask) -> None:
    visits[task.element_id] = visits.get(task.element_id, 0) + 1
    if visits[task.element_id] > MOST_VISITS:
        raise BadRow(
            f"Expected the case to go on, but with these answers it comes back to {task.names['en']!r} again and again; "
            "write what changed, such as 不满意→满意.",
            f"按此行的内容，流程一再回到“{task.names['zh']}”；请写明前后的变化，如“不满意→满意”。",
        )


def _no_stage(case: PastCase, goal: _Goal) -> BadRow:
    zh = "、".join(goal.seen)
    en = ", ".join(goal.seen.values())
    return BadRow(
        f"Expected a status that this case comes by, but found {case.status!r}; its steps are: {en}.",
        f"状态“{case.status}”不在此事项的步骤之内，步骤有：{zh}。",
    )

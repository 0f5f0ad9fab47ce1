"""Brings one past case to the state that its row claims: over, or waiting at a stage, with all that fell due meanwhile."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.commands.imports.bad_row import BadRow
from engine.commands.imports.case_rows import Situation, WaitingTask
from engine.commands.imports.case_walk import CaseWalk
from engine.commands.imports.pace import Pace
from engine.commands.imports.past_case import PastCase
from engine.commands.imports.stages import belongs, is_anywhere, stage_words
from engine.people import Actor

MOST_VISITS = 4  # of one step: beyond that the answers of the row go round in a circle
TAKEN_WITHIN = timedelta(minutes=30)


class _Undo(Exception):
    """The step just tried was the last one at another moment than the closing, or was not the last one then."""


class LastSteps:
    """Which step ended the cases so far: it is tried at the moment of closing first, which spares doing it twice."""

    def __init__(self) -> None:
        self._known: set[tuple[str, str]] = set()

    def has(self, case: PastCase, task: WaitingTask) -> bool:
        return self._key(case, task) in self._known

    def note(self, case: PastCase, task: WaitingTask) -> None:
        self._known.add(self._key(case, task))

    @staticmethod
    def _key(case: PastCase, task: WaitingTask) -> tuple[str, str]:
        return (case.place.profile.id if case.place.profile else case.place.process_key, task.element_id)


def finish(walk: CaseWalk, case: PastCase, closed_at: datetime, last_steps: LastSteps) -> None:
    """Step by step to the end, the last one exactly when the register says that the case was closed."""
    pace = Pace(case.number, case.place.calendar, closed_at, is_open=False)
    visits: dict[str, int] = {}
    while (stands := walk.look()).ended_at is None:
        if not stands.tasks:
            _wait(walk, closed_at)
            continue
        if last_steps.has(case, stands.tasks[0]) and _ends(walk, stands.tasks[0], closed_at):
            break
        task = _take_time(walk, stands, pace)
        if task is None:
            continue  # What fell due on the way changed what waits.
        _count(visits, task)
        try:
            with walk.trying():
                walk.complete(task)
                walk.pass_time(walk.now)
                if walk.look().ended_at is not None and walk.now < closed_at:
                    raise _Undo
        except _Undo:
            last_steps.note(case, task)
            walk.pass_time(closed_at)
            last = walk.look().task(task.user_task_key)
            if last is not None:
                walk.complete(last)
                walk.pass_time(closed_at)
    walk.check_handlers()


def _ends(walk: CaseWalk, task: WaitingTask, closed_at: datetime) -> bool:
    """Whether the task, done at the moment of closing, ended the case. Else nothing has happened."""
    try:
        with walk.trying():
            walk.pass_time(closed_at)
            last = walk.look().task(task.user_task_key)
            if last is None:
                raise _Undo
            walk.complete(last)
            walk.pass_time(closed_at)
            if walk.look().ended_at is None:
                raise _Undo
    except _Undo:
        return False
    return True


def wait_at_stage(walk: CaseWalk, case: PastCase, now: datetime) -> None:
    """Step by step to the stage, taken in hand there when the row says by whom, and on to the present moment."""
    pace = Pace(case.number, case.place.calendar, now, is_open=True)
    goal = _Goal(case.status)
    visits: dict[str, int] = {}
    while (found := goal.find((stands := walk.look()).tasks)) is None:
        if stands.ended_at is not None:
            raise _no_stage(case, goal)
        if not stands.tasks:
            _wait(walk, now)
            continue
        task = _take_time(walk, stands, pace)
        if task is None:
            continue
        _count(visits, task)
        walk.complete(task)
        walk.pass_time(walk.now)
        goal.note_done(task)
    worker = _who_takes(walk, case, found)
    if worker is not None:
        walk.pass_time(pace.soon(walk.now, TAKEN_WITHIN))
        still = walk.look().task(found.user_task_key)
        if still is not None:
            walk.claim(still, worker)
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

    def find(self, tasks: Sequence[WaitingTask]) -> WaitingTask | None:
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


def _take_time(walk: CaseWalk, stands: Situation, pace: Pace) -> WaitingTask | None:
    """Moves to the moment of the next step. The task, if it still waits then."""
    keys = [one.user_task_key for one in stands.tasks]
    walk.pass_time(pace.next_moment(walk.now, keys, walk.measures()))
    return walk.look().task(keys[0])


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

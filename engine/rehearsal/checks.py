"""What a story says must be true: one function a `then_…` word. Each looks at the rows and raises Unmet."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.rehearsal.known_ids import Target
from engine.rehearsal.scene import Scene
from engine.rehearsal.unmet import Said, Unmet, listed, shown

Check = Callable[[Scene, Any], None]


def waiting_at(scene: Scene, ids: Sequence[str]) -> None:
    """Each of them is open; others may be too. An empty list: the case waits nowhere."""
    stands = scene.rows.stands_at()
    if not ids and scene.rows.waiting_places():
        raise Unmet(f"Expected the case to wait nowhere, but {stands.en}.", f"应无等待之处，但{stands.zh}。")
    for one in ids:
        if not scene.rows.is_open(_target(scene, one)):
            raise Unmet(
                f"Expected the case to wait at {one}, but {stands.en}.", f"应停在 {one}，但{stands.zh}。"
            )


def due(scene: Scene, moments: Mapping[str, datetime]) -> None:
    """The due moment of the open task, clock or timer; of a register id, of its newest clock."""
    for one, given in moments.items():
        expected = scene.moment(given)
        found = _due_moments(scene, _target(scene, one))
        wanted = shown(expected, scene.calendar)
        if not found:
            stands = scene.rows.stands_at()
            raise Unmet(
                f"Expected {one} to be due {wanted.en}, but nothing of it is open: {stands.en}.",
                f"{one} 应于 {wanted.zh} 到期，但它没有打开：{stands.zh}。",
            )
        wrong = next((moment for moment in found if moment != expected), expected)
        if wrong != expected:
            is_due = shown(wrong, scene.calendar)
            raise Unmet(
                f"Expected {one} to be due {wanted.en}, but it is due {is_due.en}.",
                f"{one} 应于 {wanted.zh} 到期，但实际于 {is_due.zh} 到期。",
            )


def _due_moments(scene: Scene, target: Target) -> list[datetime]:
    clocks = scene.rows.clocks(target, is_open=True) or scene.rows.clocks(target)
    if target.limit_id is not None and clocks:
        return [clocks[-1].due_at]
    tasks = [task.due_at for task in scene.rows.tasks(target) if task.due_at is not None]
    if tasks:
        return tasks
    if scene.rows.clocks(target, is_open=True):
        return [clocks[-1].due_at]
    ids = {element_id for _, element_id in target.places}
    return [timer.due_at for timer in scene.rows.timers() if timer.element_id in ids]


def clock(scene: Scene, states: Mapping[str, str]) -> None:
    for one, expected in states.items():
        found = scene.rows.clocks(_target(scene, one))
        if not found:
            raise Unmet(
                f"Expected the clock of {one} to be {expected}, but it has not started.",
                f"{one} 的时限应为 {expected}，但尚未开始计时。",
            )
        if found[-1].state != expected:
            moment = shown(found[-1].due_at, scene.calendar)
            raise Unmet(
                f"Expected the clock of {one} to be {expected}, but it is {found[-1].state} (due {moment.en}).",
                f"{one} 的时限应为 {expected}，但现为 {found[-1].state}（{moment.zh} 到期）。",
            )


def notified(scene: Scene, names: Sequence[str]) -> None:
    sent = scene.fresh_notices()
    for name in names:
        if not any(_is_to(scene, notice, name) for notice in sent):
            told = _told(sent)
            raise Unmet(
                f"Expected a notice to {name}, but since the last step {told.en}.",
                f"应通知 {name}，但自上一步以来{told.zh}。",
            )


def not_notified(scene: Scene, names: Sequence[str]) -> None:
    sent = scene.fresh_notices()
    for name in names:
        wrong = [notice for notice in sent if _is_to(scene, notice, name)]
        if wrong:
            told = _told(wrong)
            raise Unmet(
                f"Expected no notice to {name}, but since the last step {told.en}.",
                f"不应通知 {name}，但自上一步以来{told.zh}。",
            )


def _is_to(scene: Scene, notice: Any, name: str) -> bool:
    """A person, a role that the recipient holds or was told as, or someone outside."""
    if name in scene.cast.people:
        outside = scene.cast.people[name] if scene.cast.is_outside(name) else ()
        return notice.recipient == name or notice.recipient in outside
    return name in (notice.recipient, notice.role_key) or notice.recipient in scene.cast.holders(name)


def _told(notices: Sequence[Any]) -> Said:
    told = listed(list(dict.fromkeys(f"{one.recipient} ({one.kind})" for one in notices)))
    if not notices:
        return Said("nobody was told anything", "没有通知任何人")
    return Said(f"these were told: {told.en}", f"已通知：{told.zh}")


def done_by(scene: Scene, names: Sequence[str]) -> None:
    done = _workers(scene)
    for name in names:
        if name not in done:
            who = listed(done)
            raise Unmet(
                f"Expected {name} to have completed a task of the case, but those who have are: {who.en}.",
                f"{name} 应办理过本事项的待办，但办理过的只有：{who.zh}。",
            )


def not_done_by(scene: Scene, names: Sequence[str]) -> None:
    for name in names:
        done = [task.element_id for task in scene.rows.tasks(None, "completed") if task.completed_by == name]
        if done:
            what = listed(list(dict.fromkeys(done)))
            raise Unmet(
                f"Expected {name} to have completed no task of the case, but {name} has done {what.en}.",
                f"{name} 不应办理本事项的任何待办，但已办理 {what.zh}。",
            )


def _workers(scene: Scene) -> list[str]:
    return list(dict.fromkeys(task.completed_by for task in scene.rows.tasks(None, "completed")))


def worklist(scene: Scene, counts: Mapping[str, int]) -> None:
    tasks = scene.rows.tasks()
    for name, expected in counts.items():
        found = [task.element_id for task in tasks if scene.may_work_on(task, name)]
        if len(found) != expected:
            what = listed(found)
            raise Unmet(
                f"Expected {expected} open tasks that {name} may work on, but there are {len(found)}: {what.en}.",
                f"{name} 可办理的待办应为 {expected} 件，但有 {len(found)} 件：{what.zh}。",
            )


def incident(scene: Scene, expected: bool | str) -> None:
    """`true`, `false`, the element where the case stands still, or the kind of the incident."""
    found = scene.rows.incidents()
    said = listed([f"{one.element_id} ({one.kind}: {one.message['en']})" for one in found])
    said_zh = listed([f"{one.element_id}（{one.kind}：{one.message['zh']}）" for one in found])
    if isinstance(expected, bool):
        if bool(found) == expected:
            return
        if expected:
            raise Unmet("Expected an incident, but there is none.", "应有异常，但没有。")
        raise Unmet(
            f"Expected no incident, but there is one: {said.en}.", f"不应有异常，但有：{said_zh.zh}。"
        )
    target = scene.known.target(expected)
    ids = {element_id for _, element_id in target.places} if target else set()
    if not any(one.element_id in ids or one.kind == expected for one in found):
        raise Unmet(
            f"Expected an incident at {expected}, but there is {said.en}.",
            f"{expected} 应有异常，但现有：{said_zh.zh}。",
        )


def history(scene: Scene, ids: Sequence[str]) -> None:
    """Finished visits in this order, others between."""
    visits = scene.rows.history()
    position = 0
    for number, one in enumerate(ids):
        places = _target(scene, one).places
        while (
            position < len(visits)
            and (visits[position].process_key, visits[position].element_id) not in places
        ):
            position += 1
        if position == len(visits):
            seen = listed([visit.element_id for visit in visits])
            after = f" after {ids[number - 1]}" if number else ""
            after_zh = f"{ids[number - 1]} 之后" if number else ""
            raise Unmet(
                f"Expected {one}{after} in the history, but the case has gone through: {seen.en}.",
                f"履历中{after_zh}应有 {one}，但事项经过的是：{seen.zh}。",
            )
        position += 1


def variables(scene: Scene, expected: Mapping[str, Any]) -> None:
    """A subset; of a table, a subset again."""
    found = scene.rows.variables()
    for name, value in expected.items():
        if name not in found:
            raise Unmet(
                f"Expected the variable {name} to be {value!r}, but the case has no such variable.",
                f"变量 {name} 应为 {value!r}，但事项没有这个变量。",
            )
        if not _is_within(value, found[name]):
            raise Unmet(
                f"Expected the variable {name} to be {value!r}, but it is {found[name]!r}.",
                f"变量 {name} 应为 {value!r}，但实际是 {found[name]!r}。",
            )


def _is_within(expected: Any, found: Any) -> bool:
    if isinstance(expected, dict) and isinstance(found, dict):
        return all(name in found and _is_within(value, found[name]) for name, value in expected.items())
    # In Python True == 1; for a story they are two things.
    return bool(expected == found) and isinstance(expected, bool) == isinstance(found, bool)


def ended(scene: Scene, expected: bool | str) -> None:
    """`true`, `false`, or the id of an end event that the case has reached by its end."""
    instance, stands = scene.rows.instance, scene.rows.stands_at()
    is_over = instance.state != "running"
    if isinstance(expected, bool):
        if is_over != expected:
            wanted, wanted_zh = ("over", "已结束") if expected else ("still running", "仍在办理")
            raise Unmet(
                f"Expected the case to be {wanted}, but {stands.en}.", f"事项应{wanted_zh}，但{stands.zh}。"
            )
        return
    # With parallel branches several ends are reached; which of them comes last is of no importance.
    reached = {
        visit.element_id
        for visit in scene.rows.history()
        if visit.process_key == scene.known.process_key and visit.outcome == "completed"
    }
    if not is_over or expected not in reached | {instance.end_element_id}:
        raise Unmet(
            f"Expected the case to end at {expected}, but {stands.en}.",
            f"事项应结束于 {expected}，但{stands.zh}。",
        )


def _target(scene: Scene, named: str) -> Target:
    found = scene.known.target(named)
    assert found is not None  # check_ids has looked at every id before the story began
    return found


CHECKS: Mapping[str, Check] = {
    "then_waiting_at": waiting_at,
    "then_due": due,
    "then_notified": notified,
    "then_not_notified": not_notified,
    "then_clock": clock,
    "then_done_by": done_by,
    "then_not_done_by": not_done_by,
    "then_worklist": worklist,
    "then_incident": incident,
    "then_history": history,
    "then_variables": variables,
    "then_ended": ended,
}

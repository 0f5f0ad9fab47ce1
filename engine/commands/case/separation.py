"""Four eyes: who has done one task of a case may not do another, where the diagram says so (COI-5).

A user task with the property `separate.from` (ids of user tasks) is closed to everybody who completed one of them in
this case: they are no candidates, and neither a supervisor nor the administrator can get around it.
"""

from collections.abc import Collection

from sqlalchemy import or_, select

from engine.commands.case.frame import CaseFrame
from engine.model import UserTask
from engine.people import CandidateSpec, holders


def separated(
    frame: CaseFrame, process_key: str, element_id: str, just_done: Collection[str] = ()
) -> frozenset[str]:
    """Who may not do this task. `just_done`: keys of the tasks that this very command completes."""
    others = frame.release.separations.get((process_key, element_id))
    if others is None:
        return frozenset()
    rows = frame.session.execute(
        select(UserTask.user_task_key, UserTask.completed_by).where(
            UserTask.instance_key == frame.record.instance_key,
            UserTask.element_id.in_(others),
            or_(UserTask.completed_by.is_not(None), UserTask.user_task_key.in_(just_done)),
        )
    )
    return frozenset(row.completed_by or frame.actor.username for row in rows)


def by_name(frame: CaseFrame, specs: list[CandidateSpec], barred: frozenset[str]) -> list[CandidateSpec]:
    """The candidates without those who are barred: a role that one of them holds becomes its other holders."""
    found: list[CandidateSpec] = []
    for spec in specs:
        _, names = holders(frame.directory, spec.role_key, spec.unit_key) if spec.role_key else ("", ())
        if barred.isdisjoint(names):
            found.append(spec)
        else:
            found += [CandidateSpec(username=name) for name in names if name not in barred | frame.excluded]
    return found


def refusal_of_separated(username: str, barred: Collection[str]) -> tuple[str, str] | None:
    """Why this person may not do the task, as (en, zh); None when nothing stands against it."""
    if username not in barred:
        return None
    return (
        f"Expected somebody else: {username} did a task of this case that must be done by another person (COI-5).",
        f"“{username}”已办理本事项中必须由不同的人办理的环节，不能再办理这一环节（COI-5）。",
    )

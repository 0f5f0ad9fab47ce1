"""One task with all that its page needs: the form and what fills it, the promise, and what this person may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.forms import FormDefinition
from engine.model import Candidate, Organisation, ProcessInstance, Timer, UserTask, VariableScope
from engine.people import Actor, CandidateSpec, refusal
from engine.queries.case_header import CaseHeader, load_header
from engine.queries.filled_forms import FilledForm, find_forms
from engine.queries.inbox import TASK_COLUMNS, InboxTask, clock_of_task, make_tasks, open_clocks
from engine.queries.promise import Promise, make_promise, promise_of_timer
from engine.queries.source import Source

# A choice made on an earlier visit is asked anew; texts and numbers are offered again.
_ASKED_ANEW = frozenset({"select", "radio", "checkbox"})


_MORE = (
    UserTask.state,
    UserTask.form_ref,
    UserTask.unit_key.label("task_unit_key"),
    UserTask.claimed_at,
    UserTask.ended_at,
    UserTask.completed_by,
    UserTask.draft,
)


@dataclass(frozen=True)
class TaskPage:
    """`values` fill the form: the draft, else what the case knows already."""

    header: CaseHeader
    row: Any
    line: InboxTask
    form: FormDefinition | None
    values: Mapping[str, Any]
    promises: Sequence[Promise]
    reason: Promise | None  # why the task is due when it is
    known: Sequence[FilledForm]  # what was said and found out before, the registration first
    candidates: Sequence[CandidateSpec]
    may_work: bool
    may_assign: bool
    may_pause: bool

    @property
    def is_open(self) -> bool:
        return bool(self.row.state == "open")


def find_task(source: Source, actor: Actor, user_task_key: str, locale: str) -> TaskPage:
    """Raises NotFound for a task of a case that the person may not see."""
    with source.store.reading() as session:
        case = select(UserTask.instance_key).where(UserTask.user_task_key == user_task_key).scalar_subquery()
        header = load_header(
            source, session, actor, ProcessInstance.instance_key == case, named=user_task_key
        )
        row = session.execute(
            select(*TASK_COLUMNS, *_MORE)
            .join(ProcessInstance, ProcessInstance.instance_key == UserTask.instance_key)
            .join(Organisation, Organisation.organisation_key == UserTask.organisation_key)
            .where(UserTask.user_task_key == user_task_key)
        ).one()
        (line,) = make_tasks(source, session, [row], locale)
        form = header.release.forms.get(row.form_ref) if row.form_ref else None
        clocks = open_clocks(session, {header.key}).get(header.key, [])
        reason = line.promise or _of_timer(session, header, row, locale)
        promises = [
            make_promise(one, header.release, header.row.profile_id, header.calendar, header.now, locale)
            for one in clocks
        ]
        candidates = [
            CandidateSpec(*one)
            for one in session.execute(
                select(Candidate.role_key, Candidate.unit_key, Candidate.username).where(
                    Candidate.user_task_key == user_task_key
                )
            )
        ]
        values = _values(session, header, row, form)
        known = find_forms(session, header, locale)
    is_own = (
        row.assignee == actor.username
        or refusal(header.directory, actor.username, candidates, header.excluded) is None
    )
    nearest = clock_of_task(row, clocks)
    promises.sort(key=lambda one: (nearest is None or one.key != nearest.clock_key, one.due_at))
    return TaskPage(
        header=header,
        row=row,
        line=line,
        form=form,
        values=values,
        promises=promises,
        reason=reason,
        known=known,
        candidates=candidates,
        may_work=header.allows(actor, "task.work", unit_key=row.task_unit_key, is_own=is_own),
        may_assign=header.allows(actor, "task.assign", unit_key=row.task_unit_key),
        may_pause=header.allows(actor, "clock.pause", is_own=row.assignee == actor.username),
    )


def _of_timer(session: Session, header: CaseHeader, row: Any, locale: str) -> Promise | None:
    if row.due_at is None:
        return None
    timer = session.execute(
        select(Timer.timer_key, Timer.element_id, Timer.due_at, Timer.explanation).where(
            Timer.instance_key == header.key,
            Timer.due_at == row.due_at,
            Timer.state.in_(("waiting", "paused", "fired")),
        )
    ).first()
    if timer is None or not timer.explanation:
        return None
    name = header.release.name_of(row.process_key, timer.element_id, locale)
    return promise_of_timer(timer, header.calendar, name, header.now)


def _values(session: Session, header: CaseHeader, row: Any, form: FormDefinition | None) -> Mapping[str, Any]:
    if form is None:
        return row.draft or {}
    if row.draft is not None:
        return dict(row.draft)
    known = dict(header.variables)
    for (inner,) in session.execute(
        select(VariableScope.variables).where(
            VariableScope.instance_key == header.key, VariableScope.kind == "called"
        )
    ):
        known |= {name: value for name, value in inner.items() if value is not None}
    visits = session.execute(
        select(func.count(UserTask.user_task_key)).where(
            UserTask.instance_key == header.key,
            UserTask.process_key == row.process_key,
            UserTask.element_id == row.element_id,
            UserTask.state == "completed",
        )
    ).scalar_one()
    return {
        one.name: known[one.name]
        for one in form.fields
        if known.get(one.name) is not None
        and not (visits and one.widget in _ASKED_ANEW and not one.schema.get("x-readonly"))
    }

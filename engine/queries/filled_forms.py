"""What was filled in, as documents with their titles: the registration first, then each completed task."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.forms import document_of
from engine.model import AuditPayload, AuditRow, UserTask
from engine.queries.case_header import CaseHeader
from engine.queries.source import ReleaseView


@dataclass(frozen=True)
class FilledForm:
    """`lines` as (label, value). `user_task_key` is None for the registration."""

    title: str
    title_zh: str  # the form's own, for the sheet that is printed
    register_form: str | None
    step_name: str
    done_at: datetime
    done_by: str
    lines: Sequence[tuple[str, str]]
    user_task_key: str | None


def find_forms(session: Session, header: CaseHeader, locale: str) -> list[FilledForm]:
    release: ReleaseView = header.release

    def name_of(username: str) -> str:
        return header.directory.shown(username, locale)

    found = []
    start = release.start_form(header.row.process_key)
    given = session.execute(
        select(AuditPayload.payload)
        .join(AuditRow, (AuditRow.chain == AuditPayload.chain) & (AuditRow.sequence == AuditPayload.sequence))
        .where(AuditRow.chain == header.key, AuditRow.act == "case.started")
    ).scalar()
    if start is not None and given:
        found.append(
            FilledForm(
                title=start.title(locale),
                title_zh=start.title("zh"),
                register_form=start.register_form,
                step_name="",
                done_at=header.row.started_at,
                done_by=name_of(header.row.started_by),
                lines=document_of(start, given.get("variables", {}), locale, name_of),
                user_task_key=None,
            )
        )
    rows = session.execute(
        select(
            UserTask.user_task_key,
            UserTask.process_key,
            UserTask.element_id,
            UserTask.form_ref,
            UserTask.values,
            UserTask.ended_at,
            UserTask.completed_by,
        )
        .where(UserTask.instance_key == header.key, UserTask.state == "completed")
        .order_by(UserTask.ended_at, UserTask.user_task_key)
    )
    for row in rows:
        form = release.forms.get(row.form_ref) if row.form_ref else None
        step = release.name_of(row.process_key, row.element_id, locale)
        lines = (
            document_of(form, row.values or {}, locale, name_of)
            if form is not None
            else [(str(name), str(value)) for name, value in (row.values or {}).items()]
        )
        assert row.ended_at is not None
        found.append(
            FilledForm(
                title=form.title(locale) if form is not None else step,
                title_zh=form.title("zh") if form is not None else step,
                register_form=form.register_form if form is not None else None,
                step_name=step,
                done_at=row.ended_at,
                done_by=name_of(row.completed_by or ""),
                lines=lines,
                user_task_key=row.user_task_key,
            )
        )
    return found

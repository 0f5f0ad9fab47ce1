"""What must be true of all rows after any number of crashes: nothing acknowledged is lost, nothing is done twice."""

from collections import Counter
from collections.abc import Sequence

from rest_client import Record
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import verify
from engine.model import AuditRow, ElementInstance, Incident, Job, Notice, ProcessInstance, UserTask


def check_acknowledged(session: Session, records: Sequence[Record], usernames: Sequence[str]) -> None:
    """Each start and each completion that a client was told of is there, in its name, and nothing else was started."""
    cases = {
        row.instance_key: row
        for row in session.execute(
            select(ProcessInstance.instance_key, ProcessInstance.business_key, ProcessInstance.state)
        )
    }
    tasks = {
        row.user_task_key: row
        for row in session.execute(
            select(UserTask.user_task_key, UserTask.element_id, UserTask.state, UserTask.completed_by)
        )
    }
    for record, username in zip(records, usernames, strict=True):
        for business_key, instance_key in record.started.items():
            assert cases[instance_key].business_key == business_key
        for instance_key in record.finished:
            assert cases[instance_key].state == "completed"
        for task_key, element_id in record.completed.items():
            found = tasks[task_key]
            assert (found.element_id, found.state, found.completed_by) == (element_id, "completed", username)
    started = [key for record in records for key in record.started]
    assert len(cases) == len(started) == len(set(started)), (
        "A case that nobody started, or one started twice."
    )


def check_once(session: Session) -> None:
    """Tasks, steps, notices and jobs, each by its own trace; and the audit chains are whole."""
    completed = Counter(
        session.execute(select(AuditRow.subject).where(AuditRow.act == "task.completed")).scalars()
    )
    done = set(session.execute(select(UserTask.user_task_key).where(UserTask.state == "completed")).scalars())
    assert completed == dict.fromkeys(done, 1)
    steps: dict[str, list[int]] = {}
    for case, sequence in session.execute(select(ElementInstance.instance_key, ElementInstance.sequence)):
        steps.setdefault(case, []).append(sequence)
    for case, sequences in steps.items():
        assert sorted(sequences) == list(range(1, len(sequences) + 1)), case
    told = session.execute(select(Notice.once, Notice.recipient)).all()
    assert len(told) == len(set(told))
    assert set(session.execute(select(Job.state)).scalars()) <= {"done", "cancelled"}
    finished = session.execute(
        select(AuditRow.chain, AuditRow.subject).where(AuditRow.act == "job.completed")
    ).all()
    handler_jobs = session.execute(
        select(Job.job_key).where(Job.kind == "handler", Job.state == "done")
    ).all()
    assert len(finished) == len(handler_jobs)
    assert session.execute(select(Incident.message)).all() == []
    assert verify(session).problems == []

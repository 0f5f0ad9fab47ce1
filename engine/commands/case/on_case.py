"""Runs one command on one case: one transaction, tried again after a lost race or a lost connection, and an incident
when it cannot go on."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, insert, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.commands.case.open_case import open_case
from engine.commands.case.record import LostRace, lock_case
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.model import CommitUnknown, Incident, Rejected, WrongState, new_key
from engine.people import Actor
from engine.spiff import ElementFailed, GuardTripped
from engine.store import may_be_tried_again

Result = TypeVar("Result")
_log = logging.getLogger(__name__)


class CaseStopped(WrongState):
    """An expression, a decision or a guard stopped the step. Nothing of it is kept; an Incident tells the supervisor."""

    code = "case_stopped"


@dataclass(frozen=True)
class IncidentPlace:
    """What a person mends when the step fails: a timer's or a job's row stands still until then."""

    kind: str | None = None
    element_instance_key: str | None = None
    job_key: str | None = None


NO_PLACE = IncidentPlace()


def on_case(
    engine: Engine,
    actor: Actor,
    find: Callable[[Session], str],
    change: Callable[[CaseWork], Result],
    *,
    keep_anyway: Callable[[Session], None] | None = None,
    about: IncidentPlace = NO_PLACE,
) -> Result:
    """`find` gives the instance key, `change` does the work. `keep_anyway` runs beside the incident of a failed step.

    Raises: what `find` and `change` raise; CaseStopped; LostRace after several tries; CommitUnknown.
    """
    tries = engine.settings.lost_race_tries
    for attempt in range(1, tries + 1):
        instance_key = ""
        try:
            with engine.store.transaction() as session:
                instance_key = find(session)
                work = open_case(engine, session, actor, instance_key)
                result = change(work)
                work.save()
        except (ElementFailed, GuardTripped) as failure:
            raise _incident(engine, instance_key, failure, keep_anyway, about) from failure
        except Rejected as refused:
            if attempt == tries or not isinstance(refused, LostRace):
                raise
        except DBAPIError as problem:
            if attempt == tries or not may_be_tried_again(problem):
                raise
        except CommitUnknown:
            raise  # It may have been done: neither to be tried again, nor an incident.
        except Exception as problem:
            if not instance_key:
                raise  # No case was found yet.
            # A fault of ours must not stop the other cases that the same server works for.
            _log.exception("A step of case %s failed.", instance_key)
            raise _incident(engine, instance_key, problem, keep_anyway, about) from problem
        else:
            work.keep()
            return result
    raise AssertionError("unreachable")


def described(failure: Exception) -> tuple[str, str, str | None]:
    """(en, zh, element id) of a failure, for people."""
    if isinstance(failure, GuardTripped):
        return str(failure), failure.zh, failure.element_id
    if not isinstance(failure, ElementFailed):
        en = f"{type(failure).__name__}: {failure}"
        return en, en, None
    cause = failure.cause
    en = getattr(cause, "en", None) or str(cause)
    zh = getattr(cause, "zh", None) or en
    return (
        f"Element {failure.element_id} of process {failure.process_key}: {en}",
        f"流程“{failure.process_key}”的图元“{failure.element_id}”：{zh}",
        failure.element_id,
    )


def _incident(
    engine: Engine,
    instance_key: str,
    failure: Exception,
    keep_anyway: Callable[[Session], None] | None,
    about: IncidentPlace,
) -> CaseStopped:
    en, zh, _ = described(failure)
    tries = engine.settings.lost_race_tries
    for attempt in range(1, tries + 1):
        try:
            with engine.store.transaction() as session:
                _note_incident(session, engine, instance_key, failure, about)
                if keep_anyway is not None:
                    keep_anyway(session)
        except DBAPIError as problem:
            # Another server claims the same timer or job while we note that it failed, or the connection was lost.
            if attempt == tries or not may_be_tried_again(problem):
                raise
        else:
            break
    return CaseStopped(
        f"The step was not taken: {en} What you filled in is kept as a draft.",
        f"这一步没有完成：{zh} 您填写的内容已存为草稿。",
    )


def _note_incident(
    session: Session, engine: Engine, instance_key: str, failure: Exception, about: IncidentPlace
) -> None:
    en, zh, element_id = described(failure)
    kind = about.kind or ("guard" if isinstance(failure, GuardTripped) else "expression")
    lock_case(session, instance_key)
    known = session.execute(
        update(Incident)
        .where(*_same_trouble(instance_key, kind, element_id, about))
        .values(message={"zh": zh, "en": en})
    )
    if known.rowcount > 0:  # type: ignore[attr-defined]
        return
    session.execute(
        insert(Incident).values(
            incident_key=new_key(),
            instance_key=instance_key,
            kind=kind,
            element_id=element_id,
            element_instance_key=about.element_instance_key,
            job_key=about.job_key,
            message={"zh": zh, "en": en},
            raised_at=engine.clock.now(),
        )
    )


def _same_trouble(
    instance_key: str, kind: str, element_id: str | None, about: IncidentPlace
) -> tuple[ColumnElement[bool], ...]:
    """The incident that stands open already: somebody tries again, or two servers came at once."""
    return (
        Incident.instance_key == instance_key,
        Incident.kind == kind,
        Incident.element_id == element_id,
        Incident.element_instance_key == about.element_instance_key,
        Incident.job_key == about.job_key,
        Incident.resolved_at.is_(None),
    )

"""Cases of one family of procedures, newest first: from which a story may be recorded."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from engine.model import ProcessInstance, Release
from engine.people import Actor
from engine.queries.source import Source
from engine.queries.visible import visible_cases

MOST = 50


def find_family_cases(source: Source, actor: Actor, family: str, words: str = "") -> Sequence[Any]:
    """At most MOST rows (instance_key, business_key, subject, process_key, profile_id, state, started_at, number) that
    the person may read; `words`: part of the number or the subject."""
    wanted = (
        select(
            ProcessInstance.instance_key,
            ProcessInstance.business_key,
            ProcessInstance.subject,
            ProcessInstance.process_key,
            ProcessInstance.profile_id,
            ProcessInstance.state,
            ProcessInstance.started_at,
            Release.number,
        )
        .join(Release, Release.release_key == ProcessInstance.release_key)
        .where(Release.family == family, visible_cases(actor))
        .order_by(ProcessInstance.started_at.desc(), ProcessInstance.instance_key)
        .limit(MOST)
    )
    if words:
        wanted = wanted.where(
            or_(
                ProcessInstance.business_key.contains(words, autoescape=True),
                ProcessInstance.subject.contains(words, autoescape=True),
            )
        )
    with source.store.reading() as session:
        return session.execute(wanted).all()

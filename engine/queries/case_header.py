"""A case as every page about it begins: number, subject, state, and the objects that explain it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from engine.model import NotFound, Organisation, ProcessInstance, UserTask
from engine.people import Actor, Directory, is_allowed
from engine.profiles import Profile
from engine.queries.source import ReleaseView, Source
from engine.queries.visible import visible_cases
from engine.worktime import Calendar

_COLUMNS = (
    ProcessInstance.instance_key,
    ProcessInstance.organisation_key,
    ProcessInstance.unit_key,
    ProcessInstance.release_key,
    ProcessInstance.process_key,
    ProcessInstance.profile_id,
    ProcessInstance.business_key,
    ProcessInstance.subject,
    ProcessInstance.state,
    ProcessInstance.variables,
    ProcessInstance.started_at,
    ProcessInstance.started_by,
    ProcessInstance.ended_at,
    ProcessInstance.end_element_id,
    ProcessInstance.complained_about,
    ProcessInstance.is_safety,
    ProcessInstance.is_imported,
    Organisation.calendar,
    Organisation.directory_version,
)


@dataclass(frozen=True)
class CaseHeader:
    row: Any
    release: ReleaseView
    profile: Profile | None
    calendar: Calendar
    directory: Directory
    now: datetime

    @property
    def key(self) -> str:
        return str(self.row.instance_key)

    @property
    def variables(self) -> Mapping[str, Any]:
        values: Mapping[str, Any] = self.row.variables
        return values

    @property
    def excluded(self) -> frozenset[str]:
        accused = self.row.complained_about
        return frozenset((accused,)) if accused else frozenset()

    def title(self, locale: str) -> str:
        """The procedure as people call it: the profile's title, else the diagram's name."""
        if self.profile is not None:
            return self.profile.title.get(locale) or self.profile.id
        return process_name(self.release, self.row.process_key, locale)

    def unit_name(self, locale: str) -> str:
        unit = self.directory.units.get(self.row.unit_key)
        return (unit.name.get(locale) or unit.unit_key) if unit else str(self.row.unit_key)

    def allows(self, actor: Actor, act: str, *, unit_key: str | None = None, is_own: bool = False) -> bool:
        """Whether the person may do `act` here. The person complained about may do nothing."""
        if actor.username in self.excluded:
            return False
        unit = self.directory.units.get(unit_key or self.row.unit_key)
        return is_allowed(
            actor,
            act,
            organisation_key=self.row.organisation_key,
            unit_path=unit.path if unit else None,
            is_own=is_own,
        )


def process_name(release: ReleaseView, process_key: str, locale: str) -> str:
    """In the reader's language where the release has a label for the process, else as its diagram says."""
    label = release.name_of(process_key, process_key, locale)
    return label if label != process_key else release.names.get(process_key) or process_key


def load_header(
    source: Source, session: Session, actor: Actor, which: ColumnElement[bool], *, named: str
) -> CaseHeader:
    """The case when the person may see it. Raises NotFound otherwise: that it exists is not told either."""
    row = session.execute(
        select(*_COLUMNS)
        .join(Organisation, Organisation.organisation_key == ProcessInstance.organisation_key)
        .where(which, visible_cases(actor))
    ).one_or_none()
    if row is None:
        raise NotFound("case", named, "事项")
    release = source.releases.get(session, row.release_key)
    return CaseHeader(
        row=row,
        release=release,
        profile=release.profile(row.profile_id),
        calendar=source.calendars.get(row.calendar, session),
        directory=source.directories.get(session, row.organisation_key, row.directory_version),
        now=source.clock.now(),
    )


def header_of_case(source: Source, session: Session, actor: Actor, instance_key: str) -> CaseHeader:
    return load_header(
        source, session, actor, ProcessInstance.instance_key == instance_key, named=instance_key
    )


def takes_part(session: Session, actor: Actor, instance_key: str) -> bool:
    """Holds an open task of the case: what "own" means for acts on its clocks and documents."""
    return (
        session.execute(
            select(UserTask.user_task_key).where(
                UserTask.instance_key == instance_key,
                UserTask.assignee == actor.username,
                UserTask.state == "open",
            )
        ).first()
        is not None
    )


def require_visible(source: Source, actor: Actor, instance_key: str) -> None:
    """Raises NotFound: a case that the person may not see does not exist for that person, whatever the act."""
    with source.store.reading() as session:
        header_of_case(source, session, actor, instance_key)

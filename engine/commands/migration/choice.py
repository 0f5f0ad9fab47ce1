"""Which running cases a move is about, and which release they go to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engine.model import ClockRow, NotFound, ProcessInstance, Release
from engine.people import Actor, is_allowed, require


@dataclass(frozen=True)
class CaseChoice:
    """Running cases that meet all that is given; numbers of cases and keys may be mixed in `cases`."""

    cases: tuple[str, ...] | None = None
    process_key: str | None = None
    organisation_key: str | None = None
    profile_id: str | None = None
    from_release_key: str | None = None
    family: str | None = None
    not_on: str | None = None  # the key of a release: cases that are on it already are left out
    most: int | None = None  # the first so many, the oldest first

    def query(self, actor: Actor, *columns: Any) -> Select[Any]:
        """Only cases of places where `actor` may move cases, and never those that are about them. Raises Forbidden."""
        require(actor, "case.migrate")
        wanted = select(*columns).where(ProcessInstance.state == "running")
        wanted = wanted.where(func.coalesce(ProcessInstance.complained_about, "") != actor.username)
        if not is_allowed(actor, "case.migrate", organisation_key=""):
            wanted = wanted.where(ProcessInstance.organisation_key == actor.organisation_key)
        if self.cases is not None:
            wanted = wanted.where(
                ProcessInstance.instance_key.in_(self.cases) | ProcessInstance.business_key.in_(self.cases)
            )
        for column, value in (
            (ProcessInstance.process_key, self.process_key),
            (ProcessInstance.organisation_key, self.organisation_key),
            (ProcessInstance.profile_id, self.profile_id),
            (ProcessInstance.release_key, self.from_release_key),
        ):
            if value is not None:
                wanted = wanted.where(column == value)
        if self.family is not None:
            releases = select(Release.release_key).where(Release.family == self.family)
            wanted = wanted.where(ProcessInstance.release_key.in_(releases))
        if self.not_on is not None:
            wanted = wanted.where(ProcessInstance.release_key != self.not_on)
        return wanted.order_by(ProcessInstance.started_at, ProcessInstance.instance_key).limit(self.most)


def release_numbered(session: Session, family: str, number: int) -> str:
    """The key of a family's release. Raises NotFound."""
    found = session.execute(
        select(Release.release_key).where(Release.family == family, Release.number == number)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("release", f"{family} {number}", "发布")
    return found


def running_limits(session: Session, instance_keys: list[str]) -> Mapping[str, set[str]]:
    """Instance key → names of the limits whose clocks have not stopped."""
    found: dict[str, set[str]] = {}
    for row in session.execute(
        select(ClockRow.instance_key, ClockRow.limit_name).where(
            ClockRow.instance_key.in_(instance_keys), ClockRow.stopped_at.is_(None)
        )
    ):
        found.setdefault(row.instance_key, set()).add(row.limit_name)
    return found

"""What is installed, by the filter names of the Camunda 7 REST API. Diagrams hold no case, so all of staff may read."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from engine.model import Deployment, ProcessDefinition, Release, ReleaseFile
from engine.model.release_pointer import live_release
from engine.model.text_order import by_code_point
from engine.people import Actor
from engine.queries.rest_listing import (
    Filter,
    Listing,
    Rows,
    after,
    always,
    before,
    equals,
    like,
    never,
    one_of,
    when,
)


def _definitions(actor: Actor) -> Rows:
    del actor
    return select(
        ProcessDefinition.definition_key,
        ProcessDefinition.release_key,
        ProcessDefinition.process_key,
        ProcessDefinition.version,
        ProcessDefinition.name,
        ProcessDefinition.version_tag,
        ProcessDefinition.path,
        ProcessDefinition.is_startable,
        Release.deployment_key,
        Release.family,
    ).join(Release, Release.release_key == ProcessDefinition.release_key)


_other = aliased(ProcessDefinition)
newest_version = (
    select(func.max(_other.version))
    .where(_other.process_key == ProcessDefinition.process_key)
    .correlate(ProcessDefinition)
    .scalar_subquery()
)

DEFINITIONS = Listing(
    statement=_definitions,
    key=ProcessDefinition.definition_key,
    filters={
        "processDefinitionId": equals(ProcessDefinition.definition_key),
        "processDefinitionIdIn": one_of(ProcessDefinition.definition_key),
        "key": equals(ProcessDefinition.process_key),
        "keysIn": one_of(ProcessDefinition.process_key),
        "keyLike": like(ProcessDefinition.process_key),
        "name": equals(ProcessDefinition.name),
        "nameLike": like(ProcessDefinition.name),
        "version": Filter("number", lambda value: ProcessDefinition.version == value),
        "latestVersion": when(ProcessDefinition.version == newest_version),
        "versionTag": equals(ProcessDefinition.version_tag),
        "withoutVersionTag": when(ProcessDefinition.version_tag.is_(None)),
        "resourceName": equals(ProcessDefinition.path),
        "resourceNameLike": like(ProcessDefinition.path),
        "deploymentId": equals(Release.deployment_key),
        "startableInTasklist": when(ProcessDefinition.is_startable),
        "notStartableInTasklist": when(ProcessDefinition.is_startable.is_(False)),
        "active": always(),
        "suspended": never(),
        "tenantIdIn": Filter("texts", lambda _: never().condition(True)),
        "withoutTenantId": always(),
    },
    sorts={
        "id": ProcessDefinition.definition_key,
        "key": ProcessDefinition.process_key,
        "name": ProcessDefinition.name,
        "version": ProcessDefinition.version,
        "versionTag": ProcessDefinition.version_tag,
        "deploymentId": Release.deployment_key,
        "deployTime": Release.live_from,
    },
    default_sort=(("key", False), ("version", False)),
)


def live_definition(session: Session, process_key: str, now: datetime) -> Any | None:
    """The one that new cases start with. `latestVersion` asks for the last one installed, which may be rolled back."""
    live = live_release(Release.family, now).correlate(Release).scalar_subquery()
    return session.execute(
        _definitions_of_anyone().where(
            ProcessDefinition.process_key == process_key, Release.release_key == live
        )
    ).one_or_none()


def _definitions_of_anyone() -> Rows:
    return _definitions(Actor("", None, ""))


def definitions_of(session: Session, definition_keys: list[str]) -> list[Any]:
    statement = _definitions_of_anyone().where(ProcessDefinition.definition_key.in_(definition_keys))
    return list(session.execute(statement.order_by(by_code_point(ProcessDefinition.process_key))).all())


def definitions_of_releases(session: Session, releases: list[tuple[str, int]]) -> list[Any]:
    """Of each (family, number)."""
    found: list[Any] = []
    for family, number in releases:
        statement = _definitions_of_anyone().where(Release.family == family, Release.number == number)
        found += session.execute(statement.order_by(by_code_point(ProcessDefinition.process_key))).all()
    return found


def diagram_of(session: Session, definition: Any) -> bytes:
    return session.execute(
        select(ReleaseFile.content).where(
            ReleaseFile.release_key == definition.release_key, ReleaseFile.path == definition.path
        )
    ).scalar_one()


def _deployments(actor: Actor) -> Rows:
    del actor
    return select(
        Deployment.deployment_key,
        Deployment.name,
        Deployment.source,
        Deployment.deployed_at,
        Deployment.deployed_by,
    )


DEPLOYMENTS = Listing(
    statement=_deployments,
    key=Deployment.deployment_key,
    filters={
        "id": equals(Deployment.deployment_key),
        "name": equals(Deployment.name),
        "nameLike": like(Deployment.name),
        "source": equals(Deployment.source),
        "withoutSource": when(Deployment.source.is_(None)),
        "before": before(Deployment.deployed_at),
        "after": after(Deployment.deployed_at),
        "tenantIdIn": Filter("texts", lambda _: never().condition(True)),
        "withoutTenantId": always(),
    },
    sorts={
        "id": Deployment.deployment_key,
        "name": Deployment.name,
        "deploymentTime": Deployment.deployed_at,
    },
    default_sort=(("deploymentTime", False),),
)

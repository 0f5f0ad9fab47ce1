"""Puts procedure families live: everything of a deployment or nothing of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.releases.check_family import CheckedFamily, check_family
from engine.commands.releases.family_files import FamilyFiles, kind_of_file
from engine.commands.tried_again import tried_again
from engine.diagrams import DiagramError, Finding, ProcessModel, read_diagram
from engine.model import Deployment, ProcessDefinition, Rejected, Release, ReleaseFile, new_key
from engine.people import Actor, require
from engine.spiff import SPEC_FORMAT
from engine.store import hold_name


class DeploymentRefused(Rejected):
    """Something would be executed wrongly. `findings` name file, line, element, reason and remedy."""

    status = 400
    code = "deployment_refused"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        listed = [one for one in findings if one.severity == "error"]
        super().__init__(
            "Nothing was deployed. " + " ".join(one.says("en") for one in listed),
            "没有发布任何内容。" + " ".join(one.says("zh") for one in listed),
        )


@dataclass(frozen=True)
class Deployed:
    """`definition_keys`: what this deployment made; empty when the same files are live already."""

    deployment_key: str
    releases: tuple[tuple[str, int], ...]  # (family, number)
    definition_keys: tuple[str, ...]
    findings: tuple[Finding, ...]  # warnings and advice
    deployed_at: datetime


@tried_again
def deploy(
    engine: Engine, actor: Actor, families: Sequence[FamilyFiles], *, name: str, source: str | None = None
) -> Deployed:
    """Raises DeploymentRefused, Forbidden. The same files a second time make no second release."""
    require(actor, "release.deploy")
    with engine.store.reading() as session:
        whole = [_completed(session, one) for one in families]
    checked = [check_family(one, engine.register, engine.handlers.topics()) for one in whole]
    findings = [finding for one in checked for finding in one.findings]
    if any(one.severity == "error" for one in findings):
        raise DeploymentRefused(findings)
    deployment_key, now = new_key(), engine.clock.now()
    with engine.store.transaction() as session:
        # Numbers of releases and versions of processes are counted one by one.
        hold_name(session, "deployment")
        session.execute(
            insert(Deployment).values(
                deployment_key=deployment_key,
                name=name,
                source=source,
                deployed_at=now,
                deployed_by=actor.username,
            )
        )
        releases, keys = [], []
        for one in checked:
            number, made = _release(session, one, deployment_key, now)
            releases.append((one.files.family, number))
            keys += made
        append_administration(
            session,
            AuditEntry(now, actor.username, "release.deployed", name, {"releases": releases, "made": keys}),
        )
    return Deployed(deployment_key, tuple(releases), tuple(keys), tuple(findings), now)


def _completed(session: Session, files: FamilyFiles) -> FamilyFiles:
    """Single files are laid over the newest release of the family that knows their processes.

    So a modeler on the desktop can send one diagram, and forms, tables and profiles stay as they are.
    """
    if not files.is_partial:
        return files
    for path, content in files.files.items():
        if kind_of_file(path) != "bpmn":
            continue
        found = _owner(session, path, content)
        if found is not None:
            family, release_key, old_path = found
            kept = {
                row.path: row.content
                for row in session.execute(
                    select(ReleaseFile.path, ReleaseFile.content).where(
                        ReleaseFile.release_key == release_key
                    )
                )
            }
            if old_path != path:
                del kept[old_path]
            return replace(files, family=family, files=kept | dict(files.files), is_partial=False)
    return files


def _owner(session: Session, path: str, content: bytes) -> tuple[str, str, str] | None:
    """(family, newest release, path) of the first process of a diagram that is installed already."""
    try:
        keys = [process.id for process in read_diagram(content, path).processes]
    except DiagramError:
        return None  # What is wrong with it is told by the check.
    row = session.execute(
        select(Release.family, ProcessDefinition.release_key, ProcessDefinition.path)
        .join(Release, Release.release_key == ProcessDefinition.release_key)
        .where(ProcessDefinition.process_key.in_(keys))
        .order_by(Release.number.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.family, row.release_key, row.path)


def _release(
    session: Session, checked: CheckedFamily, deployment_key: str, now: datetime
) -> tuple[int, list[str]]:
    family, files = checked.files.family, checked.files.files
    digest = _digest(files)
    newest = session.execute(
        select(Release.number, Release.digest)
        .where(Release.family == family)
        .order_by(Release.number.desc())
        .limit(1)
    ).first()
    if newest is not None and newest.digest == digest:
        return newest.number, []
    release_key, number = new_key(), (newest.number if newest else 0) + 1
    session.execute(
        insert(Release).values(
            release_key=release_key,
            deployment_key=deployment_key,
            family=family,
            number=number,
            digest=digest,
            live_from=now,
        )
    )
    rows = [
        {"release_key": release_key, "path": path, "kind": kind, "content": content}
        for path, content in files.items()
        if (kind := kind_of_file(path)) is not None
    ]
    session.execute(insert(ReleaseFile), rows)
    return number, [
        _definition(session, checked, process, release_key, digest)
        for diagram in checked.diagrams
        for process in diagram.processes
        if process.is_executable
    ]


def _definition(
    session: Session, checked: CheckedFamily, process: ProcessModel, release_key: str, digest: str
) -> str:
    _refuse_foreign(session, checked, process)
    version = (
        session.execute(
            select(func.max(ProcessDefinition.version)).where(ProcessDefinition.process_key == process.id)
        ).scalar_one()
        or 0
    ) + 1
    key = f"{process.id}:{version}:{digest[:12]}"
    session.execute(
        insert(ProcessDefinition).values(
            definition_key=key,
            release_key=release_key,
            process_key=process.id,
            version=version,
            name=process.name,
            version_tag=process.version_tag,
            path=process.file,
            is_startable=any(not one.events for one in process.start_events()),
            spec_format=SPEC_FORMAT,
            spec=checked.specs[process.id],
            model=process.to_data(),
        )
    )
    return key


def _refuse_foreign(session: Session, checked: CheckedFamily, process: ProcessModel) -> None:
    """A process key belongs to one family for good: its cases would else find another family's forms."""
    other = session.execute(
        select(Release.family)
        .join(ProcessDefinition, ProcessDefinition.release_key == Release.release_key)
        .where(ProcessDefinition.process_key == process.id, Release.family != checked.files.family)
        .limit(1)
    ).scalar_one_or_none()
    if other is not None:
        raise DeploymentRefused(
            [
                Finding(
                    "error", "taken-key", process.file, process.id, process.name, process.line,
                    {"zh": f"流程编号已属于“{other}”。", "en": f"The process id belongs to family {other} already."},
                    {"zh": "换一个流程编号。", "en": "Give the process another id."},
                )
            ]
        )  # fmt: skip


def _digest(files: object) -> str:
    assert isinstance(files, dict)
    total = hashlib.sha256()
    for path, content in sorted(files.items()):
        total.update(path.encode() + b"\0" + hashlib.sha256(content).digest())
    return total.hexdigest()

"""Writes a checked family as a release: its files and its process definitions. Whether it is live, its pointers say."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from engine.commands.releases.called_blocks import BLOCKS, is_block
from engine.commands.releases.check_family import CheckedFamily
from engine.commands.releases.family_files import kind_of_file
from engine.diagrams import Finding, ProcessModel
from engine.model import (
    Deployment,
    ProcessDefinition,
    Rejected,
    Release,
    ReleaseDraft,
    ReleaseFile,
    new_key,
)
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


def hold_numbers(session: Session) -> None:
    """Numbers of releases, versions of processes and pointers are counted one by one."""
    hold_name(session, "deployment")


def next_number(session: Session, family: str) -> int:
    """Drafts and releases of a family are counted together."""
    last = [
        session.execute(select(func.max(table.number)).where(table.family == family)).scalar_one() or 0
        for table in (Release, ReleaseDraft)
    ]
    return max(last) + 1


def add_deployment(session: Session, *, name: str, source: str | None, at: datetime, by: str) -> str:
    deployment_key = new_key()
    session.execute(
        insert(Deployment).values(
            deployment_key=deployment_key, name=name, source=source, deployed_at=at, deployed_by=by
        )
    )
    return deployment_key


def store_release(
    session: Session,
    checked: CheckedFamily,
    *,
    release_key: str,
    number: int,
    deployment_key: str,
    live_from: datetime,
) -> list[str]:
    """Keys of the process definitions that were made. Raises DeploymentRefused when a process belongs to another family."""
    files = checked.files
    digest = digest_of(files.files)
    session.execute(
        insert(Release).values(
            release_key=release_key,
            deployment_key=deployment_key,
            family=files.family,
            number=number,
            digest=digest,
            live_from=live_from,
        )
    )
    rows = [
        {"release_key": release_key, "path": path, "kind": kind, "content": content}
        for path, content in files.files.items()
        if (kind := kind_of_file(path)) is not None
    ]
    session.execute(insert(ReleaseFile), rows)
    return [
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
            is_startable=process.is_startable and not is_block(process.file),
            spec_format=SPEC_FORMAT,
            spec=checked.specs[process.id],
            model=process.to_data(),
        )
    )
    return key


def _refuse_foreign(session: Session, checked: CheckedFamily, process: ProcessModel) -> None:
    """A process key belongs to one family for good: its cases would else find another family's forms.

    A building block is never begun by itself, and its cases are those of its caller: it may be in many families.
    """
    if is_block(process.file):
        return
    other = session.execute(
        select(Release.family)
        .join(ProcessDefinition, ProcessDefinition.release_key == Release.release_key)
        .where(
            ProcessDefinition.process_key == process.id,
            ProcessDefinition.path.not_like(f"{BLOCKS}/%"),
            Release.family != checked.files.family,
        )
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


def digest_of(files: Mapping[str, bytes]) -> str:
    """The same for the same files, whatever their order."""
    total = hashlib.sha256()
    for path, content in sorted(files.items()):
        total.update(path.encode() + b"\0" + hashlib.sha256(content).digest())
    return total.hexdigest()

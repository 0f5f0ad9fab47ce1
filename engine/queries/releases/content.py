"""What stands in the files of one version, read as far as it can be read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.decisions import DecisionError, DecisionTable, read_decisions
from engine.diagrams import DiagramError, ProcessModel, read_diagram
from engine.forms import FormDefinition, FormFileError, read_form
from engine.model import NotFound, Release, ReleaseDraft, ReleaseDraftFile, ReleaseFile
from engine.profiles import Profile, ProfileError, read_profile

Read = TypeVar("Read")


@dataclass
class VersionContent:
    """By key. `files`: path → content of the files that are compared as they are; `unread`: paths with faults."""

    release_key: str
    processes: dict[str, ProcessModel] = field(default_factory=dict)
    decisions: dict[str, DecisionTable] = field(default_factory=dict)
    forms: dict[str, FormDefinition] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)


def load_content(session: Session, family: str, number: int) -> VersionContent:
    """Raises NotFound."""
    return read_content(*load_files(session, family, number))


def load_files(session: Session, family: str, number: int) -> tuple[str, dict[str, tuple[str, bytes]]]:
    """(release key, path → (kind, content)) of a release or a draft. Raises NotFound."""
    for version, file in ((Release, ReleaseFile), (ReleaseDraft, ReleaseDraftFile)):
        key = session.execute(
            select(version.release_key).where(version.family == family, version.number == number)
        ).scalar_one_or_none()
        if key is not None:
            rows = session.execute(
                select(file.path, file.kind, file.content).where(file.release_key == key).order_by(file.path)
            )
            return key, {row.path: (row.kind, row.content) for row in rows}
    raise NotFound("release", f"{family} {number}", "发布")


def read_content(release_key: str, files: Mapping[str, tuple[str, bytes]]) -> VersionContent:
    """`files`: path → (kind, content)."""
    found = VersionContent(release_key)
    for path, (kind, content) in files.items():
        match kind:
            case "bpmn":
                for diagram in _taken(found, path, content, lambda *file: [read_diagram(*file)]):
                    found.processes |= {one.id: one for one in diagram.processes}
            case "dmn":
                tables = _taken(found, path, content, read_decisions)
                found.decisions |= {one.id: one for one in tables}
            case "form":
                forms = _taken(found, path, content, lambda *file: [read_form(*file)])
                found.forms |= {one.key: one for one in forms}
            case "profile":
                profiles = _taken(found, path, content, lambda *file: [read_profile(*file)])
                found.profiles |= {one.id: one for one in profiles}
            case _:
                found.files[path] = content
    return found


def _taken(
    found: VersionContent, path: str, content: bytes, read: Callable[[bytes, str], Sequence[Read]]
) -> Sequence[Read]:
    try:
        return read(content, path)
    except (DiagramError, DecisionError, FormFileError, ProfileError):
        # A draft may be wrong; then it is compared as a file.
        found.unread.add(path)
        found.files[path] = content
        return []

"""Single files of a family, completed with the files of the release that is live."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.releases.family_files import FamilyFiles, kind_of_file
from engine.diagrams import DiagramError, read_diagram
from engine.model import ProcessDefinition, Release, ReleaseFile
from engine.model.release_pointer import live_release


def laid_over(session: Session, files: FamilyFiles, now: datetime) -> FamilyFiles:
    """Partial files laid over the live release of the family that knows their processes; whole families as they are.

    So a modeler on the desktop can send one diagram, and forms, tables and profiles stay as they are. What was rolled
    back is not brought in again.
    """
    if not files.is_partial:
        return files
    for path, content in files.files.items():
        if kind_of_file(path) != "bpmn":
            continue
        found = _owner(session, path, content, now)
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
                kept.pop(old_path, None)
            return replace(files, family=family, files=kept | dict(files.files), is_partial=False)
    return files


def _owner(session: Session, path: str, content: bytes, now: datetime) -> tuple[str, str, str] | None:
    """(family, live release, path in it) of the first process of a diagram that is installed already."""
    try:
        keys = [process.id for process in read_diagram(content, path).processes]
    except DiagramError:
        return None  # What is wrong with it is told by the check.
    row = session.execute(
        select(Release.family, Release.release_key, ProcessDefinition.path)
        .join(Release, Release.release_key == ProcessDefinition.release_key)
        .where(
            ProcessDefinition.process_key.in_(keys),
            Release.release_key == live_release(Release.family, now).correlate(Release).scalar_subquery(),
        )
        .order_by(Release.number.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.family, row.release_key, row.path)

"""Finds an open working copy for a command, and the files that it stands for."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.releases.called_blocks import BLOCKS, called_blocks, is_block
from engine.commands.releases.family_files import FamilyFiles, kind_of_file
from engine.model import Conflict, NotFound, ReleaseFile, WorkingCopy, WorkingFile
from engine.model.release_pointer import live_release


def hold_copy(session: Session, copy_key: str) -> WorkingCopy:
    """The open copy, locked until the transaction ends. Raises NotFound; Conflict with who closed it and when."""
    found = session.execute(
        select(WorkingCopy).where(WorkingCopy.copy_key == copy_key).with_for_update()
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("working copy", copy_key, "工作稿")
    if found.state != "open":
        by, at = found.closed_by, found.closed_at
        en, zh = ("handed in", "送审") if found.state == "handed_in" else ("discarded", "放弃")
        raise Conflict(
            f"Expected an open working copy of {found.family}, but {by} has {en} it. Open it anew.",
            f"“{found.family}”的工作稿已由 {by} {zh}，请重新打开。",
            by=by,
            at=at,
        )
    return found


def live_release_of(session: Session, family: str, now: datetime) -> str:
    """The key of the release that is live. Raises NotFound for a family without one."""
    found = session.execute(live_release(family, now)).scalar_one_or_none()
    if found is None:
        raise NotFound("procedure family", family, "流程族")
    return found


def release_files(session: Session, release_key: str) -> dict[str, bytes]:
    rows = session.execute(
        select(ReleaseFile.path, ReleaseFile.content)
        .where(ReleaseFile.release_key == release_key)
        .order_by(ReleaseFile.path)
    )
    return {row.path: row.content for row in rows}


def changed_files(session: Session, copy_key: str) -> dict[str, bytes | None]:
    rows = session.execute(
        select(WorkingFile.path, WorkingFile.content).where(WorkingFile.copy_key == copy_key)
    )
    return {row.path: row.content for row in rows}


def files_of_family(
    session: Session,
    blocks_folder: Path,
    family: str,
    now: datetime,
    *,
    unsaved: Mapping[str, bytes] | None = None,
) -> FamilyFiles:
    """The open copy's files over those it was begun from; without a copy what is live. Raises NotFound.

    `unsaved` is laid over both. Building blocks that a change calls for the first time are taken along.
    """
    copy = session.execute(
        select(WorkingCopy.copy_key, WorkingCopy.base_release_key).where(WorkingCopy.open_family == family)
    ).one_or_none()
    base = live_release_of(session, family, now) if copy is None else copy.base_release_key
    changes = {} if copy is None else changed_files(session, copy.copy_key)
    return laid_together(family, release_files(session, base), {**changes, **(unsaved or {})}, blocks_folder)


def laid_together(
    family: str, base: Mapping[str, bytes], changes: Mapping[str, bytes | None], blocks_folder: Path
) -> FamilyFiles:
    """`changes`: path → content, None for a file that was removed."""
    files = {path: content for path, content in {**base, **changes}.items() if content is not None}
    # Blocks of the base first: a later change of a block outside touches nobody who did not call it before.
    known = {path.removeprefix(f"{BLOCKS}/"): content for path, content in files.items() if is_block(path)}
    own = {path: content for path, content in files.items() if not is_block(path)}
    return FamilyFiles(family, own | called_blocks(own, _blocks(blocks_folder) | known))


def _blocks(folder: Path) -> dict[str, bytes]:
    return {
        path: file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and kind_of_file(path := file.relative_to(folder).as_posix()) is not None
    }

"""Saves one file of a working copy, as an editor does every few moments. Nobody overwrites what they have not seen."""

from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.releases.called_blocks import is_block
from engine.commands.releases.family_files import MOST_BYTES, kind_of_file
from engine.commands.tried_again import tried_again
from engine.commands.working_copies.copies import hold_copy
from engine.model import Conflict, InvalidInput, Release, WorkingCopy, WorkingFile
from engine.people import Actor, require


@tried_again
def save_working_file(
    engine: Engine,
    actor: Actor,
    *,
    copy_key: str,
    path: str,
    content: bytes | None,
    seen: int,
    base: int | None = None,
) -> int:
    """The file's new revision. `seen`: the revision that the change was made on; 0 is the file of the base, or none.

    `base`, when told, is the number of the version that the change was made over: revisions are counted anew on each,
    so that 0 of an older one would undo the newer one unseen. `content` None removes the file. What is saved may be wrong: the check says so, and a version with errors does not
    go live. Raises Forbidden, NotFound, InvalidInput; Conflict with who saved meanwhile, and when.
    """
    require(actor, "release.draft")
    _require_place(path)
    if content is not None and len(content) > MOST_BYTES:
        raise InvalidInput(
            f"Expected at most {MOST_BYTES} bytes in {path}, but there are {len(content)}.",
            f"“{path}”超过 {MOST_BYTES} 字节。",
        )
    now = engine.clock.now()
    with engine.store.transaction() as session:
        copy = hold_copy(session, copy_key)
        if base is not None:
            _require_base(session, copy, base)
        file = session.get(WorkingFile, (copy_key, path))
        if seen != (file.revision if file else 0):
            raise _overtaken(path, file)
        is_first = file is None or file.edited_by != actor.username
        if file is None:
            file = WorkingFile(copy_key=copy_key, path=path, revision=0)
            session.add(file)
        file.content, file.revision = content, seen + 1
        file.edited_at, file.edited_by = now, actor.username
        if actor.username not in copy.editors:
            copy.editors = [*copy.editors, actor.username]
        if is_first or content is None:
            # Not each save of a person who goes on typing: who edits what stands in the record, letters do not.
            act = "working_copy.removed" if content is None else "working_copy.edited"
            append_administration(
                session, AuditEntry(now, actor.username, act, f"{copy.family} {path}", {"copy": copy_key})
            )
        return seen + 1


def _require_place(path: str) -> None:
    """Raises InvalidInput."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path or kind_of_file(path) is None:
        raise InvalidInput(
            f"Expected the path of a diagram, table, form, profile, text or story, but {path!r} is none.",
            f"“{path}”不是流程图、决策表、表单、策略档案、文本或故事的路径。",
        )
    if is_block(path):
        raise InvalidInput(
            f"{path} is a building block that several families share. To change it for this family alone, save it"
            " as a diagram of this family with another name and call that one.",
            f"“{path}”是多个流程族共用的构件。若只为本族修改，请另存为本族的流程图并改为调用它。",
        )


def _require_base(session: Session, copy: WorkingCopy, base: int) -> None:
    """Raises Conflict."""
    number = session.execute(
        select(Release.number).where(Release.release_key == copy.base_release_key)
    ).scalar_one()
    if number != base:
        raise Conflict(
            f"Version {number} has gone live since this page was opened on version {base}. Load the file again.",
            f"本页打开后版本 {number} 已上线（打开时为版本 {base}），请重新载入。",
        )


def _overtaken(path: str, file: WorkingFile | None) -> Conflict:
    if file is None:
        return Conflict(
            f"Expected a saved revision of {path}, but there is none in this working copy. Load it again.",
            f"工作稿中没有“{path}”的已保存版本，请重新载入。",
        )
    return Conflict(
        f"{file.edited_by} has saved {path} meanwhile (revision {file.revision}). Load it, or keep yours beside it.",
        f"{file.edited_by} 刚刚保存了“{path}”（第 {file.revision} 次修改）。请先载入，或另存您的修改。",
        by=file.edited_by,
        at=file.edited_at,
    )

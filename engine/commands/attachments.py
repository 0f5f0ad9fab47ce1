"""Documents of a case: taken in within size and type limits, kept by digest, given to who may read the case."""

import hashlib
from pathlib import PurePosixPath

from sqlalchemy import insert, select

from engine.commands.case.access import require_case, require_case_read
from engine.commands.case.on_case import on_case
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.model import Attachment, AttachmentContent, InvalidInput, NotFound, new_key
from engine.people import Actor
from engine.store import hold_name

MOST_BYTES = 20 * 1024 * 1024
MOST_OF_A_CASE = 50
# Ending → (media type, how such a file begins). What a browser might run (HTML, SVG) is not among them.
TYPES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".gif": ("image/gif", (b"GIF8",)),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    ".doc": ("application/msword", (b"\xd0\xcf\x11\xe0",)),
    ".xls": ("application/vnd.ms-excel", (b"\xd0\xcf\x11\xe0",)),
    ".mp3": ("audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    ".mp4": ("video/mp4", ()),
    ".m4a": ("audio/mp4", ()),
    ".wav": ("audio/wav", (b"RIFF",)),
    ".txt": ("text/plain; charset=utf-8", ()),
    ".csv": ("text/csv; charset=utf-8", ()),
    ".eml": ("message/rfc822", ()),
}


def add_attachment(engine: Engine, actor: Actor, *, instance_key: str, file_name: str, content: bytes) -> str:
    """The attachment key. Raises InvalidInput for a file that is too large, empty, or of another type."""
    name = clean_file_name(file_name)
    media_type = _checked(name, content)
    digest = hashlib.sha256(content).hexdigest()
    attachment_key = new_key()

    def change(work: CaseWork) -> None:
        require_case(work.session, work.record, work.frame.directory, actor, "attachment.add")
        held = work.session.execute(
            select(Attachment.attachment_key).where(Attachment.instance_key == instance_key)
        ).all()
        if len(held) >= MOST_OF_A_CASE:
            raise InvalidInput(
                f"A case holds at most {MOST_OF_A_CASE} documents.", f"一件事项最多 {MOST_OF_A_CASE} 个附件。"
            )
        hold_name(work.session, f"attachment:{digest}")
        known = work.session.execute(
            select(AttachmentContent.digest).where(AttachmentContent.digest == digest)
        ).first()
        if known is None:
            work.session.execute(insert(AttachmentContent).values(digest=digest, content=content))
        work.session.execute(
            insert(Attachment).values(
                attachment_key=attachment_key,
                instance_key=instance_key,
                digest=digest,
                file_name=name,
                media_type=media_type,
                size=len(content),
                added_at=work.now,
                added_by=actor.username,
            )
        )
        work.note("attachment.added", name, {"digest": digest, "size": len(content)})

    on_case(engine, actor, lambda _session: instance_key, change)
    return attachment_key


def clean_file_name(file_name: str) -> str:
    """The last part of the name without control characters, at most 120 characters, its ending kept."""
    last = PurePosixPath(file_name.replace("\\", "/")).name
    printable = "".join(one for one in last if one.isprintable() and one not in '<>:"|?*').strip(" .")
    stem, dot, ending = printable.rpartition(".")
    if not dot or len(ending) > 20:  # no ending that anybody would know a file by
        return printable[:120] or "file"
    return f"{stem[: 120 - len(ending) - 1] or 'file'}.{ending}"


def _checked(name: str, content: bytes) -> str:
    if not content:
        raise InvalidInput(f"{name} is empty.", f"文件“{name}”是空的。")
    if len(content) > MOST_BYTES:
        raise InvalidInput(
            f"Expected at most {MOST_BYTES // 1024 // 1024} MB, but {name} is larger.",
            f"文件“{name}”超过 {MOST_BYTES // 1024 // 1024} MB。",
        )
    found = TYPES.get(PurePosixPath(name).suffix.lower())
    if found is None:
        endings = " ".join(sorted(TYPES))
        raise InvalidInput(
            f"Files like {name} are not taken; possible are {endings}.",
            f"不接受“{name}”这类文件，可用：{endings}。",
        )
    media_type, begins = found
    if begins and not content.startswith(begins):
        raise InvalidInput(
            f"{name} is no {media_type} file, whatever its ending says.", f"“{name}”的内容与扩展名不符。"
        )
    return media_type


def read_attachment(engine: Engine, actor: Actor, attachment_key: str) -> tuple[str, str, bytes]:
    """(file name, media type, content). Raises NotFound, Forbidden."""
    with engine.store.reading() as session:
        row = session.execute(
            select(
                Attachment.instance_key,
                Attachment.file_name,
                Attachment.media_type,
                AttachmentContent.content,
            )
            .join(AttachmentContent, AttachmentContent.digest == Attachment.digest)
            .where(Attachment.attachment_key == attachment_key)
        ).one_or_none()
        if row is None:
            raise NotFound("attachment", attachment_key, "附件")
        require_case_read(engine, session, actor, row.instance_key)
    return row.file_name, row.media_type, row.content

"""A page's change goes into the family's working copy, which is opened when there is none."""

from flask import request

from engine.commands.working_copies.open_working_copy import open_working_copy
from engine.commands.working_copies.save_working_file import save_working_file
from web.access import current_actor, current_engine
from web.procedures.house import FamilyPage


def save_file(family: str, path: str, content: bytes | None, *, seen: int, base: int | None = None) -> int:
    """The new revision; what `seen` and `base` are, and what it raises, says `save_working_file`."""
    engine, actor = current_engine(), current_actor()
    copy_key = open_working_copy(engine, actor, family=family)
    return save_working_file(
        engine, actor, copy_key=copy_key, path=path, content=content, seen=seen, base=base
    )


def save_posted(family: str, path: str, content: bytes | None) -> int:
    """Of a form that carries `seen` and `base` as they were when its page was opened."""
    seen, base = request.form.get("seen", "0"), request.form.get("base", "")
    return save_file(
        family,
        path,
        content,
        seen=int(seen) if seen.isdecimal() else 0,
        base=int(base) if base.isdecimal() else None,
    )


def add_file(house: FamilyPage, path: str, content: bytes) -> None:
    """A file that is not there; it may have been, and been removed."""
    removed = house.copy.file(path) if house.copy else None
    save_file(house.family, path, content, seen=removed.revision if removed else 0)

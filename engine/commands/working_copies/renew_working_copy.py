"""Lays a working copy over what went live since it was opened, so that handing it in takes nothing back."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.tried_again import tried_again
from engine.commands.working_copies.copies import (
    changed_files,
    hold_copy,
    live_release_of,
    release_files,
)
from engine.model import InvalidInput, WorkingFile
from engine.people import Actor, require


@dataclass(frozen=True)
class Renewed:
    """`undecided`: files that both changed and nobody has decided on; while there are any, nothing was done."""

    undecided: tuple[str, ...]


@tried_again
def renew_working_copy(
    engine: Engine,
    actor: Actor,
    *,
    copy_key: str,
    keep_ours: Collection[str] = (),
    take_live: Collection[str] = (),
) -> Renewed:
    """`keep_ours`, `take_live`: paths that both changed, by what shall count. Raises Forbidden, NotFound, Conflict,
    InvalidInput for a path in both."""
    require(actor, "release.draft")
    twice = sorted(set(keep_ours) & set(take_live))
    if twice:
        raise InvalidInput(
            f"Expected one decision a file, but {twice[0]} has two.", f"“{twice[0]}”只能选择一种处理方式。"
        )
    now = engine.clock.now()
    with engine.store.transaction() as session:
        copy = hold_copy(session, copy_key)
        live = live_release_of(session, copy.family, now)
        if live == copy.base_release_key:
            return Renewed(())
        base, newer = release_files(session, copy.base_release_key), release_files(session, live)
        ours = changed_files(session, copy_key)
        both = {
            path
            for path, content in ours.items()
            if base.get(path) != newer.get(path) and content != newer.get(path)
        }
        undecided = tuple(sorted(both - set(keep_ours) - set(take_live)))
        if undecided:
            return Renewed(undecided)
        dropped = sorted(both & set(take_live))
        session.execute(
            delete(WorkingFile).where(WorkingFile.copy_key == copy_key, WorkingFile.path.in_(dropped))
        )
        copy.base_release_key = live
        append_administration(
            session,
            AuditEntry(
                now, actor.username, "working_copy.renewed", copy.family,
                {"base": live, "kept": sorted(both - set(dropped)), "dropped": dropped},
            ),
        )  # fmt: skip
    return Renewed(())

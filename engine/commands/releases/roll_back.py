"""Points back to an earlier release: new cases start on it from now on, running ones stay where they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.releases.drafts import required_reason
from engine.commands.releases.pointers import Pointing, live_number, set_pointer
from engine.commands.releases.release_note import add_note, read_note
from engine.commands.releases.store_release import hold_numbers
from engine.commands.tried_again import tried_again
from engine.model import NotFound, Release, ReleasePointer, WrongState
from engine.model.release_pointer import is_past
from engine.people import Actor, require


@dataclass(frozen=True)
class RolledBack:
    """`number` is live now instead of `was`. What is scheduled for later stays scheduled."""

    family: str
    number: int
    was: int
    live_from: datetime


@tried_again
def roll_back(
    engine: Engine,
    actor: Actor,
    *,
    family: str,
    reason: str,
    number: int | None = None,
    note: Mapping[str, str] | None = None,
) -> RolledBack:
    """`number` None: the release with the next lower number that was live once. `note`: language → what staff are told.

    Raises NotFound, Forbidden, InvalidInput; WrongState when it is live already, or never was.
    """
    require(actor, "release.deploy")
    reason, now, words = required_reason(reason), engine.clock.now(), read_note(note)
    with engine.store.transaction() as session:
        hold_numbers(session)
        live = live_number(session, family, now)
        if live is None:
            raise NotFound("live release of family", family, "生效的发布")
        target = _target(session, family, number, live[0], now)
        pointing = Pointing("rolled_back", now, actor.username, reason)
        sequence = set_pointer(session, family, target.release_key, now, pointing)
        add_note(session, family, sequence, words, pointing)
        append_administration(
            session,
            AuditEntry(
                now, actor.username, "release.rolled_back", f"{family} {target.number}",
                {"reason": reason, "was": live[0]} | ({"note": words} if words else {}),
            ),
        )  # fmt: skip
    return RolledBack(family, target.number, live[0], now)


def _target(session: Session, family: str, number: int | None, live: int, now: datetime) -> Any:
    were_live = {
        row.number: row
        for row in session.execute(
            select(Release.number, Release.release_key)
            .join(ReleasePointer, ReleasePointer.release_key == Release.release_key)
            .where(Release.family == family, *is_past(now))
        )
    }
    wanted = number if number is not None else max((one for one in were_live if one < live), default=None)
    if wanted == live:
        raise WrongState(f"{family} {live} is live already.", f"“{family}”版本 {live} 已经生效。")
    if wanted is None or wanted not in were_live:
        known = ", ".join(str(one) for one in sorted(were_live) if one != live) or "-"
        raise WrongState(
            f"Expected a release of {family} that was live before, but there is none"
            f"{'' if wanted is None else f' with number {wanted}'}; live before: {known}.",
            f"“{family}”没有曾经生效的版本{'' if wanted is None else f' {wanted}'}；曾经生效的版本：{known}。",
        )
    return were_live[wanted]

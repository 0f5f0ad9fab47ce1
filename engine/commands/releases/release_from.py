"""A reviewed draft becomes a release that is live from a moment on, now or later. Nothing has to run at that moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.releases.check_family import CheckedFamily, check_family
from engine.commands.releases.drafts import (
    files_of_draft,
    find_draft,
    find_release,
    not_in_state,
    required_reason,
)
from engine.commands.releases.pointers import (
    Pointing,
    live_number,
    set_pointer,
    standing_pointer,
    take_off_older,
)
from engine.commands.releases.release_note import add_note, read_note
from engine.commands.releases.store_release import (
    DeploymentRefused,
    add_deployment,
    hold_numbers,
    store_release,
)
from engine.commands.tried_again import tried_again
from engine.model import Conflict, InvalidInput, ReleaseDraft, ReleaseDraftFile, WrongState
from engine.people import Actor, require


@dataclass(frozen=True)
class ReleasedFrom:
    """`taken_off`: numbers of older releases that were to go live later, and are not any more."""

    family: str
    number: int
    live_from: datetime
    taken_off: tuple[int, ...]


@tried_again
def release_from(
    engine: Engine,
    actor: Actor,
    *,
    family: str,
    number: int,
    reason: str,
    moment: datetime | None = None,
    note: Mapping[str, str] | None = None,
) -> ReleasedFrom:
    """`moment` None: now. `note`: language → what staff are told from then on. One that was scheduled and taken off may be scheduled again.

    Raises NotFound, Forbidden, InvalidInput for a moment that is past, WrongState before it is reviewed and when a newer one is live by then, Conflict when
    it is released already, DeploymentRefused when the rules of today find errors in it.
    """
    require(actor, "release.deploy")
    reason, now, words = required_reason(reason), engine.clock.now(), read_note(note)
    live_from = moment or now
    if live_from < now:
        raise InvalidInput(
            f"Expected a moment from now on, but {live_from.isoformat()} is past: nobody started cases on it then.",
            f"生效时刻 {live_from.isoformat()} 已过去，请指定现在或将来的时刻。",
        )
    with engine.store.reading() as session:
        draft = find_draft(session, family, number)
        files = files_of_draft(session, draft)
        is_stored = find_release(session, family, number) is not None
        if not is_stored and draft.state != "reviewed":
            raise not_in_state(draft, "reviewed")
    # The program and the register may have changed since the check.
    checked = None if is_stored else check_family(files, engine.register, engine.handlers.topics())
    if checked is not None and checked.errors:
        raise DeploymentRefused(checked.findings)
    pointing = Pointing("released", now, actor.username, reason)
    with engine.store.transaction() as session:
        hold_numbers(session)
        draft = find_draft(session, family, number)
        if find_release(session, family, number) is not None:
            _refuse_pointed(session, draft)
        elif draft.state != "reviewed" or checked is None:
            raise not_in_state(draft, "reviewed")
        else:
            _store(session, draft, checked, live_from, pointing)
        _refuse_older(session, draft, live_from)
        taken_off = take_off_older(session, family, number, live_from, pointing)
        sequence = set_pointer(session, family, draft.release_key, live_from, pointing)
        add_note(session, family, sequence, words, pointing)
        append_administration(
            session,
            AuditEntry(
                now, actor.username, "release.scheduled" if live_from > now else "release.put_live",
                f"{family} {number}",
                {"reason": reason, "live_from": live_from.isoformat(), "taken_off": taken_off} | ({"note": words} if words else {}),
            ),
        )  # fmt: skip
    return ReleasedFrom(family, number, live_from, tuple(taken_off))


def _refuse_older(session: Session, draft: ReleaseDraft, live_from: datetime) -> None:
    """What came after a draft is not in it: it would be lost without a word."""
    live = live_number(session, draft.family, live_from)
    if live is not None and live[0] > draft.number:
        raise WrongState(
            f"Expected a newer version than {draft.family} {live[0]}, which is live by then, but it is number "
            f"{draft.number}: draft its change anew on top of {live[0]}.",
            f"届时“{draft.family}”生效的是较新的版本 {live[0]}，版本 {draft.number} 不含其后的修改：请在其基础上重新起草。",
        )


def _refuse_pointed(session: Session, draft: ReleaseDraft) -> None:
    set_by = standing_pointer(session, draft.release_key)
    if set_by is not None:
        raise Conflict(
            f"Expected {draft.family} {draft.number} to be no release yet, but {set_by.set_by} released it at "
            f"{set_by.set_at:%Y-%m-%d %H:%M:%S} UTC; `roll-back` points to a release that was live before.",
            f"“{draft.family}”版本 {draft.number} 已由 {set_by.set_by} 于 {set_by.set_at:%Y-%m-%d %H:%M:%S}（UTC）发布；"
            "要回到曾经生效的版本，请用回退。",
            by=set_by.set_by,
            at=set_by.set_at,
        )


def _store(
    session: Session, draft: ReleaseDraft, checked: CheckedFamily, live_from: datetime, pointing: Pointing
) -> None:
    deployment_key = add_deployment(
        session,
        name=f"{draft.family} {draft.number}",
        source="release",
        at=pointing.at,
        by=pointing.by,
    )
    store_release(
        session,
        checked,
        release_key=draft.release_key,
        number=draft.number,
        deployment_key=deployment_key,
        live_from=live_from,
    )
    session.execute(delete(ReleaseDraftFile).where(ReleaseDraftFile.release_key == draft.release_key))
    draft.state = "released"

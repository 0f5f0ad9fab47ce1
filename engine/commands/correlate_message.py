"""A message for a case: delivered to the one place that waits for it, or kept for a while when it comes early."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.commands.case.access import refuse_other_accused, require_case
from engine.commands.case.json_values import given_values
from engine.commands.case.on_case import CaseStopped, on_case
from engine.commands.case.places import waiting_name
from engine.commands.case.suspended import CaseSuspended
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.model import (
    Conflict,
    Forbidden,
    InvalidInput,
    Message,
    MessageSubscription,
    NotFound,
    Organisation,
    ProcessInstance,
    WrongState,
    is_signal,
    new_key,
)
from engine.people import Actor, Directory, is_allowed, require
from engine.store import hold_name

_CASE = (
    ProcessInstance.instance_key,
    ProcessInstance.organisation_key,
    ProcessInstance.unit_key,
    ProcessInstance.started_by,
    ProcessInstance.complained_about,
)


@dataclass(frozen=True)
class Correlated:
    """`is_kept`: nobody waits yet; it is delivered when a case does. `is_repeated`: this id was taken before."""

    message_key: str
    instance_key: str | None
    is_kept: bool
    is_repeated: bool = False


class _NobodyWaits(NotFound):
    def __init__(self, name: str) -> None:
        super().__init__("subscription", name, "消息等待处")


def correlate_message(
    engine: Engine,
    actor: Actor,
    *,
    message_name: str,
    correlation: str,
    variables: Mapping[str, Any],
    organisation_key: str | None = None,
    message_id: str | None = None,
) -> Correlated:
    """Matches name and correlation exactly. The same `message_id` twice is taken once.

    A worker or the administrator may send to any case, also to one that is yet to come; everybody else only to a case
    of theirs, and hears nothing of the others, not even whether there are any. Raises Forbidden; NotFound for an unknown organisation; InvalidInput when two cases wait for the same message.
    """
    organisation = organisation_key or actor.organisation_key or _only_organisation(engine)
    require(actor, "message.send", organisation_key=organisation, is_own=True)
    if is_signal(message_name):
        raise InvalidInput(f"Expected a message, but {message_name!r} is a signal.", "这是信号，不是消息。")
    variables = given_values(variables)
    message_key = f"{organisation}:{message_id}" if message_id else new_key()
    found: dict[str, str] = {}

    def find(session: Session) -> str:
        earlier = session.execute(
            select(Message.instance_key, Message.state).where(Message.message_key == message_key)
        ).one_or_none()
        if earlier is not None:
            raise _Repeated(Correlated(message_key, earlier.instance_key, earlier.state == "kept", True))
        rows = session.execute(
            select(MessageSubscription.subscription_key, MessageSubscription.instance_key).where(
                MessageSubscription.organisation_key == organisation,
                MessageSubscription.message_name == message_name,
                MessageSubscription.correlation == correlation,
            )
        ).all()
        if not rows:
            raise _NobodyWaits(message_name)
        if len(rows) > 1:
            raise InvalidInput(
                f"Expected one case that waits for {message_name!r} with {correlation!r}, but {len(rows)} do.",
                f"有 {len(rows)} 处在等待消息“{message_name}”（{correlation}），无法确定送给谁。",
            )
        found["key"] = rows[0].subscription_key
        return str(rows[0].instance_key)

    def deliver(work: CaseWork) -> Correlated:
        if found["key"] not in work.run.waiting:
            raise _NobodyWaits(message_name)
        _require_part(work.session, work.record, work.frame.directory, actor)
        refuse_other_accused(work.record.complained_about, variables)
        work.session.execute(
            insert(Message).values(
                **_row(engine, message_key, organisation, message_name, correlation, variables),
                state="delivered",
                instance_key=work.record.instance_key,
            )
        )
        work.note("message.received", message_name, {"variables": dict(variables), "id": message_id})
        work.fire(found["key"], variables)
        return Correlated(message_key, work.record.instance_key, False)

    try:
        for _ in range(engine.settings.lost_race_tries):
            try:
                return on_case(engine, actor, find, deliver)
            except (CaseStopped, CaseSuspended):
                raise
            except (WrongState, NotFound, IntegrityError):
                # Nobody waits, or another server has just moved the case or taken the same id: look again, alone.
                message = _row(engine, message_key, organisation, message_name, correlation, variables)
                if _keep(engine, actor, find, message):
                    return Correlated(message_key, None, True)
    except _Repeated as repeated:
        return _as_known_to(engine, actor, repeated.earlier)
    raise Conflict(
        f"Expected to deliver message {message_name!r} of {correlation!r}, but others kept changing the case.",
        f"消息“{message_name}”（{correlation}）暂时无法送达，请重试。",
    )


class _Repeated(Exception):
    def __init__(self, earlier: Correlated) -> None:
        self.earlier = earlier


def _keep(engine: Engine, actor: Actor, find: Callable[[Session], str], message: dict[str, Any]) -> bool:
    """False: a case waits by now. A case that begins to wait looks under the same name, before or after us."""
    with engine.store.transaction() as session:
        hold_name(session, waiting_name(message))
        try:
            find(session)
        except _NobodyWaits:
            _require_case_to_come(engine, session, actor, message)
            session.execute(
                update(Message)
                .where(Message.state == "kept", Message.expires_at <= engine.clock.now())
                .values(state="expired")
            )
            session.execute(insert(Message).values(**message, state="kept", instance_key=None))
            return True
    return False


def _require_part(session: Session, case: Any, directory: Directory, actor: Actor) -> None:
    """The same words to a stranger of the case and to the person complained about: neither learns that it is there."""
    try:
        require_case(session, case, directory, actor, "message.send")
    except Forbidden:
        raise _no_case_of_theirs() from None


def _require_case_to_come(engine: Engine, session: Session, actor: Actor, message: Mapping[str, Any]) -> None:
    """Nobody waits yet: whoever may not send to every case must have one with this number."""
    if is_allowed(actor, "message.send", organisation_key="", is_own=False):
        return
    organisation = message["organisation_key"]
    cases = session.execute(
        select(*_CASE).where(
            ProcessInstance.organisation_key == organisation,
            ProcessInstance.business_key == message["correlation"],
        )
    ).all()
    if not cases:
        raise _no_case_of_theirs()
    for case in cases:
        _require_part(session, case, engine.directories.get(session, organisation), actor)
        refuse_other_accused(case.complained_about, message["variables"])


def _as_known_to(engine: Engine, actor: Actor, earlier: Correlated) -> Correlated:
    """Who repeats an id is told where the message went when that is a case of theirs."""
    if earlier.instance_key is None:
        return earlier
    with engine.store.reading() as session:
        case = session.execute(
            select(*_CASE).where(ProcessInstance.instance_key == earlier.instance_key)
        ).one()
        directory = engine.directories.get(session, case.organisation_key)
        _require_part(session, case, directory, actor)
    return earlier


def _no_case_of_theirs() -> Forbidden:
    return Forbidden(
        "Expected a case of yours that the message is for, but there is none.",
        "没有您参与的事项在等待这条消息。",
    )


def _row(
    engine: Engine, key: str, organisation: str, name: str, correlation: str, variables: Mapping[str, Any]
) -> dict[str, Any]:
    now = engine.clock.now()
    return {
        "message_key": key,
        "organisation_key": organisation,
        "message_name": name,
        "correlation": correlation,
        "variables": dict(variables),
        "received_at": now,
        "expires_at": now + timedelta(days=engine.settings.message_kept_days),
    }


def _only_organisation(engine: Engine) -> str:
    with engine.store.reading() as session:
        keys = session.execute(select(Organisation.organisation_key).limit(2)).scalars().all()
    if len(keys) != 1:
        raise InvalidInput("Expected the organisation of the message.", "请指明消息所属的机构。")
    return keys[0]

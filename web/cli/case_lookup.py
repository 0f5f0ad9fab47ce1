"""Cases and places by what a person types: a case number, an element id, or as much of a key's end as is unique."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.commands.case.access import require_case_read
from engine.commands.case.open_case import open_case
from engine.commands.engine import Engine
from engine.model import ProcessInstance, WrongState
from engine.people import SYSTEM, Actor
from engine.spiff import WaitingPlace
from web.cli.failure import Failure


def case_key(session: Session, text: str) -> str:
    """Raises Failure when no case has that number or key, or several have."""
    found = (
        session.execute(
            select(ProcessInstance.instance_key)
            .where((ProcessInstance.business_key == text) | (ProcessInstance.instance_key == text))
            .limit(2)
        )
        .scalars()
        .all()
    )
    if len(found) != 1:
        raise Failure(
            f"Expected one case {text!r}, but there is {'none' if not found else 'more than one: give its key'}.",
            f"没有事项“{text}”。" if not found else f"事项“{text}”不止一件，请给出它的键。",
        )
    return found[0]


def places_of(engine: Engine, actor: Actor, case: str) -> tuple[str, list[WaitingPlace]]:
    """The case's key, and where it waits. Raises Failure, Forbidden."""
    with engine.store.reading() as session:
        key = case_key(session, case)
        require_case_read(engine, session, actor, key)
        try:
            return key, list(open_case(engine, session, SYSTEM, key).run.waiting.values())
        except WrongState:
            return key, []  # It is over.


def one_place(places: list[WaitingPlace], text: str) -> WaitingPlace:
    """By element id or the end of its key. Raises Failure."""
    found = [one for one in places if text == one.element_id or one.key.endswith(text)]
    if len(found) != 1:
        raise Failure(
            f"Expected one place {text!r} where the case waits, but found {len(found)}; `huiyin case places` lists them.",
            f"事项等待的位置中有 {len(found)} 处“{text}”；huiyin case places 可列出全部。",
        )
    return found[0]

"""A replay reads the real database and no more; no handler with an outside effect runs; nobody hears of it."""

import hashlib

import orjson
import pytest
from cases import complete, open_task, start
from databases import Databases
from engines import make_engine, settle
from replayed_cases import MONDAY, PARCEL_FAMILY, changed, replayed
from sqlalchemy import select

from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine
from engine.commands.handler import Handler, HandlerContext
from engine.commands.releases.deploy import deploy
from engine.model import Base, VirtualClock
from engine.people import SYSTEM
from engine.rehearsal.replay.ground import NoStore


def digest_of_all_tables(engine: Engine) -> str:
    found = hashlib.sha256()
    with engine.store.reading() as session:
        for table in Base.metadata.sorted_tables:
            rows = [
                orjson.dumps([str(value) for value in row])
                for row in session.connection().execute(select(table))
            ]
            found.update(table.name.encode() + b"".join(sorted(rows)))
    return found.hexdigest()


def test_not_a_row_of_the_real_database_changes(engine: Engine) -> None:
    before = digest_of_all_tables(engine)
    edit = ("profiles/PARCEL.toml", 'value = "1 WD"', 'value = "2 WH"')
    report = replayed(engine, changed(edit))
    assert report.different, "a replay that finds something has really played"
    assert digest_of_all_tables(engine) == before


def test_a_replay_has_no_store_to_write_to() -> None:
    with pytest.raises(AssertionError, match="no database"), NoStore().transaction():
        pass
    with pytest.raises(AssertionError, match="no database"), NoStore().reading():
        pass


class Count:
    """A handler that reaches outside: how often it was called."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, context: HandlerContext) -> dict[str, object]:
        self.calls += 1
        return {"phone": f"{context.case_number}/{self.calls}"}


def test_a_handler_that_reaches_outside_is_not_called_again(databases: Databases) -> None:
    """What it brought then is taken from the record; so the branch behind it is taken again."""
    post, told = Count(), []
    store = databases.with_tables()
    engine = make_engine(store, VirtualClock(MONDAY), [Handler("post", post)])
    engine.told = told.append
    edits = (
        ("parcel.bpmn", 'camunda:topic="pay"', 'camunda:topic="post"'),
        ("parcel.bpmn", 'sourceRef="pay" targetRef="back" />',
         'sourceRef="pay" targetRef="sent" />'
         '<exclusiveGateway id="sent" name="寄了吗" default="to_back_then" />'
         '<sequenceFlow id="to_back_then" sourceRef="sent" targetRef="back" />'
         '<sequenceFlow id="to_closed_now" sourceRef="sent" targetRef="closed"><conditionExpression '
         'xsi:type="tFormalExpression">${phone == "PARCEL-2026-0001/1"}</conditionExpression></sequenceFlow>'),
    )  # fmt: skip
    settle(engine, families=[PARCEL_FAMILY])
    deploy(engine, SYSTEM, [changed(*edits)], name="with a letter")
    case = start(engine, "parcel")
    complete(engine, "li_na", open_task(engine, case), worth=30)
    do_due_work(engine)
    assert post.calls == 1
    told.clear()
    report = replayed(engine, changed(*edits))
    assert (report.total, report.same, report.cases) == (1, 1, []), report.cases
    assert post.calls == 1
    assert told == []
    databases.throw_away(store)

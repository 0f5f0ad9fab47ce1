"""From November on the administrators hear that next year's holidays are missing, once a month."""

from datetime import datetime

import pytest
from engines import ORGANISATION, SHANGHAI
from sqlalchemy import select

from engine.commands.due.remind_calendars import remind_calendars
from engine.commands.people.people_commands import grant_role
from engine.model import Notice
from engine.people import SYSTEM


@pytest.fixture
def administrators(engine):
    for username in ("wang_wei", "li_na"):
        grant_role(engine, SYSTEM, username=username, unit_key=ORGANISATION, role_key="admin")


def told(engine):
    with engine.store.reading() as session:
        reminders = select(Notice.recipient).where(Notice.kind == "calendar_missing").order_by(Notice.once)
        return sorted(session.execute(reminders).scalars())


def test_nobody_hears_of_it_in_october(engine, clock, administrators):
    clock.set(datetime(2026, 10, 31, 12, tzinfo=SHANGHAI))

    assert remind_calendars(engine) == 0
    assert told(engine) == []


def test_each_administrator_hears_of_it_once_a_month(engine, clock, administrators):
    clock.set(datetime(2026, 11, 1, 12, tzinfo=SHANGHAI))

    assert (remind_calendars(engine), remind_calendars(engine)) == (2, 0)
    assert told(engine) == ["li_na", "wang_wei"]

    clock.set(datetime(2026, 12, 1, 12, tzinfo=SHANGHAI))
    assert remind_calendars(engine) == 2

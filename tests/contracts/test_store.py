"""What commands may rely on, whichever database keeps the rows."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import orjson
import pytest
from at_once import at_once, failures
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.commands.case.number_series import next_number
from engine.model import Message, Notice, NumberSeries, Organisation, Unit, new_key

NOON = datetime(2026, 2, 13, 4, 0, 0, 123_000, tzinfo=UTC)


def test_it_keeps_all_of_a_transaction_or_nothing(store):
    def write_and_fail():
        with store.transaction() as session:
            session.execute(insert(Organisation).values(**organisation("half")))
            session.execute(insert(Message).values(**message()))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()

    assert count(store, Organisation) == count(store, Message) == 0


def test_it_flushes_what_was_only_added(store):
    with store.transaction() as session:
        session.add(Organisation(**organisation("bank")))

    assert count(store, Organisation) == 1


def test_a_reader_sees_none_of_an_unfinished_transaction(store):
    with store.transaction() as session:
        session.execute(insert(Organisation).values(**organisation("bank")))
        session.flush()

        assert count(store, Organisation) == 0

    assert count(store, Organisation) == 1


def test_json_comes_back_as_it_went_in(store):
    values = {
        "主题": "柜台等候时间过长，“两小时”没人理 😠",
        "amount": 1234567890123.45,
        "whole": 2**53 - 1,
        "negative": -0.1,
        "minus_nothing": -0.0,
        "large": 1e16,
        "small": 1e-7,
        "nothing": None,
        "is_true": True,
        "empty": {},
        "list": [1, "二", [3.0, {"四": "4"}]],
        "line\nbreak": '"quoted" \\ back',
    }

    with store.transaction() as session:
        session.execute(insert(Message).values(**message(variables=values)))

    with store.reading() as session:
        found = session.execute(select(Message.variables)).scalar_one()
    assert orjson.dumps(found) == orjson.dumps(values)  # to the letter: audit digests depend on it
    assert isinstance(found["whole"], int)
    assert isinstance(found["list"][2][0], float)


def test_json_of_a_value_that_json_does_not_know_is_refused(store):
    with pytest.raises(Exception, match="Decimal"), store.transaction() as session:
        session.execute(insert(Message).values(**message(variables={"amount": Decimal("0.1")})))

    assert count(store, Message) == 0


def test_moments_keep_their_milliseconds_and_their_order(store):
    moments = [NOON + timedelta(milliseconds=step) for step in (5, -1, 0, 86_400_000, 1)]
    moments.append(datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC))  # before the epoch
    moments.append(datetime(2100, 1, 1, tzinfo=UTC))

    with store.transaction() as session:
        session.execute(insert(Message), [message(received_at=moment) for moment in moments])

    with store.reading() as session:
        found = session.execute(select(Message.received_at).order_by(Message.received_at)).scalars().all()
        due = session.execute(select(func.count()).where(Message.received_at <= NOON)).scalar_one()
        latest = session.execute(select(func.max(Message.received_at))).scalar_one()
    assert found == sorted(moments)
    assert due == 3
    assert latest == datetime(2100, 1, 1, tzinfo=UTC)


def test_a_moment_of_another_zone_comes_back_in_utc(store):
    with store.transaction() as session:
        session.execute(
            insert(Message).values(**message(received_at=NOON.astimezone(ZoneInfo("Asia/Shanghai"))))
        )

    with store.reading() as session:
        found = session.execute(select(Message.received_at)).scalar_one()
    assert found == NOON
    assert found.tzinfo is UTC


def test_numbers_have_neither_gaps_nor_doubles_when_many_start_at_once(store):
    def take_five():
        taken = []
        for _ in range(5):
            with store.transaction() as session:
                taken.append(next_number(session, "bank", "CMP-01", "2026"))
        return taken

    outcomes = at_once([take_five] * 6)

    assert failures(outcomes) == []
    assert sorted(number for taken in outcomes for number in taken) == list(range(1, 31))


def test_a_number_of_a_failed_start_is_given_to_the_next(store):
    taken = []

    def start(*, fails=False):
        with store.transaction() as session:
            taken.append(next_number(session, "bank", "CMP-01", "2026"))
            if fails:
                raise ZeroDivisionError

    start()
    with pytest.raises(ZeroDivisionError):
        start(fails=True)
    start()

    assert taken == [1, 2, 2]


def test_each_series_and_year_counts_for_itself(store):
    with store.transaction() as session:
        taken = [
            next_number(session, *series)
            for series in (("bank", "CMP-01", "2026"), ("bank", "CMP-01", "2027"), ("bank", "CMP-03", "2026"),
                           ("school", "CMP-01", "2026"), ("bank", "CMP-01", "2026"))
        ]  # fmt: skip

    assert taken == [1, 1, 1, 1, 2]
    assert count(store, NumberSeries) == 4


def test_a_notice_is_written_once_however_often_it_is_tried(store):
    def tell():
        with store.transaction() as session:
            session.execute(insert(Notice).values(**notice("escalation:clock:1", "wang_wei")))

    outcomes = at_once([tell] * 4)

    assert [type(one) for one in failures(outcomes)] == [IntegrityError] * 3
    assert count(store, Notice) == 1


def test_the_same_notice_goes_to_two_people(store):
    with store.transaction() as session:
        session.execute(insert(Notice), [notice("breach:1", "wang_wei"), notice("breach:1", "li_na")])

    assert count(store, Notice) == 2


def test_a_conditional_update_has_one_winner(store):
    with store.transaction() as session:
        session.execute(insert(Message).values(**message(message_key="m")))

    def take(who):
        with store.transaction() as session:
            done = session.execute(
                update(Message)
                .where(Message.message_key == "m", Message.state == "kept")
                .values(state="delivered", instance_key=who)
            )
            return done.rowcount

    outcomes = at_once([lambda who=who: take(who) for who in ("a", "b", "c", "d")])

    assert failures(outcomes) == []
    assert sorted(outcomes) == [0, 0, 0, 1]


def test_a_row_that_points_nowhere_is_refused(store):
    with pytest.raises(IntegrityError), store.transaction() as session:
        session.execute(
            insert(Unit).values(unit_key="u", organisation_key="nowhere", path="/u/", name={"zh": "无"})
        )


def test_keys_made_later_sort_later(store):
    keys = [new_key() for _ in range(200)]

    assert len(set(keys)) == 200
    assert [key[:12] for key in keys] == sorted(key[:12] for key in keys)


def organisation(key):
    return {"organisation_key": key, "name": {"zh": "支行"}, "profiles": {}, "calendar": "cn", "settings": {}}


def message(**values):
    return {
        "message_key": new_key(),
        "organisation_key": "bank",
        "message_name": "customer_replied",
        "correlation": "2026-0001",
        "variables": {},
        "received_at": NOON,
        "expires_at": NOON + timedelta(days=7),
        "state": "kept",
    } | values


def notice(once, recipient):
    return {
        "notice_key": new_key(),
        "organisation_key": "bank",
        "once": once,
        "kind": "escalation",
        "recipient": recipient,
        "locale": "zh",
        "subject": "超时",
        "body": "请处理",
        "created_at": NOON,
        "state": "in_app",
    }


def count(store, table):
    with store.reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()

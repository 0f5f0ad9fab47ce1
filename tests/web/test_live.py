"""An open page hears at once: counts, the newest notice, nothing of others, and nothing after its session."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from engines import person
from flask import Flask
from pages import Browser, PageSettings, new_case, task_of
from sqlalchemy import event, update
from sqlalchemy.exc import OperationalError

from engine.commands.assign_user_task import assign_user_task
from engine.commands.engine import Engine
from engine.commands.notice_commands import mark_read
from engine.commands.people.people_commands import deactivate_person, set_password
from engine.model import Notice, ProcessInstance, VirtualClock
from engine.people import SYSTEM
from engine.queries.notices import find_newest_unread
from web.app import create_app
from web.live import stream as stream_module
from web.live import views
from web.live.hub import MOST_A_PERSON, Hub, hub_of
from web.signed_in import IDLE


class Stream:
    """One open page's stream. It is read in the test's own thread, so somebody must be told before one reads on."""

    def __init__(self, browser: Browser, path: str = "/live") -> None:
        self.response = browser.client.get(path, buffered=False)
        self._chunks: Iterator[bytes] = iter(self.response.response)

    def next(self) -> tuple[str, dict[str, Any]]:
        """(name, data) of the next event; ("", {}) of a ping."""
        lines = next(self._chunks).decode().splitlines()
        fields = dict(line.split(": ", 1) for line in lines if ": " in line)
        if "event" not in fields:
            return "", {}
        return fields["event"], json.loads(fields["data"])

    def is_over(self) -> bool:
        return next(self._chunks, None) is None


@pytest.fixture
def hub(app: Flask, engine: Engine) -> Hub:
    made = hub_of(app)
    engine.told = made.tell
    return made


def assign(engine: Engine, case: str, to: str) -> None:
    task = task_of(engine, case)
    assign_user_task(engine, person(engine, "wang_wei"), user_task_key=task, to=to, reason="请尽快答复")


@pytest.mark.usefixtures("hub")
def test_a_page_is_told_its_counts_and_the_newest_notice(engine: Engine, li_na: Browser, case: str) -> None:
    stream = Stream(li_na)
    assert stream.response.mimetype == "text/event-stream"
    assert stream.response.headers["Cache-Control"] == "no-store"
    assert stream.next()[0] == "counts"

    assign(engine, case, "li_na")

    name, counts = stream.next()
    assert (name, counts["unread"]) == ("counts", 1)
    assert "待办" in counts["html"]
    name, notice = stream.next()
    assert (name, notice["unread"]) == ("notice", 1)
    assert "M-2026-0001" in notice["subject"]


@pytest.mark.usefixtures("hub")
def test_several_notices_at_once_are_told_once(engine: Engine, li_na: Browser, case: str) -> None:
    stream = Stream(li_na)
    stream.next()

    assign(engine, case, "li_na")
    assign(engine, new_case(engine, subject="第二件"), "li_na")

    assert stream.next()[1]["unread"] == 2
    assert "M-2026-0002" in stream.next()[1]["subject"]


def test_what_came_between_the_page_and_its_stream_is_told_first(
    hub: Hub, engine: Engine, li_na: Browser, case: str
) -> None:
    assign(engine, case, "li_na")

    knows_nothing, knows_all = Stream(li_na, "/live?unread=0"), Stream(li_na, "/live?unread=1")

    assert knows_nothing.next()[0] == "counts"
    assert knows_nothing.next()[0] == "notice"
    assert knows_all.next()[0] == "counts"
    hub.tell(["li_na"])
    assert knows_all.next() == ("", {})


def test_reading_the_newest_notice_makes_an_older_one_no_news(
    hub: Hub, engine: Engine, li_na: Browser, case: str, clock: VirtualClock
) -> None:
    assign(engine, case, "li_na")
    clock.advance(timedelta(minutes=1))
    assign(engine, case, "zhao_min")
    assign(engine, case, "li_na")
    stream = Stream(li_na, "/live?unread=2")
    assert stream.next()[1]["unread"] == 2

    newest = find_newest_unread(engine, person(engine, "li_na"))
    assert newest is not None
    mark_read(engine, person(engine, "li_na"), [newest.notice_key])
    hub.tell(["li_na"])
    assert stream.next()[1]["unread"] == 1
    hub.tell(["li_na"])

    assert stream.next() == ("", {})


def test_nobody_hears_of_other_peoples_notices(
    hub: Hub, engine: Engine, li_na: Browser, signed_in: Callable[[str], Browser], case: str
) -> None:
    stream, own = Stream(signed_in("zhao_min")), Stream(li_na)
    stream.next()
    own.next()

    assign(engine, case, "li_na")
    hub.tell_everybody()

    assert stream.next() == ("", {})
    assert own.next()[0] == "counts"


def test_the_person_complained_about_hears_nothing_of_the_case(
    hub: Hub, engine: Engine, li_na: Browser, case: str
) -> None:
    stream = Stream(li_na)
    stream.next()

    assign(engine, case, "li_na")
    with engine.store.transaction() as session:
        session.execute(update(ProcessInstance).values(complained_about="li_na"))
    hub.tell(["li_na"])

    assert stream.next() == ("", {})


def test_a_line_break_in_a_subject_begins_no_event_of_its_own(
    hub: Hub, engine: Engine, li_na: Browser, case: str
) -> None:
    assign(engine, case, "li_na")
    with engine.store.transaction() as session:
        session.execute(update(Notice).values(subject="a\n\nevent: counts\ndata: {}\u2028<b>"))
    stream = Stream(li_na)
    stream.next()

    assert stream.next()[1]["subject"] == "a\n\nevent: counts\ndata: {}\u2028<b>"
    del hub


@pytest.mark.parametrize("end", ["signed out", "left", "other password", "idle"])
def test_a_stream_ends_with_its_session(
    hub: Hub, engine: Engine, li_na: Browser, clock: VirtualClock, end: str
) -> None:
    stream = Stream(li_na)
    stream.next()

    if end == "signed out":
        assert li_na.post("/logout").status_code == 303
    elif end == "left":
        deactivate_person(engine, SYSTEM, username="li_na")
    elif end == "other password":
        set_password(engine, SYSTEM, username="li_na", password="another-password")
    else:
        clock.advance(IDLE + timedelta(seconds=1))
    hub.tell(["li_na"])

    assert stream.is_over()
    stream.response.close()
    assert hub.open_streams == 0


def test_a_session_that_ended_without_a_word_is_noticed_by_the_next_ping(
    hub: Hub, engine: Engine, li_na: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_module, "PING_SECONDS", 0.01)
    stream = Stream(li_na)
    stream.next()
    assert stream.next() == ("", {})

    deactivate_person(engine, SYSTEM, username="li_na")

    assert stream.is_over()
    del hub


def test_an_open_page_alone_keeps_no_session_alive(li_na: Browser, clock: VirtualClock) -> None:
    for _ in range(2):
        clock.advance(IDLE / 2)
        assert li_na.get("/head").status_code == 200
        Stream(li_na).next()

    clock.advance(timedelta(seconds=1))

    assert li_na.get("/head").status_code == 302
    # As an answer to a browser's stream, the sign-in page would be a fault in its console.
    assert li_na.get("/live", headers={"Accept": "text/event-stream"}).status_code == 401


def test_a_stream_holds_no_connection_to_the_database_while_it_waits(engine: Engine, li_na: Browser) -> None:
    taken = []
    event.listen(engine.store.engine, "engine_connect", lambda _: taken.append(1))
    returned = []
    event.listen(engine.store.engine.pool, "checkin", lambda *_: returned.append(1))

    stream = Stream(li_na)
    stream.next()

    assert taken
    assert len(taken) == len(returned)


def test_a_lost_database_ends_the_stream_without_an_error(
    hub: Hub, li_na: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = Stream(li_na)
    stream.next()

    def fail(*_: object) -> None:
        raise OperationalError("select", {}, Exception("connection lost"))

    monkeypatch.setattr(views, "count_for_head", fail)
    hub.tell(["li_na"])

    assert stream.is_over()


def test_one_stream_too_many_is_sent_away_and_told_when_to_come_back(engine: Engine) -> None:
    app = create_app(engine, PageSettings(live_streams=1))
    first, second = Browser(app.test_client()), Browser(app.test_client())
    first.sign_in("li_na")
    second.sign_in("wang_wei")
    open_stream = Stream(first)
    open_stream.next()

    refused = second.get("/live")

    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    open_stream.response.close()
    assert Stream(second).response.status_code == 200


def test_the_oldest_stream_of_a_person_makes_room_for_the_newest(hub: Hub, li_na: Browser) -> None:
    streams = [Stream(li_na) for _ in range(MOST_A_PERSON)]
    for one in streams:
        one.next()

    newest = Stream(li_na)

    assert streams[0].is_over()
    assert newest.next()[0] == "counts"
    assert hub.open_streams == MOST_A_PERSON


def test_a_server_that_stops_ends_its_streams_and_opens_no_more(hub: Hub, li_na: Browser) -> None:
    stream = Stream(li_na)
    stream.next()

    hub.close()

    assert stream.is_over()
    assert li_na.get("/live").status_code == 503


def test_a_client_that_goes_before_the_first_event_leaves_no_stream_behind(hub: Hub, li_na: Browser) -> None:
    Stream(li_na).response.close()
    li_na.client.head("/live", buffered=True)

    assert hub.open_streams == 0

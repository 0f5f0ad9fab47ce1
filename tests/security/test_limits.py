"""What one question, one pattern or one slow client may cost the others."""

import socket
import threading
import time

import pytest
from pages import PASSWORD, new_case

from engine.commands.releases.deploy import DeploymentRefused, deploy
from engine.commands.releases.family_files import FamilyFiles
from engine.forms.patterns import is_safe_pattern
from engine.notices import check_texts, compose
from engine.people import SYSTEM
from engine.queries import rest_history, rest_listing
from web.cli import client_socket
from web.cli.client_socket import ClientSocket


@pytest.mark.parametrize(
    "pattern",
    [
        "a{0,99}a{0,99}a{0,99}a{0,99}b",
        "a*a*a*a{0,9}b",
        "(a+){,30}b",
        "a?" * 40 + "a" * 40,
        "(a?){30}b",
    ],
)
def test_a_pattern_with_bounded_repeats_explodes_as_well_and_is_refused(pattern):
    assert not is_safe_pattern(pattern)


@pytest.mark.parametrize(
    "pattern", [r"^1[3-9]\d{9}$", r"^\d{3,4}-?\d{7,8}$", r"[\d-]{5,20}", "[A-Z]{2}[0-9]+"]
)
def test_patterns_of_telephones_and_numbers_are_taken(pattern):
    assert is_safe_pattern(pattern)


def test_a_question_for_too_many_rows_is_refused_with_the_remedy(li_na, engine, monkeypatch):
    monkeypatch.setattr(rest_listing, "MOST_ROWS", 2)
    for _ in range(3):
        new_case(engine)

    def ask(**query):
        return li_na.client.get("/engine-rest/process-instance", query_string=query, auth=("li_na", PASSWORD))

    assert ask().status_code == 400
    assert "firstResult" in ask().json["message"]
    assert ask(maxResults=3).status_code == 400
    assert len(ask(maxResults=2).json) == 2
    assert len(ask(maxResults=2, firstResult=2).json) == 1


@pytest.mark.parametrize("bound", ["MOST_ROWS", "MOST_VISITS", "MOST_CASES"])
def test_a_question_for_too_many_activities_is_refused(li_na, engine, monkeypatch, bound):
    for _ in range(2):
        new_case(engine)
    path, auth = "/engine-rest/history/activity-instance", ("li_na", PASSWORD)
    assert len(li_na.client.get(path, auth=auth).json) > 2

    monkeypatch.setattr(rest_history, bound, 1)

    assert li_na.client.get(path, auth=auth).status_code == 400


@pytest.mark.parametrize("query", [{"variables": "a\0b_eq_1"}, {"assignee": "a\0"}, {"a\0": "1"}])
def test_a_nul_in_a_question_is_the_askers_mistake(li_na, query):
    for path in ("/task", "/process-instance"):
        answer = li_na.client.get(f"/engine-rest{path}", query_string=query, auth=("li_na", PASSWORD))
        assert answer.status_code == 400


@pytest.fixture
def ends(monkeypatch):
    """(the server's end, the client's end) of a connection, with little patience."""
    monkeypatch.setattr(client_socket, "HEAD_SECONDS", 0.1)
    monkeypatch.setattr(client_socket, "SEND_SECONDS", 0.1)
    left, right = socket.socketpair()
    server = ClientSocket(fileno=left.detach())
    server.setblocking(True)
    with server, right:
        yield server, right


def test_a_client_that_sends_nothing_more_loses_the_connection(ends):
    server, client = ends
    client.sendall(b"GET /")
    assert server.recv(100) == b"GET /"

    with pytest.raises(ConnectionResetError):
        server.recv(100)


def test_a_client_that_sends_drop_by_drop_loses_it_too(ends):
    server, client = ends
    stop = threading.Event()

    def drip():
        while not stop.wait(0.02):
            client.sendall(b"x")

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        with pytest.raises(ConnectionResetError):
            b"".join(iter(lambda: server.recv(1), b""))
    finally:
        stop.set()
        dripping.join()


def test_a_client_that_never_reads_holds_no_thread(ends):
    with pytest.raises(ConnectionResetError):
        ends[0].sendall(b"x" * 10_000_000)


def test_the_next_request_on_a_connection_has_its_own_patience(ends):
    server, client = ends
    client.sendall(b"x")
    server.recv(1)
    with pytest.raises(ConnectionResetError):
        server.recv(1)

    server.setblocking(True)
    client.sendall(b"y")

    assert server.recv(1) == b"y"


def test_a_text_full_of_open_places_is_read_in_no_time(clock_seconds):
    text = "# " + "${ " * 20_000

    check_texts({"zh": {"closed": text}})
    compose({"zh": {"closed": text}}, "closed", "zh", {})

    assert clock_seconds() < 1  # it was 18 seconds


@pytest.fixture
def clock_seconds():
    """Processor time of this thread since the test began: a busy machine makes no difference."""
    begun = time.thread_time()
    return lambda: time.thread_time() - begun


@pytest.mark.parametrize("content", [b"x = " + b"9" * 10_000, b"a = " + b"[" * 50_000])
def test_a_profile_that_python_itself_refuses_is_the_senders_mistake(engine, content):
    files = FamilyFiles("matter", {"profiles/X.toml": content}, is_partial=True)

    with pytest.raises(DeploymentRefused, match=r"profiles/X\.toml"):
        deploy(engine, SYSTEM, [files], name="attack")

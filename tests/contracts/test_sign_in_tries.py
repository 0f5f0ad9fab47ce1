"""Wrong passwords have one count, whichever process hears them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from at_once import at_once
from sqlalchemy import event, func, select

from engine.commands.engine import Engine
from engine.commands.people.people_commands import set_password
from engine.commands.people.sign_in import sign_in
from engine.commands.people.sign_in_tries import MOST_OF_A_NAME, MOST_OF_AN_ADDRESS, SPAN, TooManyTries
from engine.model import Forbidden, SignInFailure, VirtualClock
from engine.people import SYSTEM, passwords

PASSWORD = "correct horse"


@pytest.fixture
def servers(
    stored_engine: Engine, another_server: Callable[[], Engine], monkeypatch: pytest.MonkeyPatch
) -> list[Engine]:
    # argon2 is slow on purpose; here it is tried by the hundred.
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    monkeypatch.setattr(passwords, "_NOBODY", quick.hash("nobody's"))
    set_password(stored_engine, SYSTEM, username="li_na", password=PASSWORD)
    return [stored_engine, another_server()]


def fail(server: Engine, username: str, address: str | None = "10.0.0.1") -> None:
    with pytest.raises(Forbidden):
        sign_in(server, username, "wrong horse", address=address)


def test_each_server_counts_what_the_other_one_heard(servers: list[Engine], clock: VirtualClock) -> None:
    for number in range(MOST_OF_A_NAME):
        fail(servers[number % 2], "li_na", f"10.0.0.{number}")

    for server in servers:
        with pytest.raises(TooManyTries) as shut:
            sign_in(server, "li_na", PASSWORD, address="10.0.9.9")
        assert shut.value.retry_after == SPAN.total_seconds()
    clock.advance(SPAN)
    assert sign_in(servers[1], "li_na", PASSWORD).username == "li_na"


def test_an_address_that_tries_many_names_is_shut_out_with_all_of_them(servers: list[Engine]) -> None:
    for number in range(MOST_OF_AN_ADDRESS):
        fail(servers[number % 2], f"name{number}")

    with pytest.raises(TooManyTries):
        sign_in(servers[0], "li_na", PASSWORD, address="10.0.0.1")
    assert sign_in(servers[0], "li_na", PASSWORD, address="10.0.0.2").username == "li_na"


def test_the_span_begins_with_the_first_failure_and_old_counts_go(
    servers: list[Engine], clock: VirtualClock
) -> None:
    for _ in range(MOST_OF_A_NAME - 1):
        fail(servers[0], "li_na", None)
    clock.advance(SPAN - timedelta(seconds=1))
    fail(servers[0], "chen_bo", None)
    assert sign_in(servers[0], "li_na", PASSWORD).username == "li_na"

    clock.advance(timedelta(seconds=1))
    fail(servers[1], "li_na", None)
    fail(servers[1], "li_na", None)

    assert sign_in(servers[0], "li_na", PASSWORD).username == "li_na"
    with servers[0].store.reading() as session:
        counts = session.execute(select(SignInFailure.failures).order_by(SignInFailure.failures)).scalars()
        assert list(counts) == [1, 2]


def test_failures_at_the_same_moment_are_all_counted(servers: list[Engine]) -> None:
    at_once([lambda number=number: fail(servers[number % 2], "li_na") for number in range(8)])

    with servers[0].store.reading() as session:
        assert list(session.execute(select(SignInFailure.failures)).scalars()) == [8, 8]


def test_a_remembered_password_costs_no_statement_more_and_opens_no_shut_door(servers: list[Engine]) -> None:
    statements: list[str] = []
    event.listen(
        servers[0].store.engine, "before_cursor_execute", lambda _c, _r, text, *_: statements.append(text)
    )

    def call() -> int:
        statements.clear()
        sign_in(servers[0], "li_na", PASSWORD, address="10.0.0.1", is_audited=False)
        return len([one for one in statements if "sign_in_failure" in one or "person" in one.lower()])

    call()
    # The person with the counts, and the person's rights: as many as before there were counts.
    assert call() == 2
    for _ in range(MOST_OF_A_NAME):
        fail(servers[1], "li_na")
    # Else a guesser would know the right password by its being let in.
    with pytest.raises(TooManyTries):
        call()


def test_no_name_that_was_tried_stands_in_the_counts(servers: list[Engine]) -> None:
    fail(servers[0], "my-secret-in-the-wrong-field")

    with servers[0].store.reading() as session:
        kept = session.execute(select(SignInFailure.counter)).scalars().all()
        assert session.execute(select(func.count()).select_from(SignInFailure)).scalar_one() == 2
    assert not any("secret" in one or "10.0" in one for one in kept)


def test_a_door_that_is_shut_counts_no_further_tries(servers: list[Engine], clock: VirtualClock) -> None:
    for _ in range(MOST_OF_A_NAME):
        fail(servers[0], "li_na")
    clock.advance(SPAN / 2)

    for _ in range(3):
        with pytest.raises(TooManyTries):
            sign_in(servers[0], "li_na", "wrong horse")

    clock.advance(SPAN / 2)
    assert sign_in(servers[0], "li_na", PASSWORD).username == "li_na"

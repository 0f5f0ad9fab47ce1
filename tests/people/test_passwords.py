"""Passwords: right or wrong, remembered for a minute, and no way to learn who exists."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from engine.people import PasswordCheck, hash_password
from engine.people import passwords as module

NOW = datetime(2026, 2, 13, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)
_REAL = module._hasher


@pytest.fixture(autouse=True)
def cheap(monkeypatch) -> None:
    """The same algorithm with little work: what is tested here is who is asked and when."""
    monkeypatch.setattr(module, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    monkeypatch.setattr(module, "_NOBODY", hash_password("nobody at all"))


@pytest.fixture
def stored() -> str:
    return hash_password("correct horse")


@pytest.fixture
def count(monkeypatch) -> list[str]:
    """Every time that argon2 is really asked."""
    asked: list[str] = []
    verify = module._verify
    monkeypatch.setattr(
        module, "_verify", lambda stored, password: asked.append(password) or verify(stored, password)
    )
    return asked


def test_the_right_password_is_right_and_another_is_not(stored):
    check = PasswordCheck()

    assert check.is_right("li_na", "correct horse", stored, NOW)
    assert not check.is_right("li_na", "correct horsf", stored, NOW)
    assert not check.is_right("li_na", "", stored, NOW)


def test_the_work_is_what_the_library_advises():
    real = PasswordHasher()

    assert (_REAL.time_cost, _REAL.memory_cost, _REAL.parallelism) == (
        real.time_cost,
        real.memory_cost,
        real.parallelism,
    )
    assert real.memory_cost >= 19_456  # at least what OWASP asks for


def test_the_same_password_is_stored_differently_each_time(stored):
    assert stored != hash_password("correct horse")
    assert stored.startswith("$argon2id$")
    assert "correct" not in stored


def test_a_name_without_a_password_cannot_sign_in(stored):
    check = PasswordCheck()

    for nothing in (None, "", "not a hash"):
        assert not check.is_right("li_na", "correct horse", nothing, NOW)
        assert not check.is_right("li_na", "", nothing, NOW)


def test_an_unknown_name_costs_as_much_work_as_a_known_one(stored, count):
    check = PasswordCheck()

    check.is_right("nobody", "correct horse", None, NOW)
    check.is_right("li_na", "wrong", stored, NOW)

    assert count == ["correct horse", "wrong"]


def test_a_verified_password_is_remembered_for_a_minute(stored, count):
    check = PasswordCheck()

    for seconds in (0, 1, 59):
        assert check.is_right("li_na", "correct horse", stored, NOW + seconds * SECOND)
    assert len(count) == 1
    assert check.is_right("li_na", "correct horse", stored, NOW + 61 * SECOND)
    assert len(count) == 2


def test_a_wrong_password_is_never_remembered(stored, count):
    check = PasswordCheck()
    check.is_right("li_na", "correct horse", stored, NOW)

    assert not check.is_right("li_na", "wrong", stored, NOW + SECOND)
    assert not check.is_right("wang_wei", "correct horse", None, NOW + SECOND)
    assert len(count) == 3


def test_a_changed_password_ends_the_memory_at_once(stored):
    check = PasswordCheck()
    assert check.is_right("li_na", "correct horse", stored, NOW)

    assert not check.is_right("li_na", "correct horse", hash_password("another one"), NOW + SECOND)


def test_what_is_remembered_is_no_password(stored):
    check = PasswordCheck()
    check.is_right("li_na", "correct horse", stored, NOW)

    assert "correct horse" not in repr(vars(check))


def test_the_memory_is_bounded(stored, monkeypatch):
    monkeypatch.setattr(module, "MOST_REMEMBERED", 3)
    monkeypatch.setattr(module, "_verify", lambda stored, password: True)
    check = PasswordCheck()

    for number in range(10):
        check.is_right(f"user{number}", "x", stored, NOW)

    assert len(check._verified) <= 3


def test_half_a_character_is_a_wrong_password(stored):
    assert not PasswordCheck().is_right("li_na", "\ud800", stored, NOW)

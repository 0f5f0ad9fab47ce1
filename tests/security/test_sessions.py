"""Sessions end when they are told to, names are counted as one name, and every refusal at the door is recorded."""

from pages import PASSWORD, Browser
from sqlalchemy import select

from engine.model import AuditPayload, AuditRow, EndedSession


def acts(engine):
    with engine.store.reading() as session:
        rows = session.execute(select(AuditRow.act, AuditRow.actor).order_by(AuditRow.sequence))
        return [tuple(row) for row in rows if row.act.startswith("person.") and row.actor != "system"]


def cookie_of(browser):
    return browser.client.get_cookie("huiyin").value


def test_a_copied_cookie_is_worth_nothing_after_signing_out(engine, app, li_na):
    copy = cookie_of(li_na)
    thief = Browser(app.test_client())
    thief.client.set_cookie("huiyin", copy)
    assert thief.get("/inbox").status_code == 200

    li_na.post("/logout")

    thief.client.set_cookie("huiyin", copy)
    assert thief.get("/inbox").status_code == 302
    assert acts(engine)[-1] == ("person.signed_out", "li_na")


def test_signing_out_ends_no_other_session_of_the_person(li_na, signed_in):
    elsewhere = signed_in("li_na")

    li_na.post("/logout")

    assert elsewhere.get("/inbox").status_code == 200


def test_signing_in_again_ends_the_session_before(app, li_na):
    before = cookie_of(li_na)

    li_na.post("/login", {"username": "wang_wei", "password": PASSWORD})

    other = Browser(app.test_client())
    other.client.set_cookie("huiyin", before)
    assert other.get("/inbox").status_code == 302
    assert li_na.get("/inbox").status_code == 200


def test_the_database_holds_no_key_that_opens_a_session(engine, li_na):
    with li_na.client.session_transaction() as session:
        key = session["key"]

    li_na.post("/logout")

    with engine.store.reading() as session:
        [kept] = session.execute(select(EndedSession.session_digest)).scalars()
    assert key not in kept


def test_a_cookie_planted_before_the_sign_in_is_not_the_session_afterwards(stranger):
    stranger.get("/login")
    planted = cookie_of(stranger)

    stranger.sign_in("li_na")

    assert cookie_of(stranger) != planted
    stranger.client.set_cookie("huiyin", planted)
    assert stranger.get("/inbox").status_code == 302


def test_characters_that_nobody_sees_open_no_new_count_of_tries(stranger):
    stranger.get("/login")
    for number in range(10):
        name = f"li_na{chr(1 + number)}"
        assert stranger.post("/login", {"username": name, "password": "wrong"}).status_code == 401

    assert stranger.sign_in("li_na").status_code == 429
    assert stranger.client.get("/engine-rest/version", auth=("li_na\x7f", PASSWORD)).status_code == 429


def test_a_name_with_an_unseen_character_is_that_name(stranger):
    stranger.get("/login")

    response = stranger.post("/login", {"username": "li_na\x01", "password": PASSWORD})

    assert response.status_code == 303


def test_a_refusal_is_recorded_at_both_doors_and_never_the_password(engine, stranger):
    stranger.sign_in("li_na", "correct-horse")
    stranger.client.get("/engine-rest/version", auth=("wang_wei", "battery-staple"))

    assert acts(engine) == [("person.refused", "li_na"), ("person.refused", "wang_wei")]
    with engine.store.reading() as session:
        payloads = str(session.execute(select(AuditPayload.payload)).scalars().all())
    assert "correct-horse" not in payloads
    assert "battery-staple" not in payloads

"""What staff are told of a new version: from its moment on, once to each, and never of what did not come."""

from datetime import timedelta

import pytest
from engines import ORGANISATION, person
from families import family, process, user

from engine.commands.people.people_commands import add_person, grant_role
from engine.commands.releases.check_release import check_release
from engine.commands.releases.deploy import deploy
from engine.commands.releases.draft_release import draft_release
from engine.commands.releases.look_at_release import look_at_release
from engine.commands.releases.release_from import release_from
from engine.commands.releases.release_note import put_note_aside
from engine.commands.releases.review_release import review_release
from engine.commands.releases.roll_back import roll_back
from engine.commands.releases.withdraw_release import withdraw_release
from engine.model import InvalidInput, NotFound
from engine.people import SYSTEM
from engine.queries.releases.notes import find_told, find_untold

DAY = timedelta(days=1)
NOTE = {"zh": "此后须致谢", "en": "Thank them from now on"}


@pytest.fixture
def owners(engine):
    for username in ("zhou_lan", "sun_jie"):
        name = {"zh": username, "en": username}
        add_person(engine, SYSTEM, username=username, organisation_key=ORGANISATION, name=name)
        grant_role(engine, SYSTEM, username=username, unit_key=ORGANISATION, role_key="process_owner")
    deploy(engine, SYSTEM, [drawn("ask")], name="first")
    return person(engine, "zhou_lan"), person(engine, "sun_jie")


def drawn(*tasks):
    chain = " -> ".join(("received", *tasks, "done"))
    return family(process("asking", chain, *(user(one) for one in tasks)))


def live(engine, owners, moment=None, note=NOTE, tasks=("ask", "thank")):
    zhou_lan, sun_jie = owners
    number = draft_release(engine, zhou_lan, drawn(*tasks), reason="thanks").number
    check_release(engine, zhou_lan, family="drawn", number=number, reason="ready")
    review_release(engine, sun_jie, family="drawn", number=number, reason="read")
    release_from(engine, sun_jie, family="drawn", number=number, reason="go", moment=moment, note=note)
    return number


def untold(engine, username="li_na"):
    return [one.words["zh"] for one in find_untold(engine, person(engine, username))]


def test_a_note_is_told_from_its_moment_on_and_once_to_each(engine, owners, clock):
    live(engine, owners, moment=clock.now() + DAY)
    assert untold(engine) == []

    clock.advance(DAY)
    (told,) = find_untold(engine, person(engine, "li_na"))
    for _ in range(2):
        put_note_aside(engine, person(engine, "li_na"), family="drawn", sequence=told.sequence)

    assert (told.words, told.number, told.written_by) == (NOTE, 2, "sun_jie")
    assert (untold(engine), untold(engine, "zhao_min")) == ([], ["此后须致谢"])
    assert [one.number for one in find_told(engine, person(engine, "li_na"))] == [2]


def test_what_was_taken_off_is_never_told(engine, owners, clock):
    number = live(engine, owners, moment=clock.now() + DAY)
    withdraw_release(engine, owners[1], family="drawn", number=number, reason="not yet")

    clock.advance(DAY)

    assert untold(engine) == []
    assert find_told(engine, person(engine, "li_na")) == []


@pytest.mark.parametrize(("note", "told"), [({"zh": "先不致谢"}, ["先不致谢"]), (None, [])])
def test_after_a_roll_back_the_change_is_no_news_any_more(engine, owners, clock, note, told):
    live(engine, owners)
    clock.advance(DAY)
    roll_back(engine, owners[0], family="drawn", reason="too soon", note=note)

    assert untold(engine) == told


def test_after_a_month_a_change_is_no_news_but_stands_on_its_page(engine, owners, clock):
    live(engine, owners)
    clock.advance(31 * DAY)

    assert untold(engine) == []
    assert len(find_told(engine, person(engine, "li_na"))) == 1


def test_one_language_is_enough_and_nothing_is_told_without_words(engine, owners):
    live(engine, owners, note={"zh": " ", "en": "Thank them"})
    live(engine, owners, note={"zh": " ", "en": ""}, tasks=("ask", "thank", "wave"))

    (told,) = find_told(engine, person(engine, "li_na"))
    assert told.says("zh") == told.says("en") == "Thank them"
    assert untold(engine) == []


def test_a_note_that_is_too_long_puts_nothing_live(engine, owners):
    with pytest.raises(InvalidInput, match="at most 2000 letters"):
        live(engine, owners, note={"zh": "长" * 2001})

    assert find_told(engine, person(engine, "li_na")) == []


def test_a_note_that_is_not_there_cannot_be_put_aside(engine, owners):
    with pytest.raises(NotFound):
        put_note_aside(engine, person(engine, "li_na"), family="drawn", sequence=1)


def test_a_look_needs_a_version_on_its_way(engine, owners):
    with pytest.raises(NotFound):
        look_at_release(engine, owners[1], family="drawn", number=9, against=1)

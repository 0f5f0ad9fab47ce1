"""Whoever changed a file of a version does not review it: not only the one who handed it in."""

import pytest
from engines import ORGANISATION, person
from families import family, process, user

from engine.commands.people.people_commands import add_person, grant_role
from engine.commands.releases.check_release import check_release
from engine.commands.releases.deploy import deploy
from engine.commands.releases.review_release import review_release
from engine.commands.working_copies.hand_in_working_copy import hand_in_working_copy
from engine.commands.working_copies.open_working_copy import open_working_copy
from engine.commands.working_copies.save_working_file import save_working_file
from engine.commands.working_copies.take_up_again import take_up_again
from engine.model import Conflict, Forbidden
from engine.people import SYSTEM
from engine.queries.releases.versions import find_version
from engine.queries.working_copies import find_working_copy

FIRST = family(process("asking", "received -> ask -> done", user("ask")))
FURTHER = family(process("asking", "received -> ask -> thank -> done", user("ask"), user("thank")))


@pytest.fixture
def handed_in(engine):
    """Zhou Lan drew, Sun Jie wrote the story beside it and handed both in; Qian Yu had nothing to do with it."""
    for username in ("zhou_lan", "sun_jie", "qian_yu"):
        name = {"zh": username, "en": username}
        add_person(engine, SYSTEM, username=username, organisation_key=ORGANISATION, name=name)
        grant_role(engine, SYSTEM, username=username, unit_key=ORGANISATION, role_key="process_owner")
    deploy(engine, SYSTEM, [FIRST], name="first")
    zhou_lan, sun_jie = person(engine, "zhou_lan"), person(engine, "sun_jie")
    copy_key = open_working_copy(engine, zhou_lan, family="drawn")
    for path, content in FURTHER.files.items():
        save_working_file(engine, zhou_lan, copy_key=copy_key, path=path, content=content, seen=0)
    drafted = hand_in_working_copy(engine, sun_jie, copy_key=copy_key, reason="thanks are due")
    assert check_release(engine, sun_jie, family="drawn", number=drafted.number, reason="ready").is_passed
    return drafted.number


@pytest.mark.parametrize(("username", "did"), [("zhou_lan", "edited"), ("sun_jie", "drafted")])
def test_nobody_reviews_their_own_change(engine, handed_in, username, did):
    with pytest.raises(Forbidden, match=f"another person than {username}, who {did}"):
        review_release(engine, person(engine, username), family="drawn", number=handed_in, reason="fine")


def test_a_person_who_had_nothing_to_do_with_it_does(engine, handed_in):
    qian_yu = person(engine, "qian_yu")

    review_release(engine, qian_yu, family="drawn", number=handed_in, reason="read it")

    found = find_version(engine, qian_yu, "drawn", handed_in)
    assert (found.state, found.authors) == ("reviewed", {"zhou_lan", "sun_jie"})
    assert found.act("reviewed").by == "qian_yu"


def test_who_changed_a_version_that_was_taken_up_again_does_not_review_it_either(engine, handed_in):
    """Else Zhou Lan could let another hand in her own change, and agree to it."""
    qian_yu = person(engine, "qian_yu")
    copy_key = take_up_again(engine, qian_yu, family="drawn", number=handed_in, reason="a step is missing")

    copy = find_working_copy(engine, qian_yu, "drawn")
    assert (copy.key, {one.path for one in copy.changed}) == (copy_key, set(FURTHER.files))
    assert find_version(engine, qian_yu, "drawn", handed_in).state == "withdrawn"
    drafted = hand_in_working_copy(engine, qian_yu, copy_key=copy_key, reason="now it is there")
    check_release(engine, qian_yu, family="drawn", number=drafted.number, reason="ready")
    for username in ("zhou_lan", "sun_jie", "qian_yu"):
        with pytest.raises(Forbidden):
            review_release(
                engine, person(engine, username), family="drawn", number=drafted.number, reason="ok"
            )


def test_a_version_is_not_taken_up_over_somebody_elses_working_copy(engine, handed_in):
    open_working_copy(engine, person(engine, "sun_jie"), family="drawn")

    with pytest.raises(Conflict, match="sun_jie has opened one"):
        take_up_again(engine, person(engine, "zhou_lan"), family="drawn", number=handed_in, reason="more")

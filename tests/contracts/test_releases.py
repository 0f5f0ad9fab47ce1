"""Two people release at the same time, each at a server of their own; the third server sees one truth."""

from functools import partial

import pytest
from at_once import at_once
from engines import ORGANISATION, person
from families import family, process, user
from sqlalchemy import select

from engine.audit import verify
from engine.commands.people.people_commands import add_person, grant_role
from engine.commands.releases.check_release import check_release
from engine.commands.releases.deploy import deploy
from engine.commands.releases.draft_release import draft_release
from engine.commands.releases.release_from import release_from
from engine.commands.releases.review_release import review_release
from engine.commands.releases.roll_back import roll_back
from engine.commands.start_instance import start_instance
from engine.model import Conflict, ReleasePointer, WrongState
from engine.people import SYSTEM


def asking(*steps):
    return family(process("asking", " -> ".join(("in", *steps, "out")), *(user(one) for one in steps)))


@pytest.fixture
def owners(stored_engine):
    for username in ("zhou_lan", "sun_jie"):
        name = {"zh": username, "en": username}
        add_person(stored_engine, SYSTEM, username=username, organisation_key=ORGANISATION, name=name)
        grant_role(stored_engine, SYSTEM, username=username, unit_key=ORGANISATION, role_key="process_owner")
    deploy(stored_engine, SYSTEM, [asking("ask")], name="first")
    return person(stored_engine, "zhou_lan"), person(stored_engine, "sun_jie")


def reviewed(engine, owners, files):
    number = draft_release(engine, owners[0], files, reason="change").number
    check_release(engine, owners[0], family="drawn", number=number, reason="ready")
    review_release(engine, owners[1], family="drawn", number=number, reason="read")
    return number


def pointers(engine):
    with engine.store.reading() as session:
        assert verify(session).is_sound
        return session.execute(
            select(ReleasePointer.sequence, ReleasePointer.act)
            .where(ReleasePointer.family == "drawn")
            .order_by(ReleasePointer.sequence)
        ).all()


def test_of_two_who_make_one_version_live_the_second_hears_who_was_first(
    stored_engine, another_server, owners
):
    number = reviewed(stored_engine, owners, asking("ask", "tell"))
    acts = [
        partial(release_from, server, who, family="drawn", number=number, reason="now")
        for server, who in zip((stored_engine, another_server()), owners, strict=True)
    ]

    results = at_once(acts)

    lost = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in lost] == [Conflict]
    assert lost[0].by in ("zhou_lan", "sun_jie")
    assert [tuple(one) for one in pointers(stored_engine)] == [(1, "deployed"), (2, "released")]
    case = start_instance(another_server(), SYSTEM, variables={}, process_key="asking")
    assert case.definition_key.startswith("asking:2:")


def test_two_versions_and_a_roll_back_at_once_leave_one_live_for_all(stored_engine, another_server, owners):
    second = reviewed(stored_engine, owners, asking("ask", "tell"))
    third = reviewed(stored_engine, owners, asking("ask", "thank"))
    release_from(stored_engine, owners[0], family="drawn", number=second, reason="first of all")
    acts = [
        partial(release_from, another_server(), owners[0], family="drawn", number=third, reason="now"),
        partial(roll_back, another_server(), owners[1], family="drawn", number=1, reason="back"),
        partial(deploy, another_server(), SYSTEM, [asking("ask", "call")], name="urgent"),
    ]

    results = at_once(acts)

    # Only number 3 may come too late: when 4 is live already.
    lost = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in lost] in ([], [WrongState])
    assert [one.sequence for one in pointers(stored_engine)] == list(range(1, 6 - len(lost)))
    last = {"released": third, "rolled_back": 1, "deployed": 4}[pointers(stored_engine)[-1].act]
    for server in (stored_engine, another_server()):
        with server.store.reading() as session:
            live = {one.family: one.number for one in server.releases.newest_of_families(session)}
            assert (live["drawn"], server.releases.newest(session, "asking").number) == (last, last)

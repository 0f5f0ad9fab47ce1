"""A procedure changes while people work by it: drafted by one, reviewed by another, live from a moment, taken back."""

from datetime import timedelta

import pytest
from engines import ORGANISATION, make_engine, person
from families import family, process, service, user
from sqlalchemy import select

from engine.audit import verify
from engine.commands.complete_user_task import complete_user_task
from engine.commands.people.people_commands import add_person, grant_role
from engine.commands.releases.check_release import StoriesTold, check_release
from engine.commands.releases.deploy import DeploymentRefused, deploy
from engine.commands.releases.draft_release import draft_release
from engine.commands.releases.family_files import FamilyFiles
from engine.commands.releases.release_from import release_from
from engine.commands.releases.review_release import review_release
from engine.commands.releases.roll_back import roll_back
from engine.commands.releases.withdraw_release import withdraw_release
from engine.commands.start_instance import start_instance
from engine.model import (
    AuditPayload,
    AuditRow,
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    ProcessDefinition,
    ProcessInstance,
    ReleaseDraft,
    ReleasePointer,
    UserTask,
    WrongState,
)
from engine.people import SYSTEM

FIRST = family(process("asking", "received -> ask -> done", user("ask")))
SECOND = family(process("asking", "received -> ask -> tell -> done", user("ask"), user("tell")))
THIRD = family(process("asking", "received -> ask -> thank -> done", user("ask"), user("thank")))
BROKEN = family(process("asking", "received -> ask -> done", user("ask"), user("lost")))
HOUR = timedelta(hours=1)
WHY = "new rule of the supervisor"


@pytest.fixture
def owners(engine):
    """Zhou Lan and Sun Jie own procedures; the family has one release, deployed at once."""
    return house_with_owners(engine)


def house_with_owners(engine):
    for username in ("zhou_lan", "sun_jie"):
        name = {"zh": username, "en": username}
        add_person(engine, SYSTEM, username=username, organisation_key=ORGANISATION, name=name)
        grant_role(engine, SYSTEM, username=username, unit_key=ORGANISATION, role_key="process_owner")
    deploy(engine, SYSTEM, [FIRST], name="first")
    return person(engine, "zhou_lan"), person(engine, "sun_jie")


def reviewed(engine, owners, files):
    zhou_lan, sun_jie = owners
    number = draft_release(engine, zhou_lan, files, reason=WHY).number
    assert check_release(engine, zhou_lan, family="drawn", number=number, reason="ready").is_passed
    review_release(engine, sun_jie, family="drawn", number=number, reason="read it")
    return number


def live(engine, owners, files, moment=None):
    number = reviewed(engine, owners, files)
    release_from(engine, owners[1], family="drawn", number=number, reason="agreed", moment=moment)
    return number


def started(engine, process_key="asking"):
    """The number of the release that a new case gets."""
    case = start_instance(engine, person(engine, "li_na"), variables={}, process_key=process_key)
    return number_of(engine, case.instance_key)


def number_of(engine, instance_key):
    with engine.store.reading() as session:
        case = session.get(ProcessInstance, instance_key)
        return engine.releases.get(session, case.release_key).number


def acts(engine):
    with engine.store.reading() as session:
        assert verify(session).is_sound
        return session.execute(
            select(AuditRow.act, AuditRow.actor, AuditRow.subject, AuditPayload.payload)
            .join(
                AuditPayload,
                (AuditPayload.chain == AuditRow.chain) & (AuditPayload.sequence == AuditRow.sequence),
            )
            .where(AuditRow.act.startswith("release."))
            .order_by(AuditRow.sequence)
        ).all()


def test_a_change_goes_from_draft_to_live_and_each_step_names_its_person(engine, owners, clock):
    number = reviewed(engine, owners, SECOND)
    assert started(engine) == 1

    release_from(engine, owners[1], family="drawn", number=number, reason="agreed")

    assert (number, started(engine)) == (2, 2)
    with engine.store.reading() as session:
        (draft,) = session.execute(select(ReleaseDraft)).scalars()
    assert (draft.state, draft.drafted_by, draft.checked_by, draft.reviewed_by) == (
        "released", "zhou_lan", "zhou_lan", "sun_jie",
    )  # fmt: skip
    assert (draft.draft_reason, draft.review_reason) == (WHY, "read it")
    done = [(row.act, row.actor, row.subject) for row in acts(engine)][-4:]
    assert done == [
        ("release.drafted", "zhou_lan", "drawn 2"),
        ("release.checked", "zhou_lan", "drawn 2"),
        ("release.reviewed", "sun_jie", "drawn 2"),
        ("release.put_live", "sun_jie", "drawn 2"),
    ]
    assert all(row.payload["reason"] for row in acts(engine)[-4:])


def test_a_case_begun_before_goes_on_as_it_was_promised(engine, owners):
    li_na = person(engine, "li_na")
    case = start_instance(engine, li_na, variables={}, process_key="asking")

    live(engine, owners, SECOND)

    with engine.store.reading() as session:
        task = session.execute(
            select(UserTask.user_task_key).where(UserTask.instance_key == case.instance_key)
        ).scalar_one()
    assert complete_user_task(engine, li_na, user_task_key=task, values={}).is_ended


def test_a_release_waits_for_its_moment_and_nothing_has_to_run_then(engine, owners, clock):
    live(engine, owners, SECOND, clock.now() + HOUR)

    assert started(engine) == 1
    clock.advance(HOUR - timedelta(milliseconds=1))
    assert started(engine) == 1
    clock.advance(timedelta(milliseconds=1))
    assert started(engine) == 2


def test_after_a_restart_the_scheduled_release_still_comes(engine, owners, clock):
    live(engine, owners, SECOND, clock.now() + HOUR)

    again = make_engine(engine.store, clock)

    assert started(again) == 1
    clock.advance(HOUR)
    assert started(again) == 2


def test_what_is_drafted_may_be_wrong_and_says_what(engine, owners):
    zhou_lan, sun_jie = owners

    drafted = draft_release(engine, zhou_lan, BROKEN, reason=WHY)
    checked = check_release(engine, zhou_lan, family="drawn", number=drafted.number, reason="try")

    assert [one.element_id for one in drafted.findings if one.severity == "error"][:1] == ["lost"]
    assert not checked.is_passed
    with engine.store.reading() as session:
        (draft,) = session.execute(select(ReleaseDraft)).scalars()
        assert session.execute(select(ProcessDefinition.version)).scalars().all().count(2) == 0
    assert draft.state == "draft"
    assert any(one["element_id"] == "lost" for one in draft.findings)
    with pytest.raises(WrongState):
        review_release(engine, sun_jie, family="drawn", number=drafted.number, reason="fine by me")
    with pytest.raises(WrongState):
        release_from(engine, sun_jie, family="drawn", number=drafted.number, reason="now")


def test_a_story_that_fails_holds_the_draft_back(engine, owners):
    zhou_lan, _ = owners
    number = draft_release(engine, zhou_lan, SECOND, reason=WHY).number
    check = {"family": "drawn", "number": number, "reason": "told"}

    failed = check_release(engine, zhou_lan, **check, stories=StoriesTold(3, ("the late one",)))
    passed = check_release(engine, zhou_lan, **check, stories=StoriesTold(4))

    assert (failed.is_passed, passed.is_passed) == (False, True)
    with engine.store.reading() as session:
        (draft,) = session.execute(select(ReleaseDraft)).scalars()
    assert (draft.state, draft.stories) == ("checked", {"passed": 4, "failed": []})


def test_who_drafted_it_does_not_review_it(engine, owners):
    zhou_lan, _ = owners
    number = draft_release(engine, zhou_lan, SECOND, reason=WHY).number
    check_release(engine, zhou_lan, family="drawn", number=number, reason="ready")

    with pytest.raises(Forbidden, match="another person than zhou_lan"):
        review_release(engine, zhou_lan, family="drawn", number=number, reason="I am sure")


@pytest.mark.parametrize("username", ["li_na", "wang_wei", "chen_bo"])
def test_only_owners_do_any_of_it(engine, owners, username):
    number, nobody = reviewed(engine, owners, SECOND), person(engine, username)
    one = {"family": "drawn", "number": number, "reason": "x"}

    for act in (check_release, review_release, release_from, withdraw_release, roll_back):
        with pytest.raises(Forbidden):
            act(engine, nobody, **one)
    with pytest.raises(Forbidden):
        draft_release(engine, nobody, SECOND, reason="x")


def test_each_act_needs_a_reason(engine, owners):
    zhou_lan, sun_jie = owners
    number = reviewed(engine, owners, SECOND)
    one = {"family": "drawn", "number": number, "reason": "  "}

    for act in (check_release, review_release, release_from, withdraw_release, roll_back):
        with pytest.raises(InvalidInput, match="reason"):
            act(engine, sun_jie, **one)
    with pytest.raises(InvalidInput, match="reason"):
        draft_release(engine, zhou_lan, THIRD, reason="")


def test_the_same_files_drafted_twice_are_one_draft(engine, owners):
    zhou_lan, sun_jie = owners

    first = draft_release(engine, zhou_lan, SECOND, reason=WHY)
    again = draft_release(engine, sun_jie, SECOND, reason=WHY)
    other = draft_release(engine, sun_jie, THIRD, reason=WHY)

    assert (first.number, again.number, other.number) == (2, 2, 3)
    assert (first.is_new, again.is_new, other.is_new) == (True, False, True)


def test_a_deployment_beside_a_draft_takes_the_next_number(engine, owners):
    draft_release(engine, owners[0], SECOND, reason=WHY)

    done = deploy(engine, SYSTEM, [THIRD], name="at once")

    assert done.releases == (("drawn", 3),)
    assert started(engine) == 3


def test_a_family_of_which_there_are_only_drafts_starts_nothing(engine, owners):
    new = FamilyFiles("fresh", family(process("asking_anew", "a -> b -> c", user("b"))).files)

    draft_release(engine, owners[0], new, reason=WHY)

    with pytest.raises(NotFound):
        started(engine, "asking_anew")


def test_a_bad_release_is_rolled_back_and_its_cases_stay_on_it(engine, owners):
    live(engine, owners, SECOND)
    case = start_instance(engine, person(engine, "li_na"), variables={}, process_key="asking")

    done = roll_back(engine, owners[0], family="drawn", reason="it asks twice")

    assert (done.number, done.was) == (1, 2)
    assert started(engine) == 1
    assert number_of(engine, case.instance_key) == 2
    last = acts(engine)[-1]
    assert (last.act, last.subject, last.payload) == (
        "release.rolled_back", "drawn 1", {"reason": "it asks twice", "was": 2},
    )  # fmt: skip
    roll_back(engine, owners[0], family="drawn", number=2, reason="it was right after all")
    assert started(engine) == 2


def test_one_goes_back_only_to_what_was_live(engine, owners):
    zhou_lan, _ = owners
    back = {"family": "drawn", "reason": "back"}
    number = reviewed(engine, owners, SECOND)

    with pytest.raises(WrongState, match="live before: -"):
        roll_back(engine, zhou_lan, **back)
    with pytest.raises(WrongState):
        roll_back(engine, zhou_lan, **back, number=number)
    with pytest.raises(WrongState, match="live already"):
        roll_back(engine, zhou_lan, **back, number=1)
    with pytest.raises(NotFound):
        roll_back(engine, zhou_lan, family="nobody", reason="back")


def test_a_process_that_only_the_bad_release_has_is_not_started_after_the_roll_back(engine, owners):
    both = family(
        process("asking", "received -> ask -> done", user("ask")),
        process("thanking", "begun -> thank -> thanked", user("thank")),
    )
    live(engine, owners, both)
    assert started(engine, "thanking") == 2

    roll_back(engine, owners[0], family="drawn", reason="nobody was told")

    with pytest.raises(NotFound):
        started(engine, "thanking")


def test_after_a_roll_back_one_diagram_is_laid_over_what_is_live(engine, owners):
    bad = FamilyFiles("drawn", {**SECOND.files, "labels/en.json": b'{"ask": "Bad"}'})
    deploy(engine, SYSTEM, [bad], name="bad")
    roll_back(engine, owners[0], family="drawn", reason="bad labels")

    draft_release(
        engine, owners[0], FamilyFiles("drawn", dict(THIRD.files), is_partial=True), reason="only the diagram"
    )
    done = deploy(engine, SYSTEM, [FamilyFiles("x", dict(THIRD.files), is_partial=True)], name="diagram")

    with engine.store.reading() as session:
        release = next(one for one in engine.releases.newest_of_families(session) if one.family == "drawn")
    assert done.releases == (("drawn", 4),)
    assert release.labels == {}


def test_the_files_of_the_bad_release_deployed_again_are_a_new_one(engine, owners):
    deploy(engine, SYSTEM, [SECOND], name="second")
    roll_back(engine, owners[0], family="drawn", reason="too early")

    assert deploy(engine, SYSTEM, [FIRST], name="same as live").releases == (("drawn", 1),)
    assert deploy(engine, SYSTEM, [SECOND], name="now").releases == (("drawn", 3),)
    assert started(engine) == 3


def test_a_scheduled_release_is_taken_off_and_scheduled_again(engine, owners, clock):
    _, sun_jie = owners
    number = live(engine, owners, SECOND, clock.now() + HOUR)

    withdraw_release(engine, sun_jie, family="drawn", number=number, reason="not before the holiday")
    clock.advance(2 * HOUR)
    assert started(engine) == 1

    release_from(engine, sun_jie, family="drawn", number=number, reason="now it may")
    assert started(engine) == 2
    with pytest.raises(WrongState, match="roll back"):
        withdraw_release(engine, sun_jie, family="drawn", number=number, reason="no")


def test_a_withdrawn_draft_is_over(engine, owners):
    zhou_lan, sun_jie = owners
    number = reviewed(engine, owners, SECOND)

    withdraw_release(engine, zhou_lan, family="drawn", number=number, reason="superseded")

    for act in (check_release, review_release, release_from, withdraw_release):
        with pytest.raises(Conflict, match="zhou_lan has withdrawn it"):
            act(engine, sun_jie, family="drawn", number=number, reason="x")


def test_what_was_scheduled_before_never_replaces_what_came_after_it(engine, owners, clock):
    """Number 2 was to come in an hour; number 3 is deployed meanwhile. An hour later nobody wants 2 any more."""
    live(engine, owners, SECOND, clock.now() + HOUR)

    done = deploy(engine, SYSTEM, [THIRD], name="urgent")

    assert [(one.severity, one.rule) for one in done.findings if one.rule == "taken-off"] == [
        ("warning", "taken-off")
    ]
    assert acts(engine)[-1].payload["taken_off"] == {"drawn": [2]}
    clock.advance(2 * HOUR)
    assert started(engine) == 3


def test_a_version_that_lacks_what_came_after_it_does_not_go_live(engine, owners, clock):
    """Number 2 was reviewed before 3 was deployed; released now it would silently undo what 3 changed."""
    number = reviewed(engine, owners, SECOND)
    deploy(engine, SYSTEM, [THIRD], name="urgent")

    for moment in (None, clock.now() + HOUR):
        with pytest.raises(WrongState, match="on top of 3"):
            release_from(engine, owners[1], family="drawn", number=number, reason="x", moment=moment)

    assert started(engine) == 3


def test_no_release_is_live_since_yesterday(engine, owners, clock):
    number = reviewed(engine, owners, SECOND)

    with pytest.raises(InvalidInput, match="is past"):
        release_from(engine, owners[1], family="drawn", number=number, reason="x", moment=clock.now() - HOUR)


def test_a_release_is_made_once_and_the_second_hears_who_was_first(engine, owners):
    number = live(engine, owners, SECOND)

    with pytest.raises(Conflict, match="sun_jie released it") as refused:
        release_from(engine, owners[0], family="drawn", number=number, reason="me too")

    assert refused.value.by == "sun_jie"


def test_a_process_of_another_family_is_refused_when_it_would_go_live(engine, owners):
    zhou_lan, sun_jie = owners
    thief = FamilyFiles("thief", dict(SECOND.files))
    number = draft_release(engine, zhou_lan, thief, reason=WHY).number
    check_release(engine, zhou_lan, family="thief", number=number, reason="x")
    review_release(engine, sun_jie, family="thief", number=number, reason="x")

    with pytest.raises(DeploymentRefused, match="drawn already"):
        release_from(engine, sun_jie, family="thief", number=number, reason="x")

    with engine.store.reading() as session:
        pointers = session.execute(select(ReleasePointer.family)).scalars().all()
    assert "thief" not in pointers
    assert started(engine) == 1


def test_rules_that_changed_since_the_review_stop_it(engine, owners):
    """Drafted, checked and reviewed with a handler that the program of today does not have."""
    zhou_lan, sun_jie = owners
    files = family(process("asking", "received -> note -> done", service("note", "note")))
    number = reviewed(engine, owners, files)
    engine.register.__dict__["roles"] = {"somebody_else": object()}
    engine.register.__dict__["ids"] = frozenset({"X"})
    spoiled = reviewed_with_role(engine, owners)
    del engine.register.__dict__["roles"]

    release_from(engine, sun_jie, family="drawn", number=number, reason="x")
    with pytest.raises(DeploymentRefused):
        release_from(engine, zhou_lan, family="drawn", number=spoiled, reason="x")


def reviewed_with_role(engine, owners):
    return reviewed(engine, owners, family(process("asking", "a -> ask -> b", user("ask", "somebody_else"))))

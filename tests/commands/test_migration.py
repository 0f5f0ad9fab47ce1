"""A running case moves to another release: what it promised stays, what is drawn from here on is the new diagram."""

from datetime import timedelta

import pytest
from cases import complete, instance, open_task, open_tasks, start, state, timers, visits
from engines import person
from families import (
    boundary,
    call,
    catch,
    caught,
    for_each,
    gateway,
    install,
    process,
    profile,
    sub_process,
    timer,
    user,
)
from moved_cases import newest_release, rows_of

from engine.commands.clock_commands import pause_clock
from engine.commands.due.due_moments import do_due_moments
from engine.commands.hold_user_task import claim_user_task, save_draft
from engine.commands.migration.choice import CaseChoice
from engine.commands.migration.migrate import DoesNotFit, migrate_case, migrate_cases
from engine.commands.migration.plan import plan_migration
from engine.commands.migration.undo import undo_migration
from engine.commands.people.people_commands import add_organisation, add_person, grant_role
from engine.commands.start_instance import start_instance
from engine.model import Forbidden, InvalidInput, WrongState
from engine.people import SYSTEM

WHY = "新版流程"


def move(engine, case, mapping=None, by=SYSTEM):
    return migrate_case(
        engine,
        by,
        instance_key=case.instance_key,
        to_release_key=newest_release(engine, "drawn"),
        reason=WHY,
        mapping=mapping,
    )


def verdicts(engine, mapping=None):
    choice = CaseChoice(process_key="asking")
    return plan_migration(
        engine, SYSTEM, choice=choice, to_release_key=newest_release(engine, "drawn"), mapping=mapping
    )


def verdict(engine, mapping=None):
    (one,) = verdicts(engine, mapping)
    return one


def codes(notes):
    return [one.code for one in notes]


def asking(engine, flow="received -> ask -> done", *elements, limits=None, **more):
    profiles = [profile("asking", limits)] if limits else []
    install(engine, process("asking", flow, *(elements or (user("ask"),))), profiles=profiles, **more)


def test_a_case_goes_on_by_the_new_diagram_from_where_it_stands(engine):
    asking(engine)
    case = start(engine, "asking")
    asking(engine, "received -> ask -> check -> done", user("ask"), user("check"))
    assert verdict(engine).kind == "fits"

    move(engine, case)
    complete(engine, "li_na", open_task(engine, case))

    assert list(open_tasks(engine, case)) == ["check"]


def test_draft_claim_clock_and_due_moment_are_those_before(engine, clock):
    ask = user("ask", sla="handle")
    asking(engine, "received -> ask -> done", ask, limits={"handle": "2 WD"})
    case = start(engine, "asking")
    task = open_task(engine, case)
    claim_user_task(engine, person(engine, "li_na"), user_task_key=task)
    save_draft(engine, person(engine, "li_na"), user_task_key=task, values={"answer": "半句"})
    (clock_key,) = rows_of(engine, case)["clock"]
    pause_clock(engine, person(engine, "wang_wei"), clock_key=clock_key, kind="customer", reason="等材料")
    before = rows_of(engine, case)
    clock.advance(timedelta(hours=30))
    asking(engine, "received -> ask -> check -> done", ask, user("check"), limits={"handle": "9 WD"})

    assert codes(verdict(engine).remarks) == ["limit_changed"]
    move(engine, case)

    assert rows_of(engine, case) == before


def test_a_waiting_timer_keeps_its_moment_though_the_diagram_says_another_one(engine, clock):
    def drawn(span):
        late = boundary("late", "ask", timer(span))
        return ("received -> ask -> done; late -> press -> pressed", user("ask"), late, user("press"))

    asking(engine, *drawn("PT2H"))
    case = start(engine, "asking")
    (before,) = timers(engine, case)
    clock.advance(timedelta(hours=1))
    asking(engine, *drawn("PT48H"))

    assert codes(verdict(engine).remarks) == ["timer_changed"]
    move(engine, case)

    (after,) = timers(engine, case)
    assert (after.timer_key, after.fires_at, after.state) == (before.timer_key, before.fires_at, "waiting")
    clock.advance(timedelta(hours=1))
    do_due_moments(engine)
    assert list(open_tasks(engine, case)) == ["press"]


def test_a_new_boundary_timer_counts_from_the_move(engine, clock):
    asking(engine)
    case = start(engine, "asking")
    clock.advance(timedelta(hours=5))
    late = boundary("late", "ask", timer("PT2H"), cancels=False)
    asking(engine, "received -> ask -> done; late -> press -> pressed", user("ask"), late, user("press"))

    assert codes(verdict(engine).remarks) == ["event_added"]
    move(engine, case)

    (made,) = timers(engine, case)
    assert (made.element_id, made.fires_at) == ("late", clock.now() + timedelta(hours=2))
    clock.advance(timedelta(hours=2))
    do_due_moments(engine)
    tasks = open_tasks(engine, case)
    assert set(tasks) == {"ask", "press"}
    complete(engine, "li_na", tasks["press"])
    complete(engine, "li_na", tasks["ask"])
    assert state(engine, case) == "completed"


def test_a_second_boundary_timer_stands_beside_the_first(engine, clock):
    def late(key, span):
        return boundary(key, "ask", timer(span), cancels=False)

    asking(
        engine,
        "received -> ask -> done; late -> press -> pressed",
        user("ask"),
        late("late", "PT2H"),
        user("press"),
    )
    case = start(engine, "asking")
    asking(
        engine,
        "received -> ask -> done; late -> press -> pressed; later -> shout -> shouted",
        user("ask"),
        late("late", "PT2H"),
        late("later", "PT4H"),
        user("press"),
        user("shout"),
    )
    move(engine, case)

    clock.advance(timedelta(hours=4))
    do_due_moments(engine)

    assert set(open_tasks(engine, case)) == {"ask", "press", "shout"}


def test_a_timer_that_is_drawn_no_more_is_cancelled(engine, clock):
    late = boundary("late", "ask", timer("PT2H"))
    asking(engine, "received -> ask -> done; late -> press -> pressed", user("ask"), late, user("press"))
    case = start(engine, "asking")
    asking(engine)

    assert codes(verdict(engine).remarks) == ["event_removed"]
    move(engine, case)

    assert [one.state for one in timers(engine, case)] == ["cancelled"]
    clock.advance(timedelta(hours=3))
    do_due_moments(engine)
    complete(engine, "li_na", open_task(engine, case))
    assert state(engine, case) == "completed"


def test_a_branch_that_a_removed_event_has_opened_keeps_the_case_where_it_is(engine, clock):
    late = boundary("late", "ask", timer("PT2H"), cancels=False)
    asking(engine, "received -> ask -> done; late -> press -> pressed", user("ask"), late, user("press"))
    case = start(engine, "asking")
    clock.advance(timedelta(hours=3))
    do_due_moments(engine)
    asking(engine, "received -> ask -> press -> done", user("ask"), user("press"))

    assert verdict(engine).kind == "cannot"
    assert set(codes(verdict(engine).reasons)) == {"boundary_busy"}
    with pytest.raises(DoesNotFit, match="has fired"):
        move(engine, case)


def test_a_step_that_is_gone_needs_a_mapping(engine):
    asking(engine, "received -> ask -> check -> done", user("ask"), user("check"))
    case = start(engine, "asking")
    task = open_task(engine, case)
    asking(engine, "received -> check -> done", user("check"))

    assert (verdict(engine).kind, codes(verdict(engine).reasons)) == ("needs_mapping", ["element_gone"])
    with pytest.raises(DoesNotFit, match="say which element"):
        move(engine, case)
    assert verdict(engine, {"ask": "check"}).kind == "fits_with_remarks"
    move(engine, case, {"ask": "check"})

    assert open_tasks(engine, case) == {"check": task}
    complete(engine, "li_na", task)
    assert state(engine, case) == "completed"
    assert (visits(engine, case, "check"), visits(engine, case, "ask")) == (1, 0)


def test_a_step_cannot_be_replaced_by_one_of_another_kind(engine):
    asking(engine)
    start(engine, "asking")
    asking(engine, "received -> wait -> done", catch("wait", caught("message", "answered")))

    assert codes(verdict(engine, {"ask": "wait"}).reasons) == ["kind_changed"]


def test_a_renamed_task_with_another_form_is_shown_and_checked_as_the_new_diagram_says(engine):
    asking(engine)
    case = start(engine, "asking")
    renamed = user("ask").replace("name='ask'", "name='问清楚'")
    asking(engine, "received -> ask -> done", renamed)

    assert codes(verdict(engine).remarks) == ["name_changed"]
    move(engine, case)

    (task,) = rows_of(engine, case)["user_task"].values()
    assert task["name"] == "问清楚"


def test_inside_a_multi_instance_only_the_same_repetition_fits(engine):
    def drawn(names):
        return "received -> ask -> done", user("ask", inside=for_each(names, "one"))

    asking(engine, *drawn("${[1, 2]}"))
    start(engine, "asking")
    asking(engine, "received -> ask -> check -> done", drawn("${[1, 2]}")[1], user("check"))
    assert verdict(engine).kind == "fits"
    asking(engine, *drawn("${[1, 2, 3]}"))

    assert codes(verdict(engine).reasons) == ["repetition_changed"]


def test_a_multi_instance_goes_on_counting_after_the_move(engine):
    ask = user("ask", inside=for_each("${[1, 2]}", "one"))
    asking(engine, "received -> ask -> done", ask)
    case = start(engine, "asking")
    asking(engine, "received -> ask -> check -> done", ask, user("check"))
    move(engine, case)

    for key in rows_of(engine, case)["user_task"]:
        complete(engine, "li_na", key)

    assert list(open_tasks(engine, case)) == ["check"]


def test_between_a_split_and_its_join_the_branches_must_be_the_same(engine):
    split, join = gateway("both", "parallel"), gateway("joined", "parallel")
    two = "received -> both -> left -> joined -> done; both -> right -> joined"
    asking(engine, two, split, join, user("left"), user("right"))
    case = start(engine, "asking")
    asking(
        engine, two.replace("done", "last -> done"), split, join, user("left"), user("right"), user("last")
    )
    assert verdict(engine).kind == "fits"
    asking(
        engine,
        f"{two}; both -> third -> joined",
        split,
        join,
        user("left"),
        user("right"),
        user("third"),
    )

    assert (verdict(engine).kind, set(codes(verdict(engine).reasons))) == ("cannot", {"join_changed"})
    assert set(open_tasks(engine, case)) == {"left", "right"}


def test_a_join_completes_after_the_move_though_one_branch_had_come_before(engine):
    split, join = gateway("both", "parallel"), gateway("joined", "parallel")
    two = "received -> both -> left -> joined -> done; both -> right -> joined"
    asking(engine, two, split, join, user("left"), user("right"))
    case = start(engine, "asking")
    complete(engine, "li_na", open_tasks(engine, case)["left"])
    asking(
        engine, two.replace("done", "last -> done"), split, join, user("left"), user("right"), user("last")
    )

    move(engine, case)
    complete(engine, "li_na", open_tasks(engine, case)["right"])

    assert list(open_tasks(engine, case)) == ["last"]


def test_cases_inside_sub_processes_and_calls_are_carried_with_their_scopes(engine):
    def drawn(after):
        inner = sub_process("part", "begun -> ask -> asked", user("ask"))
        return (
            process("asking", f"received -> ring -> {after} -> done", call("ring", "called"), user(after)),
            process("called", "came -> part -> gone", inner),
        )

    install(engine, *drawn("check"))
    case = start(engine, "asking")
    install(engine, *drawn("look"))
    assert verdict(engine).kind == "fits"

    move(engine, case)
    complete(engine, "li_na", open_task(engine, case), answer="好")

    assert list(open_tasks(engine, case)) == ["look"]
    assert instance(engine, case).variables["answer"] == "好"


def test_an_element_that_stands_in_another_scope_by_now_keeps_the_case_where_it_is(engine):
    asking(engine)
    start(engine, "asking")
    asking(engine, "received -> part -> done", sub_process("part", "begun -> ask -> asked", user("ask")))

    assert (verdict(engine).kind, codes(verdict(engine).reasons)) == ("cannot", ["scope_changed"])


def test_a_call_that_gives_out_something_else_is_remarked(engine):
    def drawn(outs):
        return (
            process("asking", "received -> ring -> done", call("ring", "called", outs=outs)),
            process("called", "came -> ask -> gone", user("ask")),
        )

    install(engine, *drawn("all"))
    start(engine, "asking")
    install(engine, *drawn("answer"))

    assert codes(verdict(engine).remarks) == ["exchange_changed"]


def test_another_correlation_is_remarked_and_what_waits_keeps_its_own(engine):
    def drawn(variable):
        wait = catch("wait", caught("message", "answered"), correlation=variable)
        return "received -> wait -> done", wait

    asking(engine, *drawn("subject"))
    case = start(engine, "asking")
    before = rows_of(engine, case)
    asking(engine, *drawn("city"))

    assert codes(verdict(engine).remarks) == ["correlation_changed"]
    move(engine, case)

    assert rows_of(engine, case) == before


def test_a_message_of_another_name_is_not_waited_for_in_silence(engine):
    def drawn(message):
        return "received -> wait -> done", catch("wait", caught("message", message))

    asking(engine, *drawn("answered"))
    start(engine, "asking")
    asking(engine, *drawn("replied"))

    assert codes(verdict(engine).reasons) == ["event_changed"]


def test_undo_puts_back_every_byte(engine, clock):
    late = boundary("late", "ask", timer("PT2H"))
    asking(engine, "received -> ask -> done; late -> press -> pressed", user("ask"), late, user("press"))
    case = start(engine, "asking")
    before, rows = instance(engine, case), rows_of(engine, case)
    new = boundary("remind", "check", timer("PT1H"), cancels=False)
    asking(engine, "received -> check -> done; remind -> press -> pressed", user("check"), new, user("press"))
    move(engine, case, {"ask": "check"})
    assert rows_of(engine, case) != rows

    undo_migration(engine, SYSTEM, instance_key=case.instance_key, reason="还是旧版")

    after = instance(engine, case)
    assert after.state_blob == before.state_blob
    assert after.variables == before.variables
    assert (after.release_key, after.definition_key) == (before.release_key, before.definition_key)
    assert rows_of(engine, case) == rows
    clock.advance(timedelta(hours=2))
    do_due_moments(engine)
    assert list(open_tasks(engine, case)) == ["press"]


def test_undo_is_refused_once_the_case_has_gone_on(engine):
    asking(engine)
    case = start(engine, "asking")
    asking(engine, "received -> ask -> check -> done", user("ask"), user("check"))
    move(engine, case)
    complete(engine, "li_na", open_task(engine, case))

    with pytest.raises(WrongState, match="untouched since its move, but li_na changed it"):
        undo_migration(engine, SYSTEM, instance_key=case.instance_key, reason="还是旧版")
    assert list(open_tasks(engine, case)) == ["check"]


def test_a_move_is_taken_back_once(engine):
    asking(engine)
    case = start(engine, "asking")
    asking(engine, "received -> ask -> check -> done", user("ask"), user("check"))
    move(engine, case)
    undo_migration(engine, SYSTEM, instance_key=case.instance_key, reason="还是旧版")

    with pytest.raises(WrongState, match="took it back"):
        undo_migration(engine, SYSTEM, instance_key=case.instance_key, reason="再来一次")


def test_who_may_not_or_says_no_reason_moves_nothing(engine):
    asking(engine)
    case = start(engine, "asking")
    asking(engine, "received -> ask -> check -> done", user("ask"), user("check"))

    with pytest.raises(Forbidden):
        move(engine, case, by=person(engine, "li_na"))
    with pytest.raises(Forbidden):
        plan_migration(
            engine,
            person(engine, "li_na"),
            choice=CaseChoice(),
            to_release_key=newest_release(engine, "drawn"),
        )
    with pytest.raises(InvalidInput):
        undo_migration(engine, SYSTEM, instance_key=case.instance_key, reason=" ")


def test_the_owner_of_another_organisation_and_the_accused_hear_nothing_of_a_case(engine):
    asking(engine)
    start(engine, "asking")
    grant_role(engine, SYSTEM, username="chen_bo", unit_key="bank", role_key="process_owner")
    start_instance(
        engine, person(engine, "li_na"), process_key="asking", variables={"complained_about": "chen_bo"}
    )
    add_organisation(engine, SYSTEM, key="mill", name={"zh": "纺织厂", "en": "Mill"})
    add_person(engine, SYSTEM, username="owner", organisation_key="mill", name={"zh": "业主", "en": "Owner"})
    grant_role(engine, SYSTEM, username="owner", unit_key="mill", role_key="process_owner")
    asking(engine, "received -> ask -> check -> done", user("ask"), user("check"))

    def heard(by):
        choice, target = CaseChoice(process_key="asking"), newest_release(engine, "drawn")
        actor = person(engine, by)
        planned = plan_migration(engine, actor, choice=choice, to_release_key=target)
        moved = migrate_cases(engine, actor, choice=choice, to_release_key=target, reason=WHY)
        return len(planned), len(moved)

    assert heard("owner") == (0, 0)
    assert heard("chen_bo") == (1, 1)


def test_of_many_cases_those_that_do_not_fit_stay_and_the_others_go(engine):
    asking(engine, "received -> ask -> check -> done", user("ask"), user("check"))
    cases = [start(engine, "asking") for _ in range(4)]
    for case in cases[:2]:
        complete(engine, "li_na", open_task(engine, case))
    asking(engine, "received -> check -> done", user("check"))
    target, told = newest_release(engine, "drawn"), []

    outcomes = migrate_cases(
        engine,
        SYSTEM,
        choice=CaseChoice(process_key="asking"),
        to_release_key=target,
        reason=WHY,
        progress=lambda done, of: told.append((done, of)),
    )

    assert [one.migrated is not None for one in outcomes] == [True, True, False, False]
    assert [instance(engine, one).release_key == target for one in cases] == [True, True, False, False]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]

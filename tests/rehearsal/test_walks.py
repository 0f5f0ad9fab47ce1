"""Walking: with whose hands, with which values, and how far."""

import pytest
from rehearsals import GIVEN


def test_the_person_in_by_is_tried_first(tell):
    people = GIVEN.replace(
        'wang_wei = ["outlet_head"]', 'wang_wei = ["outlet_head"]\nsun_li = ["outlet_head"]'
    )

    told = tell(
        '[[step]]\nwhen_walked_past = "handling"\nby = "sun_li"\nthen_done_by = ["sun_li", "li_na"]\n'
        'then_not_done_by = ["wang_wei"]',
        people,
    )

    assert told.failure is None


def test_what_the_story_gives_wins_over_the_example_of_a_form(tell):
    given = GIVEN.replace('level = "minor"', 'level = "major"')

    told = tell(
        '[[step]]\nwhen_walked_to = "TINY/T0"\nthen_variables = { level = "major", amount = 10 }', given
    )

    assert told.failure is None


def test_the_value_in_with_wins_over_what_the_story_gives(tell):
    told = tell(
        '[[step]]\nwhen_walked_to = "TINY/T0"\nwith = { level = "major" }\nthen_variables = { level = "major" }'
    )

    assert told.failure is None


def test_the_example_that_agrees_with_the_values_is_taken_whole(tell):
    told = tell(
        '[[step]]\nwhen_walked_past = "decide_matter"\nwith = { level = "major", decision = "unfounded" }\n'
        'then_variables = { why = "查无此事" }'
    )

    assert told.failure is None


def test_people_of_an_example_who_are_not_there_are_left_out(tell):
    told = tell(
        '[[step]]\nwhen_walked_to = "handle_matter"\nthen_worklist = { wang_wei = 1 }\n'
        '[[step]]\nwhen_walked_to = "call_back"\nthen_history = ["handle_matter"]'
    )

    assert told.failure is None
    assert told.outcome is not None
    assert told.outcome.variables["complained_about"] is None


def test_a_clock_and_a_task_that_carry_an_id_are_both_reached(tell):
    told = tell(
        '[[step]]\nwhen_walked_to = "TINY/T2"\nthen_waiting_at = ["handle_matter"]\n'
        '[[step]]\nwhen_walked_past = "TINY/T1"\nthen_clock = { "TINY/T1" = "met" }\n'
        'then_waiting_at = ["call_back"]'
    )

    assert told.failure is None


def test_what_is_past_already_leaves_nothing_to_walk(tell):
    told = tell(
        '[[step]]\nwhen_walked_to = "handle_matter"\n'
        '[[step]]\nwhen_walked_past = "TINY/I1"\nthen_waiting_at = ["handle_matter"]'
    )

    assert told.failure is None


def test_an_element_that_never_waits_is_walked_over(tell):
    told = tell('[[step]]\nwhen_walked_to = "number_dossier"\nthen_variables = { dossier_number = 1 }')

    assert told.failure is None


def test_nobody_of_the_story_may(tell):
    told = tell(
        '[[step]]\nwhen_walked_to = "call_back"\nthen_ended = false',
        GIVEN.replace('wang_wei = ["outlet_head"]', ""),
    )

    assert told.failure is not None
    assert told.failure.en == (
        "Expected to reach call_back, but nobody of [given.people] may complete handle_matter."
    )


def test_a_customer_may_be_told_but_holds_nothing(tell):
    told = tell(
        "[[step]]\nthen_worklist = { kang_fu = 0 }\n"
        '[[step]]\nwhen_completed = "record_matter"\nby = "kang_fu"\n'
        'with = { subject = "x", level = "minor" }\nthen_rejected = "candidate"\n'
        '[[step]]\nwhen_walked_to = "wait_for_reply"\nthen_notified = ["kang_fu", "customer"]\n'
        'then_not_done_by = ["kang_fu"]\n'
        '[[step]]\nwhen_message = "customer_replied"\nby = "kang_fu"\nthen_ended = "closed"'
    )

    assert told.failure is None


@pytest.mark.parametrize("word", ["when_walked_to", "when_walked_past"])
def test_the_case_is_over_before(tell, word):
    told = tell(
        '[[step]]\nwhen_walked_to = "wait_for_reply"\n[[step]]\nwhen_message = "customer_replied"\n'
        f'[[step]]\n{word} = "check_outside"\nthen_ended = true'
    )

    assert told.failure is not None
    assert (
        told.failure.en == "Expected to reach check_outside, but no task is open: the case is over (closed)."
    )

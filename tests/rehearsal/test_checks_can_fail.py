"""The tester is tested: each check word fails when the case is otherwise, at its step and in plain words.

The story stands at handle_matter unless a row walks on; each row is one step and the sentence that must come of it.
"""

import pytest
from rehearsals import GIVEN

WALK = '[[step]]\nwhen_walked_to = "handle_matter"\n'
LATE = "[[step]]\nwhen_time_is = 2026-03-04T18:00:01+08:00\n"
CONFIRM = '[[step]]\nwhen_walked_to = "call_back"\n'

ROWS = {
    "waiting at another task": (
        'then_waiting_at = ["call_back"]',
        "Expected the case to wait at call_back, but the case waits at handle_matter.",
    ),
    "waiting nowhere": ("then_waiting_at = []", "Expected the case to wait nowhere, but the case waits at handle_matter."),
    "a limit whose clock has not started": (
        'then_waiting_at = ["TINY/T0"]',
        "Expected the case to wait at TINY/T0, but the case waits at handle_matter.",
    ),
    "due at another moment": (
        "then_due = { handle_matter = 2026-03-04T17:00:00+08:00 }",
        "Expected handle_matter to be due Wed 2026-03-04 17:00, but it is due Wed 2026-03-04 18:00.",
    ),
    "due by its limit at another moment": (
        'then_due = { "TINY/T2" = 2026-03-04T18:00:01 }',
        "Expected TINY/T2 to be due Wed 2026-03-04 18:00:01, but it is due Thu 2026-03-05 18:00.",
    ),
    "due though it is not open": (
        "then_due = { call_back = 2026-03-04T17:00:00+08:00 }",
        "Expected call_back to be due Wed 2026-03-04 17:00, but nothing of it is open: the case waits at handle_matter.",
    ),
    "a clock in another state": (
        'then_clock = { "TINY/T1" = "met" }',
        "Expected the clock of TINY/T1 to be met, but it is running (due Wed 2026-03-04 18:00).",
    ),
    "a clock that has not started": (
        'then_clock = { "TINY/T0" = "running" }',
        "Expected the clock of TINY/T0 to be running, but it has not started.",
    ),
    "a person who was not told": (
        'then_notified = ["zhao_min"]',
        "Expected a notice to zhao_min, but since the last step nobody was told anything.",
    ),
    "a role that was not told": (
        'then_notified = ["tier1_branch"]',
        "Expected a notice to tier1_branch, but since the last step nobody was told anything.",
    ),
    "a customer who was not told": (
        'then_notified = ["customer"]',
        "Expected a notice to customer, but since the last step nobody was told anything.",
    ),
    "a role that was told": (
        'when_time_is = 2026-03-04T18:00:01+08:00\nthen_not_notified = ["service_mgmt", "outlet_head"]',
        "Expected no notice to service_mgmt, but since the last step these were told: "
        "zhao_min (deadline_warning), zhao_min (deadline_breached).",
    ),
    "done by somebody who has not": (
        'then_done_by = ["li_na", "wang_wei"]',
        "Expected wang_wei to have completed a task of the case, but those who have are: li_na.",
    ),
    "not done by somebody who has": (
        'then_not_done_by = ["li_na"]',
        "Expected li_na to have completed no task of the case, but li_na has done record_matter.",
    ),
    "a longer worklist": (
        "then_worklist = { wang_wei = 2 }",
        "Expected 2 open tasks that wang_wei may work on, but there are 1: handle_matter.",
    ),
    "an empty worklist": (
        "then_worklist = { li_na = 0, wang_wei = 0 }",
        "Expected 0 open tasks that wang_wei may work on, but there are 1: handle_matter.",
    ),
    "an incident where all is well": ("then_incident = true", "Expected an incident, but there is none."),
    "an incident at a place": (
        'then_incident = "is_major"',
        "Expected an incident at is_major, but there is nothing.",
    ),
    "a history in another order": (
        'then_history = ["is_major", "record_matter"]',
        "Expected record_matter after is_major in the history, but the case has gone through: matter_received, "
        "record_matter, is_major, handling_due, handling_started.",
    ),
    "a history with what has not happened": (
        'then_history = ["handle_matter"]',
        "Expected handle_matter in the history, but the case has gone through: ",
    ),
    "a variable with another value": (
        'then_variables = { subject = "x" }',
        "Expected the variable subject to be 'x', but it is '等候太久'.",
    ),
    "a variable that is no truth": (
        "then_variables = { amount = true }",
        "Expected the variable amount to be True, but it is 10.",
    ),
    "a variable that does not exist": (
        "then_variables = { subjekt = 1 }",
        "Expected the variable subjekt to be 1, but the case has no such variable.",
    ),
    "an end that was not reached": (
        'then_ended = "closed"',
        "Expected the case to end at closed, but the case waits at handle_matter.",
    ),
    "an end, any": ("then_ended = true", "Expected the case to be over, but the case waits at handle_matter."),
    "a refusal that does not come": (
        'when_claimed = "handle_matter"\nby = "wang_wei"\nthen_rejected = ""',
        "Expected when_claimed handle_matter to be refused, but it was done.",
    ),
    "a refusal for another reason": (
        'when_claimed = "handle_matter"\nby = "li_na"\nthen_rejected = "COI-1"',
        "Expected when_claimed handle_matter to be refused with a message that contains 'COI-1', but it says: Expected",
    ),
    "a refusal that nobody expected": (
        'when_claimed = "handle_matter"\nby = "li_na"\nthen_ended = false',
        "Refused: Expected a candidate of this task, but the person holds none of its roles.",
    ),
    "a task that is not open": (
        'when_completed = "call_back"\nby = "li_na"\nthen_ended = false',
        "Expected call_back to be open, but the case waits at handle_matter.",
    ),
    "a clock that cannot be paused": (
        'when_paused = "TINY/T0"\nby = "li_na"\nthen_ended = false',
        "Expected an open clock of TINY/T0, but there is none.",
    ),
    "a walk past what comes too late": (
        'when_walked_past = "wait_for_reply"\nthen_ended = true',
        "Expected to reach wait_for_reply, but no task is open: the case waits at wait_for_reply.",
    ),
    "a walk that leads nowhere": (
        'when_walked_to = "check_outside"\nthen_ended = true',
        "Expected to reach check_outside, but no task is open: the case waits at wait_for_reply.",
    ),
    "a walk with a value that nobody asks for": (
        'when_walked_to = "call_back"\nwith = { decision = "unfounded" }\nthen_ended = false',
        "Expected a form with decision on the way (`with`), but no task that was completed asks for it.",
    ),
    "a walk in a circle": (
        'when_walked_past = "end"\nwith = { satisfied = false }\nthen_ended = true',
        "Expected to reach end, but after 200 tasks the case still goes round in call_back, handle_matter.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS.keys())
def test_it_fails_on(tell, row):
    step, sentence = row

    told = tell(f"{WALK}[[step]]\n{step}")

    assert told.failure is not None, "The story should have failed."
    assert told.failure.step_number == 2
    assert told.failure.en.startswith(sentence), told.failure.en
    assert told.failure.zh != told.failure.en


def test_it_fails_when_the_incident_is_another_one(tell):
    told = tell(
        '[[step]]\nwhen_completed = "record_matter"\nby = "li_na"\nwith = { amount = 0 }\nthen_incident = "confirm"'
    )

    assert told.failure is not None
    assert told.failure.en.startswith(
        "Expected an incident at confirm, but there is is_major (expression: Element is_major"
    )


def test_it_fails_when_there_is_an_incident_and_none_should_be(tell):
    told = tell(
        '[[step]]\nwhen_completed = "record_matter"\nby = "li_na"\n'
        'with = { subject = "x", level = "minor", amount = 0 }\nthen_rejected = ""\n'
        "then_incident = false"
    )

    assert told.failure is not None
    assert told.failure.en.startswith("Expected no incident, but there is one: is_major")


def test_it_fails_when_time_breaks_a_promise_that_the_story_calls_kept(tell):
    told = tell(f'{WALK}{LATE}then_clock = {{ "TINY/T1" = "running" }}')

    assert told.failure is not None
    assert told.failure.en.startswith("Expected the clock of TINY/T1 to be running, but it is breached")


def test_it_fails_when_the_case_goes_on_after_its_end(tell):
    told = tell(
        f'{CONFIRM}[[step]]\nwhen_walked_past = "confirm"\n[[step]]\nwhen_message = "customer_replied"\n'
        "then_ended = false"
    )

    assert told.failure is not None
    assert told.failure.step_number == 3
    assert told.failure.en == "Expected the case to be still running, but the case is over (closed)."


def test_it_fails_when_the_start_is_refused(tell):
    told = tell(
        "[[step]]\nthen_ended = false",
        given=GIVEN.replace('level = "minor"', 'level = "huge"'),
    )

    assert told.failure is not None
    assert told.failure.en.startswith("Refused: Expected values that fit form record")


def test_it_fails_when_the_start_should_be_refused_and_is_not(tell):
    told = tell('[[step]]\nthen_rejected = "level"')

    assert told.failure is not None
    assert told.failure.en == "Expected the start to be refused, but it was done."

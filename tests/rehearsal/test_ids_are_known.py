"""Ids and names that the family does not have are errors, before anything is played, with what was probably meant."""

import pytest
from rehearsals import GIVEN

STEPS = {
    'then_waiting_at = ["handel_matter"]': "`then_waiting_at` names the element 'handel_matter', which these diagrams do not have. Did you mean handle_matter?",
    'then_waiting_at = ["TINY/T9"]': "`then_waiting_at` names the register id 'TINY/T9', which these diagrams do not have. Did you mean TINY/T",
    'then_clock = { "CMP-01/T2" = "met" }': "`then_clock` names 'CMP-01/T2', which is in the register, but neither the profile TINY nor an element of these diagrams carries it.",
    'then_clock = { "TINY/T1" = "runing" }': "`then_clock` names 'runing', which is no state of a clock. Did you mean running?",
    "then_due = { closd = 2026-03-04T17:00:00 }": "`then_due` names the element 'closd', which these diagrams do not have. Did you mean closed",
    'then_notified = ["teir1_branch"]': "`then_notified` names 'teir1_branch', which is no person or role. Did you mean tier1_branch",
    'then_not_notified = ["wang_wai"]': "`then_not_notified` names 'wang_wai', which is no person or role. Did you mean wang_wei",
    'then_done_by = ["lina"]': "`then_done_by` names 'lina', who is not listed in [given.people]. Did you mean li_na?",
    "then_worklist = { tier1_branch = 1 }": "`then_worklist` names 'tier1_branch', who is not listed in [given.people].",
    'then_incident = "is_majr"': "`then_incident` names the element 'is_majr', which these diagrams do not have. Did you mean is_major?",
    'then_history = ["number_dosier"]': "`then_history` names the element 'number_dosier'",
    'then_ended = "pressed"': "`then_ended` names 'pressed', which is no end event. Known: closed, closed_silently, closed_unreached.",
    'when_completed = "x"\nby = "sun_li"\nthen_ended = true': "`by` names 'sun_li', who is not listed in [given.people]. Known: kang_fu, li_na, qian_yi, wang_wei, zhao_min.",
    'when_completed = "x"\nby = "li_na"\nthen_ended = true': "`when_completed` names the element 'x', which these diagrams do not have.",
    'when_walked_to = "TINY/I9"\nthen_ended = true': "`when_walked_to` names the register id 'TINY/I9'",
    'when_message = "customer_replies"\nthen_ended = true': "`when_message` names 'customer_replies', which is no message of these diagrams. Did you mean customer_replied?",
    'when_handler_fails = "tiny_tel"\nthen_ended = true': "`when_handler_fails` names the element 'tiny_tel', which these diagrams do not have. Did you mean tiny_tell?",
    'when_handler_fails = "is_major"\nthen_ended = true': "Expected a service task with a topic, but is_major is none.",
    'when_claimed = "record_matter"\nthen_ended = true': "Expected `by`: who does `when_claimed`?",
    'when_completed = "record_matter"\nthen_ended = true': "Expected `by`: who completes the task?",
    'when_time_is = 2026-03-02T09:00:00\nthen_ended = true': "Time does not run backwards: it is Mon 2026-03-02 10:00 already, but the step says Mon 2026-03-02 09:00.",
    'when_time_passes = "two days"\nthen_ended = true': "`when_time_passes`: Expected an ISO 8601 duration",
    'when_handler_fails = "tell_customer"\nwith = { why = "x" }\nthen_ended = false': "`with` knows message, permanent, code here, but not 'why'.",
}  # fmt: skip


@pytest.mark.parametrize(("step", "says"), STEPS.items(), ids=list(STEPS))
def test_it_says_what_is_not_known(tell, step, says):
    told = tell(f"[[step]]\n{step}")

    assert told.failure is not None
    assert told.failure.step_number == 1
    assert f"step 1: {says}" in told.failure.en, told.failure.en
    assert told.failure.zh.startswith("第 1 步：")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('by        = "li_na"', 'by = "chen_bo"', "[given]: `by` names 'chen_bo', who is not listed in [given.people]."),
        ('["first_receiver"]', '["first_reciever"]', "[given.people]: li_na: the role 'first_reciever' is not in the register. Did you mean first_receiver?"),
        ('"TINY"', '"TINNY"', "[given]: There is no profile 'TINNY' in family family. Did you mean TINY?"),
        ('profile   = "TINY"', 'process = "small_mater"', "[given]: There is no process 'small_mater' in family family. Did you mean small_matter?"),
        ("[given]", 'source = ["CMP-01/T99"]\n[given]', "`source` names 'CMP-01/T99', which is not in the register."),
        ("[given.people]", "calendar = 'xx'\n[given.people]", "Expected a calendar 'xx', but there is none (known: cn)."),
        ("[given.people]", "[given.units]\neast = { under = 'ciyt' }\ncity = {}\n[given.people]", "units.east is under 'ciyt', which is not listed. Did you mean city?"),
        ("[given.people]", "[given.units]\neast = { head = 'chen_bo' }\n[given.people]", "`units.east` names 'chen_bo', who is not listed"),
        ("[given.people]", "[given.units]\neast = { under = 'city' }\ncity = { under = 'east' }\n[given.people]", "units.east lies under itself."),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong_with_the_givens(tell, old, new, says):
    told = tell("[[step]]\nthen_ended = false", GIVEN.replace(old, new, 1))

    assert told.failure is not None
    assert says in told.failure.en, told.failure.en


def test_a_unit_above_needs_no_line_of_its_own(tell):
    units = (
        '[given.units]\n"east" = { under = "city", people = ["li_na"], head = "wang_wei" }\n[given.people]'
    )

    told = tell("[[step]]\nthen_ended = false", GIVEN.replace("[given.people]", units))

    assert told.failure is None

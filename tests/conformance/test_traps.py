"""Every trap of the library and of third-party models is gone or refused: here by a model, or by a test that is named.

The models stand in traps.py, and beside them in the tests of constructs and of the coverage page, which tell of links,
signals, compensation, event sub-processes, conditional events, quantities, loops and references to definitions.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Databases
from engines import FRIDAY

from engine.model import VirtualClock
from engine.store import Store
from tests.conformance.construct import Construct
from tests.conformance.driving import World, verdict_of
from tests.conformance.traps import TRAPS

HOUSE = Path(__file__).parents[2]

# Trap → the test that shows it gone. Those of a single element are models in traps.py.
TOLD_ELSEWHERE = {
    "a loop of many rounds ends in a recursion error or a false “completed”": "tests/spiff/test_case_run.py::test_a_thousand_rework_loops_keep_the_state_small",
    "a loop of steps that need nobody": "tests/spiff/test_case_run.py::test_a_long_loop_of_automatic_steps_runs_to_its_end",
    "a loop around a boundary event": "tests/spiff/test_case_run.py::test_a_loop_around_a_deadline_keeps_the_state_small_too",
    "a loop that never ends": "tests/commands/test_failures.py::test_a_loop_without_end_is_an_incident_not_a_hang",
    "tasks that a repeating timer has opened vanish with their host": "tests/spiff/test_events.py::test_work_that_a_repeating_timer_opens_outlives_its_host",
    "a freshly read diagram hangs multi-instance tasks": "tests/spiff/test_case_run.py::test_each_of_several_signers_has_an_iteration_of_its_own",
    "moving a case to another version restarts its clocks and drops its drafts": "tests/commands/test_migration.py::test_draft_claim_clock_and_due_moment_are_those_before",
    "a renamed open task stays on the old diagram": "tests/commands/test_migration.py::test_a_renamed_task_with_another_form_is_shown_and_checked_as_the_new_diagram_says",
    "conditions, scripts, timers and cells run as Python": "tests/expressions/test_attacks_in_diagrams.py::test_an_attack_in_a_diagram_is_refused_with_element_and_line",
    "hit policies act as “first”": "tests/decisions/test_hit_policies.py",
    "cells of tables are Python, and some never match": "tests/decisions/test_cells.py",
    "of correlation keys one is enough": "tests/contracts/test_messages.py::test_a_message_moves_the_case_that_waits_for_it",
    "a message that nobody waits for is an error": "tests/contracts/test_messages.py::test_a_message_that_comes_early_is_kept_and_delivered_when_the_case_waits",
    "missed rounds of a timer come in a burst": "tests/commands/test_timers.py::test_missed_rounds_are_caught_up_as_the_setting_says",
    "an error goes to every boundary event around": "tests/spiff/test_case_run.py::test_a_business_error_goes_to_the_nearest_boundary_that_knows_it",
    "a failure of a handler hides its cause": "tests/commands/test_failures.py::test_whatever_text_of_an_element_fails_is_told_with_its_place",
    "an interrupting event from inside a sub-process comes too late": "tests/spiff/test_events.py::test_an_interrupting_event_from_inside_stops_the_rest_of_its_sub_process",
    "a condition sees only its own token": "tests/spiff/test_events.py::test_a_condition_is_seen_whichever_branch_makes_it_true",
    "values that no JSON can keep": "tests/commands/test_failures.py::test_values_that_nothing_can_keep_are_refused_before_anything_happens",
    "threads disturb each other when states are written": "tests/soak/test_states_at_once.py",
    "XML is read with entities and inclusions": "tests/diagrams/test_safe_xml.py::test_processing_instructions_and_inclusions_are_left_alone",
    "a refusal names no line": "tests/diagrams/test_rules.py::test_a_rule_names_the_element_and_the_line",
    "a row of five hundred steps is too long": "tests/diagrams/normalise/test_long_rows.py::test_a_thousand_steps_in_a_row_run_one_after_the_other",
    "two files may hold one process": "tests/diagrams/test_rules.py::test_two_files_may_not_hold_one_process",
    "a process calls itself": "tests/diagrams/test_catching.py::test_calls_in_a_circle_are_looked_at_once",
    "lanes that name an element with spaces around it": "tests/diagrams/test_reading.py::test_a_lane_reference_may_have_spaces_around_it",
}


@pytest.fixture(scope="module")
def world(databases: Databases, settled_tables: Store) -> Iterator[World]:
    store = databases.copy_of(settled_tables)
    yield World(store, VirtualClock(FRIDAY))
    databases.throw_away(store)


@pytest.mark.parametrize("trap", TRAPS, ids=lambda one: one.name)
def test_nobody_falls_into_it(trap: Construct, world: World):
    verdict, different = verdict_of(world, trap)

    wanted = f"refused by {trap.refused_by}" if trap.refused_by else "runs as specified"
    assert verdict == wanted, "; ".join(different)


@pytest.mark.parametrize("trap", TOLD_ELSEWHERE)
def test_another_test_tells_it(trap: str):
    path, _, name = TOLD_ELSEWHERE[trap].partition("::")

    assert re.search(rf"^def {name or 'test_'}", (HOUSE / path).read_text("utf-8"), re.MULTILINE)

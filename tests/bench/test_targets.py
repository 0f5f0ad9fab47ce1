"""The measurements themselves run, and what does not depend on a quiet machine keeps its target."""

import re

import pytest

from bench import complaints
from bench.complaints import measure_complaints
from bench.house import PROCESSES, distributed_house
from bench.loops import measure_loops
from bench.statements import measure_statements, report_statements

pytestmark = pytest.mark.slow


@pytest.fixture
def lines(capsys):
    """Runs a measure and gives its lines: name → value."""

    def run(measure, *arguments):
        measure(*arguments)
        printed = capsys.readouterr().out.splitlines()
        for line in printed:
            assert re.fullmatch(r"[a-z0-9_]+\t[0-9.e+-]+\t\S.*", line), line
        return {name: float(value) for name, value, _ in (line.split("\t") for line in printed)}

    return run


def test_a_completed_task_costs_few_statements_and_one_commit(lines):
    found = lines(measure_statements)

    assert found["complete_statements"] <= 15
    assert found["complete_commits"] == 1
    assert found["start_commits"] == 1


def test_stock_spiffworkflow_walks_the_same_way_as_ours(lines, monkeypatch):
    monkeypatch.setattr(complaints, "CASES_OF_EACH", 1)

    found = lines(measure_complaints, 1)

    assert found["complaints_tasks_per_case"] > 5
    # Loosely: the machine may be busy. `make bench` measures, with a target of 0.3.
    assert found["complaints_ratio"] > 0.1


def test_a_hundred_rework_loops_do_not_make_a_case_slow(lines):
    found = lines(measure_loops, 100)

    assert found["loop_factor"] < 2


@pytest.mark.postgresql
def test_a_completed_task_costs_no_more_on_postgresql(lines, postgres):
    with postgres.empty_database() as url, distributed_house(url, PROCESSES / "complaint") as settled:
        found = lines(report_statements, settled, "distributed_")

    # A few more than on SQLite: the case's row is locked, and a job that is due at once gets its ticket with it.
    assert found["distributed_complete_statements"] <= 17
    assert found["distributed_complete_commits"] == 1
    assert found["distributed_start_commits"] == 1

"""KPIs: figures by period of a small made world, and a definitions file that answers for every Core indicator."""

import csv
import json
import re
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from branch import open_branch
from cases import complete, open_task
from engines import ORGANISATION, PROCESSES, SHANGHAI, person
from families import family, process, profile, user

from engine.commands.due.due_work import do_due_work
from engine.commands.people.people_commands import add_organisation, grant_role
from engine.commands.releases.deploy import deploy
from engine.commands.start_instance import start_instance
from engine.commands.terminate_instance import terminate_instance
from engine.model import Forbidden, NotFound
from engine.people import SYSTEM
from engine.queries.kpis import KpiFileError, find_series, last_spans, load_kpis

REGISTER = PROCESSES / "register"
MADE = """
[measures.closed]
of = "cases"
at = "ended"
families = ["drawn"]

[measures.in_time]
of = "cases"
at = "ended"
families = ["drawn"]
kept = true

[measures.begun]
of = "cases"
at = "started"
processes = ["answer"]

[measures.big]
of = "cases"
at = "started"
where = "amount > 10"

[measures.amount]
of = "cases"
at = "started"
value = "amount"

[measures.promises]
of = "clocks"
at = "due"
limits = ["CMP-01/T1"]

[measures.promises_kept]
of = "clocks"
at = "due"
kept = true

[measures.given]
of = "tasks"
at = "created"

[measures.done]
of = "tasks"
at = "created"
kept = true
"""
KPI = """
[[kpi]]
id = "{id}"
title = {{ zh = "一", en = "One" }}
says = {{ zh = "一", en = "One" }}
cycle = "{cycle}"
figure = "{figure}"
numerator = {numerator}
denominator = {denominator}
"""


def kpi(tmp_path, figure, numerator, denominator=(), cycle="month", more=""):
    text = KPI.format(
        id="X", cycle=cycle, figure=figure, numerator=list(numerator), denominator=list(denominator)
    )
    (tmp_path / "kpis.toml").write_text(MADE + text + more, "utf-8")
    load_kpis.cache_clear()
    return load_kpis(tmp_path).kpis[0]


def figures(engine, wanted, username="wang_wei", unit=None):
    """(numerator, denominator) of the last two periods."""
    points = find_series(engine, person(engine, username), wanted, ORGANISATION, unit).points[-2:]
    return [(one.numerator, one.denominator) for one in points]


@pytest.fixture
def world(engine, clock):
    """January: a case closed in time, one late. February: one in time, one still open and late."""
    clock.set(datetime(2026, 1, 5, 9, tzinfo=SHANGHAI))
    answer = process("answer", "in -> write -> out", user("write", sla="reply"))
    deploy(engine, SYSTEM, [family(answer, profiles=[profile("answer", {"reply": "2 WD"})])], name="drawn")
    grant_role(engine, SYSTEM, username="chen_bo", unit_key=ORGANISATION, role_key="first_receiver")
    january = [begin(engine, amount=5), begin(engine, amount=20)]
    close(engine, january[0])
    clock.advance(timedelta(days=10))
    do_due_work(engine)
    close(engine, january[1])
    clock.set(datetime(2026, 2, 2, 9, tzinfo=SHANGHAI))
    february = [begin(engine, amount=30), begin(engine)]
    close(engine, february[0])
    clock.advance(timedelta(days=10))
    do_due_work(engine)
    return engine


def begin(engine, **values):
    return start_instance(engine, person(engine, "li_na"), process_key="answer", variables=values)


def close(engine, case):
    complete(engine, "li_na", open_task(engine, case))


@pytest.mark.parametrize(
    ("figure", "numerator", "denominator", "expected"),
    [
        ("share", ["in_time"], ["closed"], [(1, 2), (1, 1)]),
        ("count", ["begun"], [], [(2, None), (2, None)]),
        ("share", ["big"], ["begun"], [(1, 2), (1, 2)]),
        ("mean", ["amount"], ["begun"], [(25, 2), (30, 2)]),
        ("share", ["promises_kept"], ["promises"], [(1, 2), (1, 2)]),
        ("share", ["done"], ["given"], [(2, 2), (1, 2)]),
        ("count", ["big", "begun"], [], [(3, None), (3, None)]),
    ],
)
def test_figures_by_month(world, tmp_path, figure, numerator, denominator, expected):
    wanted = kpi(tmp_path, figure, numerator, denominator)

    assert figures(world, wanted) == expected
    before = find_series(world, person(world, "wang_wei"), wanted, ORGANISATION).points[0]
    assert before.figure == (0 if figure == "count" else None)  # nothing to divide by is no zero


def test_a_figure_may_be_split_by_a_variable(world, tmp_path):
    parts = find_series(
        world,
        person(world, "wang_wei"),
        kpi(tmp_path, "count", ["begun"], more='split = "amount"'),
        ORGANISATION,
    ).parts

    assert {(one.value, one.number) for one in parts} == {(5, 1), (20, 1), (30, 1), (None, 1)}


def test_units_see_their_own_and_no_unit_is_made_up(world, tmp_path):
    open_branch(world)
    wanted = kpi(tmp_path, "count", ["begun"])

    assert figures(world, wanted, unit=ORGANISATION) == [(2, None), (2, None)]
    with pytest.raises(NotFound):
        figures(world, wanted, unit="nowhere")


def test_who_may_not_read_reports_reads_none(world, tmp_path):
    wanted = kpi(tmp_path, "count", ["begun"])
    add_organisation(world, SYSTEM, key="other", name={"zh": "城西", "en": "West"})

    with pytest.raises(Forbidden):
        figures(world, wanted, "li_na")
    with pytest.raises(Forbidden):
        find_series(world, person(world, "wang_wei"), wanted, "other")
    assert [one.numerator for one in find_series(world, SYSTEM, wanted, "other").points[-2:]] == [0, 0]


def test_a_case_that_was_stopped_counts_for_nothing(world, tmp_path, clock):
    clock.set(datetime(2026, 3, 2, 9, tzinfo=SHANGHAI))
    case = begin(world)
    terminate_instance(world, person(world, "wang_wei"), instance_key=case.instance_key, reason="重复登记")

    assert figures(world, kpi(tmp_path, "share", ["promises_kept"], ["promises"]))[1] == (0, 0)
    assert figures(world, kpi(tmp_path, "share", ["in_time"], ["closed"]))[1] == (0, 0)


@pytest.mark.parametrize(
    ("cycle", "labels"),
    [
        ("day", ["2026-02-12", "2026-02-13"]),
        ("week", ["2026-W06", "2026-W07"]),
        ("month", ["2026-01", "2026-02"]),
        ("quarter", ["2025-Q4", "2026-Q1"]),
        ("half-year", ["2025-H2", "2026-H1"]),
        ("year", ["2025", "2026"]),
    ],
)
def test_periods_follow_the_calendar_of_the_house(cycle, labels):
    spans = last_spans(cycle, datetime(2026, 2, 13, 16, tzinfo=SHANGHAI), SHANGHAI)

    assert [one.label for one in spans[-2:]] == labels
    assert all(one.ends_at == after.begins_at for one, after in pairwise(spans))


def test_every_core_indicator_has_a_figure_or_a_reason():
    book = load_kpis(PROCESSES)
    core = {
        "K-01", "K-02", "K-03", "K-04", "K-05", "K-06", "K-07", "K-08", "K-10", "K-11", "K-12", "K-17", "K-33",
        "K-34", "K-35", "K-55", "K-56",
    }  # fmt: skip
    with (REGISTER / "kpis.tsv").open(encoding="utf-8") as file:
        known = {row["id"] for row in csv.DictReader(file, delimiter="\t")}

    assert {one.id for one in book.kpis} == core <= known
    assert all(one.figure or one.not_computed for one in book.kpis)


@pytest.mark.parametrize(
    ("kpi_id", "variables", "above", "below"),
    [
        ("K-04", {"decision": "partly_justified"}, 1, 1),
        ("K-05", {"satisfied": False}, False, True),
        ("K-10", {"called_count": 38, "voucher_count": 40}, 38, 40),
        ("K-11", {"tier2_satisfied": 9, "tier2_called": 10}, 9, 10),
        ("K-12", dict.fromkeys(("score_quality", "score_speed", "score_professional", "score_product", "score_performance", "score_packing"), 4), 24, 6),
        ("K-17", {"voucher_fault_rate": 2.5, "voucher_count": 40}, 1, 40),
        ("K-08", {"rating_attitude": "satisfied", "rating_skill": "fair", "rating_arrival": "very_satisfied", "rating_promise": "poor"}, 2, 4),
        ("K-56", {"measure_plan": "换夹具", "measure_done": None}, False, True),
    ],
)  # fmt: skip
def test_what_the_definitions_read_of_a_case(kpi_id, variables, above, below):
    wanted = load_kpis(PROCESSES).get(kpi_id)

    def read(measure):
        expression = measure.value or measure.where
        return expression.evaluate({name: variables.get(name) for name in expression.names})

    assert (read(wanted.numerator[0]), read(wanted.denominator[0])) == (above, below)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ('[measures.x]\nof = "cases"\nat = "due"', "has no moment"),
        ('[measures.x]\nof = "cases"\nat = "ended"\nwhere = "1 +"', "x"),
        ('[measures.x]\nof = "cases"\nat = "ended"\ncolour = 1', "unknown colour"),
        ('[[kpi]]\nid = "X"\ncycle = "month"', "neither whole figure"),
        ("[[", "kpis.toml"),
    ],
)
def test_a_wrong_file_says_where(tmp_path, broken, said):
    (tmp_path / "kpis.toml").write_text(broken, "utf-8")
    load_kpis.cache_clear()

    with pytest.raises(KpiFileError, match=said):
        load_kpis(tmp_path)


def test_what_the_definitions_name_is_modelled():
    book = load_kpis(PROCESSES)
    measures = {one for kpi in book.kpis for one in (*kpi.numerator, *kpi.denominator)}
    processes = {
        key
        for path in PROCESSES.glob("*/*.bpmn")
        for key in re.findall(r'<(?:bpmn:)?process id="(\w+)"', path.read_text("utf-8"))
    }
    limits = {
        key
        for path in PROCESSES.glob("*/profiles/*.toml")
        for key in re.findall(r'^id\s*=\s*"([^"]+/\w+)"', path.read_text("utf-8"), re.MULTILINE)
    }

    assert {key for one in measures for key in one.families} <= {one.name for one in PROCESSES.iterdir()}
    assert {key for one in measures for key in one.processes} <= processes
    assert {key for one in measures for key in one.limits} <= limits


def test_the_variables_that_the_definitions_read_stand_in_forms():
    book = load_kpis(PROCESSES)
    measures = {one for kpi in book.kpis for one in (*kpi.numerator, *kpi.denominator)}
    read = {name for one in measures for text in (one.where, one.value) if text for name in text.names}
    fields = {
        name
        for path in PROCESSES.glob("*/forms/*.json")
        for name in json.loads(path.read_text("utf-8")).get("properties", {})
    }

    assert read | {one.split for one in book.kpis if one.split} <= fields

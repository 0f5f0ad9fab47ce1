"""The deadline check over a year: which start dates break a promise, on which way, and by which step."""

import json
from datetime import date, datetime, timedelta

import pytest
from click.testing import CliRunner
from families import boundary, call, diagram, gateway, process, profile, sub_process, timer, user
from work_calendars import cn, plain_calendar

from engine.diagrams import read_diagram
from engine.profiles import read_profile
from engine.rehearsal.year import PromiseYear, Subject, YearCheck, check_year, year_data
from engine.worktime import CalendarMissing, due_at
from web.cli import huiyin


def check(
    *processes: str, limits: dict[str, str], year: int = 2026, calendar: object = None, key: str = "asking"
) -> YearCheck:
    models = {one.id: one for one in read_diagram(diagram(*processes), "drawn.bpmn").processes}
    subject = Subject("drawn", models, {}, read_profile(profile(key, limits), "P.toml"))
    return check_year(subject, calendar or plain_calendar(), year)  # type: ignore[arg-type]


def broken(found: PromiseYear) -> set[date]:
    return {day.day for day in found.days if day.broken}


def steps(found: PromiseYear) -> set[tuple[str, ...]]:
    return {tuple(step.element_id for step in one.route.steps) for one in found.routes}


TWO = process(
    "asking", "received -> look -> answer -> done",
    user("look", sla="look"), user("answer", sla="answer"), sla="whole",
)  # fmt: skip
LIMITS = {"whole": "3 CD", "look": "1 WD", "answer": "1 WD"}


def test_dates_before_a_week_end_break_days_that_are_counted_by_the_calendar():
    (found,) = check(TWO, limits=LIMITS).promises
    # Three calendar days from a Thursday end on Sunday and roll to Monday; two working days end on Monday too.
    # From a Friday they end on Monday, the working days on Tuesday.
    late = {day.weekday() for day in broken(found)}
    assert 4 in late
    assert late.isdisjoint({0, 1, 2})
    worst = found.routes[0]
    assert worst.verdict == "some"
    assert not worst.worst.is_kept


def test_every_moment_is_the_one_that_the_calendar_gives_step_by_step():
    (found,) = check(TWO, limits=LIMITS, calendar=cn()).promises
    walked = found.routes[0].worst
    one, two = walked.legs
    first = due_at(walked.starts_at, one.limit.limit, cn()).due_at
    assert (one.ends_at, two.ends_at) == (first, due_at(first, two.limit.limit, cn()).due_at)
    assert walked.due_at == due_at(walked.starts_at, found.promise.limit.limit, cn()).due_at
    assert walked.ends_at - walked.due_at == max(
        route.worst.ends_at - route.worst.due_at for route in found.routes
    )


def test_the_step_that_a_holiday_lengthens_is_to_blame():
    drawn = process(
        "asking", "received -> ship -> answer -> done",
        user("ship", sla="ship"), user("answer", sla="answer"), sla="whole",
    )  # fmt: skip
    limits = {"whole": "96 H", "ship": "40 H", "answer": "1 WD"}
    holidays = {date(2026, 7, day): {"zh": "假", "en": "holiday"} for day in range(6, 18)}
    (found,) = check(drawn, limits=limits, calendar=plain_calendar(holidays=holidays)).promises
    blame = found.routes[0].blame
    assert blame is not None
    assert blame.step.element_id == "answer"
    assert date(2026, 7, 6) in broken(found)


def test_a_way_that_is_longer_than_the_promise_is_told_apart_from_unlucky_dates():
    (found,) = check(TWO, limits={"whole": "1 WD", "look": "1 WD", "answer": "1 WD"}).promises
    assert [one.verdict for one in found.routes] == ["never"]
    assert not broken(found)
    assert found.never == found.routes


def test_a_loop_is_gone_through_once_and_each_branch_is_a_way():
    drawn = process(
        "asking", "received -> look -> enough -> answer -> done; enough -> look ? again; enough -> skip ? no -> left",
        user("look", sla="look"), gateway("enough", default="answer"), user("answer", sla="answer"),
        user("skip"), sla="whole",
    )  # fmt: skip
    (found,) = check(drawn, limits=LIMITS).promises
    assert steps(found) == {("look", "answer"), ("look", "look", "answer"), ("look",), ("look", "look")}


def test_called_processes_and_sub_processes_are_unfolded_and_a_timer_takes_its_limit():
    inner = process("checking", "asked -> check -> checked", user("check", sla="look"))
    drawn = process(
        "asking", "received -> part -> ask -> done; late -> remind -> done",
        sub_process("part", "begin -> write -> over", user("write", sla="answer")),
        call("ask", "checking"), boundary("late", "ask", timer('${limit("look")}')), user("remind", sla="answer"),
        sla="whole",
    )  # fmt: skip
    (found,) = check(drawn, inner, limits=LIMITS).promises
    assert steps(found) == {("write", "check"), ("write", "late", "remind")}


def test_a_promise_from_the_start_of_the_case_is_checked_up_to_its_element():
    drawn = process(
        "asking", "received -> look -> answer -> done", user("look", sla="look"),
        user("answer", sla="whole", sla_start="case"),
    )  # fmt: skip
    (found,) = check(drawn, limits={"whole": "same day", "look": "1 WD"}).promises
    assert found.promise.element_id == "answer"
    # One working day later is not the same day; from a Saturday both end at the close of Monday.
    assert {day.weekday() for day in broken(found)} == set(range(5))


def test_limits_that_one_expression_chooses_are_compared_with_each_other():
    chosen = '${"short" if simple else "long"}'
    drawn = process(
        "asking", "received -> look -> done",
        user("look", sla=chosen.replace('"', "&quot;")), sla=chosen.replace('"', "&quot;"),
    )  # fmt: skip
    found = check(drawn, limits={"short": "1 WD", "long": "5 WD"}).promises
    assert {one.promise.limit.name: one.routes[0].verdict for one in found} == {
        "short": "kept",
        "long": "kept",
    }


def test_a_year_without_its_notice_is_provisional_and_one_out_of_reach_is_refused():
    later = check(TWO, limits=LIMITS, year=2028)
    assert later.is_provisional
    assert all(day.is_provisional for day in later.promises[0].days)
    assert len(later.promises[0].days) == 366
    assert not check(TWO, limits=LIMITS).is_provisional
    for year in (1999, 2020, 2100, 9999, 0):
        with pytest.raises(CalendarMissing):
            check(TWO, limits=LIMITS, year=year)


def test_a_diagram_of_many_loops_ends_and_says_that_there_are_more_ways():
    chains, drawn = ["received -> t0"], []
    for number in range(14):
        chains += [
            f"t{number} -> g{number}",
            f"g{number} -> t{number} ? again",
            f"g{number} -> t{number + 1} ? on",
        ]
        drawn += [user(f"t{number}", sla="look"), gateway(f"g{number}")]
    chains += ["t14 -> done"]
    drawn += [user("t14", sla="look")]
    whole = process("asking", "; ".join(chains), *drawn, sla="whole")
    (found,) = check(whole, limits={"whole": "40 WD", "look": "1 WD"}).promises
    assert found.routes
    assert max(len(one.route.steps) for one in found.routes) >= 15


def test_the_command_prints_dates_and_gives_them_as_json(tmp_path):
    database = f"sqlite:///{tmp_path}/none.db"
    asked = ["year", "processes/complaint", "--profile", "CMP-10", "--year", "2026", "--database", database]
    plain = CliRunner().invoke(huiyin, asked)
    assert plain.exit_code == 1
    assert "2026-01-09" in plain.stdout
    found = json.loads(CliRunner().invoke(huiyin, [*asked, "--json"]).stdout)["checks"][0]
    one = next(promise for promise in found["promises"] if promise["limit"] == "handle_outside")
    assert (one["broken_days"], len(one["days"])) == (sum(bool(day["broken"]) for day in one["days"]), 365)
    worst = one["ways"][0]["worst"]
    assert datetime.fromisoformat(worst["ends_at"]) - datetime.fromisoformat(worst["due_at"]) > timedelta(0)
    assert CliRunner().invoke(huiyin, ["year", "nowhere", "--database", database]).exit_code != 0
    assert CliRunner().invoke(huiyin, [*asked[:4], "--year", "99999"]).exit_code != 0


def test_the_data_names_moments_in_the_zone_of_the_calendar():
    found = year_data(check(TWO, limits=LIMITS))
    assert found["promises"][0]["ways"][0]["worst"]["starts_at"].endswith("+08:00")

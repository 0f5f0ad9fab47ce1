"""Checking and installing diagrams."""

from pathlib import Path
from typing import Any

import pytest
from engines import PROCESSES, TINY_FAMILY

LONELY = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    id="d" targetNamespace="t">
  <process id="greeting" name="问候" isExecutable="true">
    <startEvent id="begun" name="开始" />
    <userTask id="greet_customer" name="问候客户" camunda:candidateGroups="first_receiver" camunda:formRef="greet" />
    <endEvent id="greeted" name="已问候" />
    <sequenceFlow id="to_greet" sourceRef="begun" targetRef="greet_customer" />
    <sequenceFlow id="to_greeted" sourceRef="greet_customer" targetRef="greeted" />
  </process>
</definitions>
"""


@pytest.fixture
def lonely(tmp_path: Path) -> Path:
    file = tmp_path / "greeting.bpmn"
    file.write_text(LONELY, encoding="utf-8")
    return file


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    file = tmp_path / "broken.bpmn"
    file.write_text(LONELY.replace(' camunda:candidateGroups="first_receiver"', ""), encoding="utf-8")
    return file


def test_it_finds_nothing_in_a_sound_file_and_does_not_judge_what_it_cannot_see(
    call: Any, lonely: Path
) -> None:
    said = call("lint", lonely)

    assert (said.code, said.out) == (0, ["0 errors, 0 warnings, 0 pieces of advice"])


def test_it_names_file_line_element_reason_and_remedy(call: Any, broken: Path) -> None:
    said = call("lint", broken)

    assert said.code == 1
    assert said.out[0].startswith(f"error [nobody] {broken}:6: greet_customer “问候客户”: ")
    assert "Name candidate groups or an assignee." in said.out[0]
    assert said.out[-1].startswith("1 errors")


def test_it_gives_findings_as_data(call: Any, broken: Path) -> None:
    said = call("lint", "--json", broken)

    assert said.code == 1
    assert (said.json["ok"], said.json["errors"]) == (False, 1)
    [finding] = [one for one in said.json["findings"] if one["severity"] == "error"]
    assert (finding["file"], finding["line"], finding["element_id"]) == (str(broken), 6, "greet_customer")
    assert set(finding["reason"]) == set(finding["remedy"]) == {"zh", "en"}


def test_it_checks_a_file_of_a_family_with_what_belongs_to_it(call: Any) -> None:
    said = call("lint", TINY_FAMILY / "tiny.bpmn", "--json")

    assert said.code == 0
    assert {one["rule"] for one in said.json["findings"]} == {"no-form", "unknown-topic"}


def test_it_refuses_a_file_that_is_not_there_or_no_diagram(call: Any, tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.bpmn"
    garbage.write_text("<a>", encoding="utf-8")

    missing, unreadable = call("lint", tmp_path / "none.bpmn"), call("lint", garbage)

    assert (missing.code, len(missing.err)) == (1, 1)
    assert unreadable.code == 1
    assert f"{garbage}:1" in unreadable.out[0]


def test_it_finds_no_error_in_the_procedures_that_we_ship(call: Any) -> None:
    said = call("lint", PROCESSES, "--json")

    assert [one for one in said.json["findings"] if one["severity"] == "error"] == []


def test_it_deploys_a_folder_and_says_what_it_made(call: Any, database: str, lonely: Path) -> None:
    text = lonely.read_text(encoding="utf-8").replace(' camunda:formRef="greet"', "")
    lonely.write_text(text, encoding="utf-8")

    said = call("deploy", lonely, "--database", database, "--json").json
    again = call("deploy", lonely, "--database", database, "--json").json

    assert said["deployed"] is True
    assert said["releases"] == again["releases"] == [{"family": "greeting", "number": 1}]
    assert said["definitions"][0].startswith("greeting:1:")
    assert again["definitions"] == []


def test_it_deploys_all_or_nothing_and_names_element_and_line(call: Any, database: str, broken: Path) -> None:
    said = call("deploy", broken, "--database", database)

    assert said.code == 1
    assert said.stdout == ""
    assert "broken.bpmn:6: greet_customer" in said.err[-1]
    assert said.err[-1].startswith("huiyin: Nothing was deployed, ")
    assert call("start", "greeting", "--database", database).code == 1


def test_it_runs_stories_and_counts_them(call: Any, tmp_path: Path) -> None:
    story = """
title = "{title}"
[given]
process = "greeting"
at = 2026-02-13T16:00:00+08:00
by = "li_na"
[given.people]
li_na = ["first_receiver"]
[[step]]
then_waiting_at = ["{place}"]
"""
    (tmp_path / "greeting.bpmn").write_text(LONELY.replace(' camunda:formRef="greet"', ""), encoding="utf-8")
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "good.toml").write_text(story.format(title="good", place="greet_customer"), encoding="utf-8")

    good = call("scenario", tmp_path)
    (folder / "wrong.toml").write_text(story.format(title="wrong", place="nowhere"), encoding="utf-8")
    wrong = call("scenario", tmp_path)
    data = call("scenario", tmp_path, "--json")

    covered = call("scenario", folder / "good.toml", "--coverage")

    assert covered.out[-1] == "1 passed, 0 failed"
    assert "NOT PASSED" in next(line for line in covered.out if "greet_customer" in line)
    assert (good.code, good.out[-1]) == (0, "1 passed, 0 failed")
    assert (wrong.code, wrong.out[-1]) == (1, "1 passed, 1 failed")
    assert (data.code, data.json["passed"], data.json["failed"]) == (1, 1, 1)
    assert {one["title"]: one["passed"] for one in data.json["stories"]} == {"good": True, "wrong": False}


def test_stories_stay_in_memory_unless_the_command_itself_names_a_database(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = min((PROCESSES / "complaint" / "scenarios").glob("*.toml"), key=lambda one: one.stat().st_size)
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    monkeypatch.setenv("HUIYIN_DATABASE_URL", nowhere)

    plain = call("scenario", story)
    named = call("scenario", story, "--database", nowhere)

    assert (plain.code, plain.out[-1]) == (0, "1 passed, 0 failed")
    assert (named.code, named.out, len(named.err)) == (1, [], 1)
    assert "cannot be used" in named.err[0]


def test_it_refuses_a_folder_without_stories(call: Any, tmp_path: Path) -> None:
    said = call("scenario", tmp_path)

    assert said.code == 1
    assert len(said.err) == 1


def test_it_traces_the_register(call: Any) -> None:
    said = call("trace", "--json")

    assert said.code == 0
    assert {"items", "totals"} <= said.json.keys()
    assert {"id", "kind", "class", "covered", "where", "scenarios"} <= said.json["items"][0].keys()

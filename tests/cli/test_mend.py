"""`huiyin lint --fix` does what can be done in one way only, and leaves the rest to the owner."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from pages import MATTER_FAMILY


@pytest.fixture
def family(tmp_path: Path) -> Path:
    folder = tmp_path / "matter_family"
    shutil.copytree(MATTER_FAMILY, folder)
    diagram = folder / "matter.bpmn"
    written = diagram.read_text(encoding="utf-8")
    # A limit and a form misspelt, a word of another engine, and a task that nobody holds.
    written = written.replace('name="sla" value="answer"', 'name="sla" value="anwser"')
    written = written.replace('camunda:formRef="check"', 'camunda:formRef="cheeck" camunda:formKey="x"')
    written = written.replace('name="督办答复" camunda:candidateGroups="outlet_head"', 'name="督办答复"')
    diagram.write_text(written, encoding="utf-8")
    return folder


def test_what_has_one_remedy_is_mended_in_the_file_and_said(call: Any, family: Path) -> None:
    said = call("lint", "--fix", family)

    mended = sorted(one for one in said.out if one.startswith("mended"))
    assert mended == [
        "mended matter.bpmn answer_customer: Use the limit answer",
        "mended matter.bpmn check_answer: Remove formKey",
        "mended matter.bpmn check_answer: Use the form check",
    ]
    text = (family / "matter.bpmn").read_text(encoding="utf-8")
    assert 'name="sla" value="answer"' in text
    assert 'camunda:formRef="check"' in text
    assert "formKey" not in text


def test_a_choice_is_left_to_the_owner(call: Any, family: Path) -> None:
    said = call("lint", "--fix", "--json", family)

    assert said.code == 1
    left = {one["rule"] for one in said.json["findings"] if one["severity"] == "error"}
    assert left == {"nobody"}  # Two roles hold the tasks beside it.
    assert {one["rule"] for one in said.json["mended"]} == {"unknown-limit", "unknown-form", "not-executed"}


def test_only_the_file_that_was_named_is_touched(call: Any, family: Path) -> None:
    before = (family / "matter.bpmn").read_bytes()

    call("lint", "--fix", family / "visit.bpmn")

    assert (family / "matter.bpmn").read_bytes() == before


def test_without_the_option_nothing_is_written(call: Any, family: Path) -> None:
    before = (family / "matter.bpmn").read_bytes()

    call("lint", family)

    assert (family / "matter.bpmn").read_bytes() == before

"""`huiyin case …`: a person at the terminal plans a move, makes it, takes it back, and mends a case."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from engines import TINY_FAMILY


@pytest.fixture
def changed_family(tmp_path: Path) -> Path:
    """The tiny family with another name for its task."""
    folder = tmp_path / "tiny_family"
    shutil.copytree(TINY_FAMILY, folder)
    drawn = next(folder.glob("*.bpmn"))
    text = drawn.read_text(encoding="utf-8")
    assert 'name="答复客户"' in text
    drawn.write_text(text.replace('name="答复客户"', 'name="书面答复客户"'), encoding="utf-8")
    return folder


def test_a_case_is_planned_moved_and_taken_back(call: Any, database: str, changed_family: Path) -> None:
    call("start", "answering", "--business-key", "K-1", "--as", "li_na", "--database", database)
    assert call("deploy", changed_family, "--database", database).code == 0
    to = ("--process", "answering", "--to", "2", "--database", database, "--json")

    [planned] = call("case", "plan", *to).json
    [moved] = call("case", "migrate", *to, "--reason", "改名").json
    [task] = call("tasks", "--database", database, "--json").json
    undone = call("case", "undo-migration", "K-1", "--reason", "再想想", "--database", database)
    [after] = call("tasks", "--database", database, "--json").json

    assert (planned["kind"], [one["code"] for one in planned["remarks"]]) == (
        "fits_with_remarks",
        ["name_changed"],
    )
    assert moved["refused"] is None
    assert (task["name"], after["name"], undone.code) == ("书面答复客户", "答复客户", 0)
    assert task["user_task_key"] == after["user_task_key"]


def test_what_does_not_fit_is_told_and_the_exit_code_says_so(
    call: Any, database: str, changed_family: Path
) -> None:
    call("start", "answering", "--business-key", "K-1", "--as", "li_na", "--database", database)
    drawn = next(changed_family.glob("*.bpmn"))
    drawn.write_text(
        re.sub(r'\b(id|attachedToRef|sourceRef|targetRef|default)="answer"', r'\1="reply_now"', drawn.read_text(encoding="utf-8")),
        encoding="utf-8",
    )  # fmt: skip
    deployed = call("deploy", changed_family, "--database", database)
    assert deployed.code == 0, deployed.stderr
    to = ("K-1", "--to", "2", "--reason", "换人", "--database", database)

    refused = call("case", "migrate", *to)
    moved = call("case", "migrate", *to, "--map", "answer=reply_now")

    assert (refused.code, moved.code) == (1, 0)
    assert "say which element takes its place" in refused.stdout


def test_a_case_is_stopped_let_go_on_and_moved_along_by_hand(call: Any, database: str) -> None:
    call("start", "answering", "--business-key", "K-1", "--as", "li_na", "--database", database)
    said = ("--reason", "停电", "--database", database)

    assert call("case", "suspend", "K-1", *said).code == 0
    refused = call("complete", "answer", "--database", database)
    stood = call("case", "skip", "K-1", "answer", *said)
    assert call("case", "resume", "K-1", *said).code == 0
    forbidden = call("case", "skip", "K-1", "answer", *said, "--as", "li_na")
    places = call("case", "places", "K-1", "--database", database, "--json").json
    skipped = call("case", "skip", "K-1", "answer", *said, "--json")

    assert refused.code != 0
    assert "suspended" in stood.stderr
    assert forbidden.code == 1
    assert "answer" in [one["element"] for one in places]
    assert skipped.json["waiting"] == []

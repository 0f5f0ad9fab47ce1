"""`huiyin release`: from a draft to the day on which cases start with it, and back."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engines import TINY_FAMILY

FAMILY = "tiny_family"
STORY = """
title = "told"
[given]
process = "answering"
at      = 2026-03-02T10:00:00+08:00
by      = "li_na"
[given.people]
li_na = ["first_receiver"]
[[step]]
when_completed  = "answer"
by              = "li_na"
with            = {{}}
then_ended      = "{ends}"
"""


@pytest.fixture
def release(call: Any, database: str) -> Callable[..., Any]:
    """`release("draft", folder, by="zhou_lan")`; two owners are there."""
    for name in ("zhou_lan", "sun_jie"):
        made = call("user", "add", name, "--role", "process_owner", "--org", "bank", "--database", database)
        assert made.code == 0, made.err

    def act(verb: str, *arguments: object, by: str = "zhou_lan", why: str | None = "new rule") -> Any:
        reason = ("--reason", why) if why else ()
        return call("release", verb, *map(str, arguments), *reason, "--as", by, "--database", database)

    return act


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The tiny family with another name of its task, another limit, and without the process of records."""
    folder = tmp_path / FAMILY
    (folder / "profiles").mkdir(parents=True)
    text = (TINY_FAMILY / "tiny.bpmn").read_text("utf-8").replace('name="答复客户"', 'name="答复顾客"')
    text = re.sub(r'<process id="recording".*?</process>', "", text, flags=re.DOTALL)
    (folder / "tiny.bpmn").write_text(text, "utf-8")
    profile = (TINY_FAMILY / "profiles" / "TINY.toml").read_text("utf-8")
    (folder / "profiles" / "TINY.toml").write_text(
        re.sub(r'(\[limits\.answer\][^\[]*?value = )"[^"]*"', r'\1"9 WD"', profile), "utf-8"
    )
    return folder


def test_from_draft_to_live_and_back(release: Any, changed: Path, call: Any, database: str) -> None:
    assert release("draft", changed).out == [f"{FAMILY}\t2"]
    assert release("check", FAMILY, 2).out == [f"{FAMILY} 2 passed."]
    refused = release("review", FAMILY, 2)
    assert (refused.code, "another person than zhou_lan" in refused.stderr) == (1, True)
    assert release("review", FAMILY, 2, by="sun_jie").out == [f"{FAMILY} 2 is reviewed."]
    assert release("live", FAMILY, 2).stdout.startswith(f"{FAMILY} 2 is live from 20")

    started = call("start", "answering", "--as", "li_na", "--database", database, "--json").json
    back = release("roll-back", FAMILY, "--json", why="it was wrong").json
    listed = release("list", FAMILY, "--json", why=None).json
    shown = release("show", FAMILY, 2, why=None).out

    assert started["definition_key"].startswith("answering:2:")
    assert (back["number"], back["was"]) == (1, 2)
    assert [(one["number"], one["state"], one["running"]) for one in listed] == [
        (2, "replaced", 1),
        (1, "live", 0),
    ]
    assert [line.split("\t")[::2] for line in shown[1:]] == [
        ["drafted", "zhou_lan", "new rule"],
        ["checked", "zhou_lan", ""],
        ["reviewed", "sun_jie", "new rule"],
        ["released", "zhou_lan", "new rule"],
    ]


def test_a_moment_to_come_and_taken_off_again(release: Any, changed: Path) -> None:
    release("draft", changed)
    release("check", FAMILY, 2)
    release("review", FAMILY, 2, by="sun_jie")

    told = release("live", FAMILY, 2, "--from", "2999-01-01T00:00+08:00", "--json").json
    state = release("show", FAMILY, 2, "--json", why=None).json["state"]
    withdrawn = release("withdraw", FAMILY, 2)

    assert (told["live_from"], state) == ("2999-01-01T00:00:00+08:00", "scheduled")
    assert withdrawn.out == [f"{FAMILY} 2 is withdrawn."]
    assert release("show", FAMILY, 2, "--json", why=None).json["state"] == "taken_off"
    for moment, word in (
        ("tomorrow", "with its zone"),
        ("2999-01-01", "zone"),
        ("2001-01-01T00:00Z", "past"),
    ):
        refused = release("live", FAMILY, 2, "--from", moment)
        assert (refused.code, word in refused.stderr) == (1, True), refused.err


def test_the_difference_names_figures_and_the_cases_that_stand_there(
    release: Any, changed: Path, call: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in ("K-1", "K-2"):
        call("start", "answering", "--business-key", number, "--as", "li_na", "--database", database)
    call("start", "listening", "--business-key", "K-3", "--as", "li_na", "--database", database)
    release("draft", changed)

    data = release("diff", FAMILY, "--json", why=None, by="wang_wei").json
    told = release("diff", FAMILY, 1, 2, why=None, by="wang_wei").out
    monkeypatch.setenv("HUIYIN_LOCALE", "zh")
    told_zh = release("diff", FAMILY, 1, 2, why=None, by="wang_wei").out

    assert (data["old"], data["new"], data["running"], data["touched_cases"]) == (1, 2, 3, 2)
    (place,) = data["touched"]
    assert (place["element_id"], place["cases"], place["count"]) == ("answer", ["K-1", "K-2"], 2)
    assert "Changed user task “答复客户” (answer): name: “答复客户” → “答复顾客”." in told
    assert "Removed process “归档” (recording)." in told
    assert any(
        re.fullmatch(r"Changed limit “answer” of “TINY”.*: limit: “.*” → “9 working days”\.", one)
        for one in told
    )
    assert "2 of 3 running cases of tiny_family 1 stand at such a place." in told
    assert told[-1] == "answering\tanswer\t2\tK-1 K-2"
    assert "修改用户任务“答复客户”（answer）：名称：“答复客户”→“答复顾客”。" in told_zh


def test_a_stranger_is_told_nothing_of_cases(release: Any, changed: Path, call: Any, database: str) -> None:
    call("start", "answering", "--as", "li_na", "--database", database)
    release("draft", changed)

    assert release("diff", FAMILY, "--json", why=None, by="chen_bo").code == 1  # no right at all
    assert release("diff", FAMILY, "--json", why=None, by="wang_wei").json["running"] == 1


def test_a_draft_with_errors_is_kept_and_does_not_pass(release: Any, changed: Path) -> None:
    diagram = changed / "tiny.bpmn"
    diagram.write_text(
        diagram.read_text("utf-8").replace('targetRef="answer"', 'targetRef="nowhere"'), "utf-8"
    )

    drafted = release("draft", changed, "--json").json
    checked = release("check", FAMILY, 2)

    assert any(one["severity"] == "error" for one in drafted[0]["findings"])
    assert (checked.code, checked.err[-1]) == (1, f"huiyin: {FAMILY} 2 did not pass and stays a draft.")
    assert release("show", FAMILY, 2, "--json", why=None).json["state"] == "draft"
    assert release("draft", changed, why=None).code == 2  # a reason is required


def test_a_story_in_the_draft_is_told_at_the_check(release: Any, changed: Path) -> None:
    (changed / "scenarios").mkdir()
    story = changed / "scenarios" / "one.toml"
    story.write_text(STORY.format(ends="answered"), "utf-8")
    release("draft", changed)
    story.write_text(STORY.format(ends="pressed"), "utf-8")
    release("draft", changed)

    right = release("check", FAMILY, 2, "--stories", "--json").json
    wrong = release("check", FAMILY, 3, "--stories", "--json")

    assert (right["passed"], right["stories"]["failed"]) == (True, []), right
    assert right["stories"]["passed"] >= 1
    assert (wrong.code, wrong.json["passed"], wrong.json["stories"]["failed"]) == (1, False, ["told"])

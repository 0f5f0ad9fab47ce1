"""One case by hand, from start to end."""

from pathlib import Path
from typing import Any


def test_it_starts_a_case_lists_its_task_and_completes_it(call: Any, database: str, tmp_path: Path) -> None:
    data = tmp_path / "case.json"
    data.write_text('{"subject": "漏电", "amount": 5}', encoding="utf-8")

    started = call(
        "start",
        "answering",
        "--data",
        data,
        "--set",
        "city=武汉",
        "--as",
        "li_na",
        "--database",
        database,
        "--json",
    ).json
    [task] = call("tasks", "--as", "li_na", "--database", database, "--json").json
    done = call(
        "complete", task["user_task_key"][-12:], "--set", "reply=ok", "--as", "li_na", "--database", database
    )

    assert started["business_key"].startswith("TINY-")
    assert started["tasks"] == [task]
    assert (task["element_id"], task["name"], task["assignee"]) == ("answer", "答复客户", None)
    assert task["due_at"].endswith("+08:00")
    assert done.out == [f"{started['business_key']} is over"]
    assert call("tasks", "--database", database).stdout == ""


def test_it_shows_only_what_the_person_may_see(call: Any, database: str) -> None:
    call("start", "answering", "--set", "complained_about=li_na", "--as", "zhao_min", "--database", database)

    seen = {
        name: len(call("tasks", "--as", name, "--database", database).out)
        for name in ("li_na", "zhao_min", "wang_wei", "chen_bo")
    }

    assert seen == {"li_na": 0, "zhao_min": 1, "wang_wei": 1, "chen_bo": 0}


def test_it_writes_tab_separated_lines_into_a_pipe(call: Any, database: str) -> None:
    call("start", "answering", "--business-key", "K-1", "--as", "li_na", "--database", database)

    [line] = call("tasks", "--case", "K-1", "--database", database).out

    key, case, element, name, assignee, due = line.split("\t")
    assert (len(key), case, element, name, assignee) == (32, "K-1", "answer", "答复客户", "")
    assert due.endswith("+08:00")


def test_it_refuses_in_one_line(call: Any, database: str) -> None:
    for arguments, named in (
        (("start", "nothing"), "nothing"),
        (("start", "answering", "--as", "nobody"), "nobody"),
        (("start", "answering", "--org", "nowhere"), "nowhere"),
        (("start", "answering", "--data", "-"), "JSON"),
        (("start", "answering", "--set", "pair"), "pair"),
        (("complete", "none"), "none"),
    ):
        said = call(*arguments, "--database", database, stdin="[1]")
        assert said.code == 1, arguments
        assert len(said.err) == 1
        assert named in said.err[0]


def test_it_tells_who_was_first(call: Any, database: str) -> None:
    call("start", "answering", "--as", "li_na", "--database", database)
    [task] = call("tasks", "--database", database, "--json").json
    call("complete", task["user_task_key"], "--as", "zhao_min", "--database", database)

    said = call("complete", task["user_task_key"], "--as", "li_na", "--database", database)

    assert said.code == 1
    assert "zhao_min completed it at" in said.err[0]

"""What all commands share: one line when something is wrong, plain UTF-8 out, a database that must be there."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from web.cli.root import COMMANDS, huiyin

ROOT = Path(__file__).parents[2]


def _commands(group: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    found = []
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        below = (*path, name)
        found += _commands(command, below) if hasattr(command, "commands") else [(below, command)]
    return found


ALL = _commands(huiyin)


@pytest.mark.parametrize("path", [path for path, _ in ALL], ids=" ".join)
def test_it_takes_a_database_and_explains_itself(call: Any, path: tuple[str, ...]) -> None:
    said = call(*path, "--help")

    assert said.code == 0
    assert "--database URL" in said.stdout


def test_it_lists_every_command(call: Any) -> None:
    said = call("--help")

    assert all(any(line.startswith(f"  {name} ") for line in said.out) for name in COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [
        ("tasks",),
        ("start", "answering"),
        ("complete", "x"),
        ("deploy", "tests/support/tiny_family"),
        ("user", "list"),
        ("user", "add", "li_na", "--password", "abcdefgh"),
        ("org", "list"),
        ("audit", "verify"),
        ("backup", "/nowhere/copy.db"),
        ("worker",),
        ("web",),
    ],
    ids=" ".join,
)
def test_it_says_in_one_line_that_there_is_no_database_and_makes_none(
    call: Any, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    file = tmp_path / "none.db"

    said = call(*arguments, "--database", f"sqlite:///{file}")

    assert said.code == 1
    assert len(said.err) == 1
    assert str(file) in said.err[0]
    assert not file.exists()


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("nonsense", "database URL"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/none", "cannot be used"),
        ("sqlite:////proc/nowhere/x.db", "/proc/nowhere/x.db"),
    ],
)
def test_it_says_in_one_line_that_a_database_cannot_be_used(call: Any, url: str, named: str) -> None:
    said = call("tasks", "--database", url)

    assert said.code == 1
    assert len(said.err) == 1
    assert named in said.err[0]


def test_it_refuses_unknown_words_in_one_line(call: Any) -> None:
    for arguments in (("unheard",), ("due", "--unheard"), ("user", "unheard"), ("tasks", "extra")):
        said = call(*arguments)
        assert said.code == 2
        assert len(said.err) == 1


def test_it_writes_utf8_into_a_pipe_whatever_the_locale_says() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from web.cli import main; main()",
            "due",
            "2026-02-13T16:00",
            "8 WH",
            "--json",
        ],
        cwd=ROOT,
        env={"PATH": "", "LC_ALL": "C", "PYTHONIOENCODING": "latin-1:strict", "PYTHONUTF8": "0"},
        capture_output=True,
        check=True,
    )

    assert "个工作小时" in done.stdout.decode("utf-8")
    assert b"\x1b" not in done.stdout


def test_it_is_silent_when_its_reader_has_gone() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "from web.cli import main; main()", "--help"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()

    assert said == b""


def test_it_shows_no_traceback_for_a_fault_of_our_own(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("web.cli.due.explain_due", fault)

    said = call("due", "2026-02-13", "3 WD")

    assert said.code == 70
    assert said.err == [
        "huiyin: Unexpected fault: RuntimeError: two lines (set HUIYIN_DEBUG=1 to see where)."
    ]

"""What must be there before web and worker share a database, made by one command."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from procedures import PROCESSES

from engine.commands.releases.family_files import read_families

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 120

pytestmark = pytest.mark.slow


def test_it_makes_tables_administrator_and_procedures_once(call: Any, empty_database: str) -> None:
    first = call("first-start", "--database", empty_database)
    again = call("first-start", "--database", empty_database)

    assert (first.code, again.code) == (0, 0), first.stderr + again.stderr
    assert "  deployed complaint 1" in first.out
    (password,) = (line.split()[1] for line in first.out if line.split()[0] == "admin")
    assert len(password) >= 12
    assert again.out == ["The database is ready."]
    assert call("db", "status", "--database", empty_database).code == 0
    assert "admin" in call("user", "list", "--database", empty_database).stdout


def test_it_keeps_a_password_that_was_given_to_itself(
    call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYIN_ADMIN_PASSWORD", "eight-o-clock")

    said = call("first-start", "--database", f"sqlite:///{tmp_path / 'huiyin.db'}")

    assert said.code == 0
    assert "eight-o-clock" not in said.stdout + said.stderr


def test_it_says_in_one_line_that_the_database_cannot_be_reached(call: Any) -> None:
    said = call("first-start", "--database", "postgresql+psycopg://huiyin@127.0.0.1:1/huiyin")

    assert (said.code, len(said.err)) == (1, 1)
    assert "HUIYIN_DATABASE_URL" in said.err[0]


@pytest.mark.postgresql
def test_several_machines_may_do_it_at_once(postgres: Any) -> None:
    with postgres.empty_database() as url:
        machines = [
            subprocess.Popen(
                [sys.executable, "-c", "from web.cli import main; main()", "first-start"],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HUIYIN_DATABASE_URL": url},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
            )
            for _ in range(3)
        ]
        said = [machine.communicate(timeout=PATIENCE_SECONDS)[0] for machine in machines]

    assert [machine.returncode for machine in machines] == [0, 0, 0], said
    lines = [line.split()[0] for one in said for line in one.splitlines()]
    assert (lines.count("admin"), lines.count("deployed")) == (1, len(read_families([PROCESSES])))

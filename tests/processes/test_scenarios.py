"""Every story beside a diagram is a test, named by its title; each runs straight and again with restarts."""

from collections.abc import Iterator

import pytest
from databases import KIND
from postgres_server import Postgres
from procedures import PROCESSES, TABLE, one_story_a_family, story_paths, title_of

from engine.rehearsal import Theatre


@pytest.mark.parametrize("path", story_paths(), ids=title_of)
def test_it_comes_out_as_told(play, path):
    played = play(path)

    assert played.failure is None, f"{path.name}: {played.failure.says('en')} / {played.failure.says('zh')}"


@pytest.fixture(scope="session")
def on_postgresql(postgres: Postgres) -> Iterator[Theatre]:
    with Theatre(PROCESSES, TABLE, postgres.url) as theatre:
        yield theatre


@pytest.mark.postgresql
@pytest.mark.skipif(KIND == "postgresql", reason="There all stories are played on PostgreSQL.")
@pytest.mark.parametrize("path", one_story_a_family(), ids=title_of)
def test_it_comes_out_alike_on_postgresql(play, on_postgresql, path):
    played = on_postgresql.play(path)

    assert played.failure is None, played.failure.says("en")
    assert played.outcome == play(path).outcome

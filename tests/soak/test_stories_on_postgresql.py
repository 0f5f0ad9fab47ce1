"""Every story of every family on PostgreSQL, with restarts: each comes out as in memory."""

import logging

import pytest
from postgres_server import Postgres
from procedures import PROCESSES, TABLE, story_paths

from engine.rehearsal import Theatre

log = logging.getLogger(__name__)


@pytest.mark.soak
@pytest.mark.postgresql
def test_all_stories_come_out_alike(postgres: Postgres) -> None:
    different = []
    with Theatre(PROCESSES, TABLE) as memory, Theatre(PROCESSES, TABLE, postgres.url) as server:
        for path in story_paths():
            here, there = memory.play(path), server.play(path)
            if there.failure is not None or here.outcome != there.outcome:
                different.append(
                    f"{path.name}: {there.failure.says('en') if there.failure else 'another outcome'}"
                )

    log.info("%d stories on PostgreSQL, %d came out otherwise", len(story_paths()), len(different))
    assert different == []

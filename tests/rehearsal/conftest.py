"""Stories of the small family beside this file; the theatre installs it once for all tests."""

from collections.abc import Callable, Iterator

import pytest
from rehearsals import FAMILY, GIVEN, HANDLERS, PROCESSES

from engine.rehearsal import StoryResult, Theatre


@pytest.fixture(scope="session")
def theatre(story_database: str | None) -> Iterator[Theatre]:
    with Theatre(PROCESSES, HANDLERS, story_database) as opened:
        yield opened


@pytest.fixture
def tell(theatre: Theatre) -> Callable[..., StoryResult]:
    """Plays a story whose steps (and, if need be, givens) a test writes."""

    def play(steps: str, given: str = GIVEN) -> StoryResult:
        return theatre.play(FAMILY / "scenarios" / "told.toml", f"{given}\n{steps}".encode())

    return play

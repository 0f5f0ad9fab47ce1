"""The procedure families of `processes/`, and their stories, each played once for all tests that look at it."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from engine.commands.handler import HandlerTable
from engine.commands.releases.called_blocks import BLOCKS
from engine.commands.releases.check_family import CheckedFamily, check_family
from engine.commands.releases.family_files import NO_FAMILY, read_families
from engine.commands.releases.policy_register import PolicyRegister
from engine.rehearsal import StoryError, StoryResult, Theatre, read_story
from engine.rehearsal.carriers import Carrier, carriers_of
from engine.rehearsal.register_items import read_register_items
from handlers import HANDLERS

PROCESSES = Path(__file__).parents[2] / "processes"
TABLE = HandlerTable(HANDLERS)


def family_folders() -> list[Path]:
    """The building blocks too: stories play them by themselves, though no case is ever begun with one."""
    return [
        folder
        for folder in sorted(PROCESSES.iterdir())
        if folder.is_dir() and folder.name not in NO_FAMILY - {BLOCKS} and any(folder.glob("*.bpmn"))
    ]


def story_paths(folder: Path = PROCESSES) -> list[Path]:
    found = (
        folder.rglob("scenarios/**/*.toml") if folder != PROCESSES else folder.glob("*/scenarios/**/*.toml")
    )
    return sorted(found)


def title_of(path: Path) -> str:
    """The name of the test: what the story is about; of a file that cannot be read, its name."""
    try:
        return read_story(path).title
    except StoryError:
        return f"{path.parent.parent.name}/{path.stem}"


def one_story_a_profile() -> list[Path]:
    """The longest of each profile that has any."""
    longest: dict[str | None, Path] = {}
    for path in sorted(story_paths(), key=lambda one: len(one.read_bytes())):
        longest[read_story(path).given.profile] = path
    return sorted(longest.values())


@cache
def checked(folder: Path) -> CheckedFamily:
    (files,) = read_families([folder])
    return check_family(files, PolicyRegister(PROCESSES / "register"), TABLE.topics())


@pytest.fixture(scope="session")
def theatre(story_database: str | None) -> Iterator[Theatre]:
    with Theatre(PROCESSES, TABLE, story_database) as opened:
        yield opened


@pytest.fixture(scope="session")
def play(theatre: Theatre) -> Callable[[Path], StoryResult]:
    """Plays a story of `processes/`, or remembers how it went."""
    return cache(theatre.play)


@pytest.fixture(scope="session")
def carriers() -> list[Carrier]:
    """What carries which id of the register, in all families."""
    return list(
        carriers_of(
            read_families([PROCESSES]), {one.id for one in read_register_items(PROCESSES / "register")}
        )
    )

"""The procedure families of `processes/`, and their stories, each played once for all tests that look at it."""

import hashlib
import os
import pickle
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


def one_story_a_family() -> list[Path]:
    """The longest of each."""
    return [
        max(found, key=lambda one: len(one.read_bytes()))
        for folder in family_folders()
        if (found := story_paths(folder))
    ]


@cache
def checked(folder: Path) -> CheckedFamily:
    (files,) = read_families([folder])
    return check_family(files, PolicyRegister(PROCESSES / "register"), TABLE.topics())


@pytest.fixture(scope="session")
def theatre(story_database: str | None) -> Iterator[Theatre]:
    with Theatre(PROCESSES, TABLE, story_database) as opened:
        yield opened


@pytest.fixture(scope="session")
def play(theatre: Theatre, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], StoryResult]:
    """Plays a story of `processes/`, or remembers how it went: in this process, or in one that tests beside it."""
    base = tmp_path_factory.getbasetemp()
    played = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "played_stories"
    played.mkdir(exist_ok=True)

    @cache
    def once(path: Path) -> StoryResult:
        kept = played / hashlib.sha256(str(path).encode()).hexdigest()
        if kept.exists():
            found: StoryResult = pickle.loads(kept.read_bytes())
            return found
        result = theatre.play(path)
        written = kept.with_suffix(f".{os.getpid()}")
        written.write_bytes(pickle.dumps(result))
        written.rename(kept)
        return result

    return once


@pytest.fixture(scope="session")
def carriers() -> list[Carrier]:
    """What carries which id of the register, in all families."""
    return list(
        carriers_of(
            read_families([PROCESSES]), {one.id for one in read_register_items(PROCESSES / "register")}
        )
    )

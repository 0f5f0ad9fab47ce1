"""The cases that stories bring to their end, replayed on the very version that they ran on."""

from collections.abc import Iterator
from pathlib import Path

from engines import PROCESSES
from sqlalchemy import select

from engine.commands.handler import HandlerTable
from engine.commands.releases.family_files import read_families
from engine.commands.releases.installed import InstalledRelease
from engine.model import ProcessInstance, SystemClock
from engine.rehearsal import find_stories, read_story
from engine.rehearsal.play import play_story
from engine.rehearsal.replay import ReplayedCase
from engine.rehearsal.replay.replayer import Replayer, changed_release
from engine.rehearsal.scene import Scene
from engine.rehearsal.stage import Stage, family_folder_of
from engine.rehearsal.story import Step, Story
from handlers import HANDLERS

_HANDLERS = HandlerTable(HANDLERS)


def replay_stories(*paths: Path) -> dict[str, ReplayedCase]:
    """Path of a story → its case, of the stories whose case is over at their last step. Blocks have no family of their own."""
    stages: dict[Path, tuple[Stage, InstalledRelease]] = {}
    found = {}
    try:
        for path in find_stories(paths):
            story = read_story(path)
            family = family_folder_of(story, PROCESSES)
            if family.name == "blocks":
                continue
            if family not in stages:
                stage = Stage(family, PROCESSES, _HANDLERS)
                engine = stage.engine(SystemClock(), _HANDLERS)
                stages[family] = (stage, changed_release(engine, read_families([family])[0]))
            for case in _cases(*stages[family], story):
                found[str(path)] = case
    finally:
        for stage, _ in stages.values():
            stage.close()
    return found


def _cases(stage: Stage, release: InstalledRelease, story: Story) -> Iterator[ReplayedCase]:
    cases: list[ReplayedCase] = []
    last = story.steps[-1]

    def watch(scene: Scene, step: Step | None) -> None:
        """The rows are there until the story is played anew."""
        if step is not last:
            return
        with stage.store.reading() as session:
            keys = session.execute(
                select(ProcessInstance.instance_key).where(ProcessInstance.ended_at.is_not(None))
            ).scalars().all()  # fmt: skip
        if keys:
            cases.extend(Replayer(scene.engine, release, is_filling=False).replay(list(keys)))

    assert play_story(stage, story, _HANDLERS, watch).is_ok, story.path
    yield from cases

"""The stories among a family's files, and what they depend on."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from engine.commands.releases.family_files import FamilyFiles, kind_of_file
from engine.model import NotFound
from engine.rehearsal.story import Story, read_story
from engine.rehearsal.story_error import StoryError


@dataclass(frozen=True)
class StoryFile:
    """`story` is None when it cannot be read; `problem` then says why."""

    path: str
    text: str
    story: Story | None
    problem: StoryError | None

    @property
    def name(self) -> str:
        return Path(self.path).stem

    @property
    def title(self) -> str:
        return self.story.title if self.story else self.name

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def stories_of(files: FamilyFiles) -> list[StoryFile]:
    """In the order of their paths. Those of building blocks belong to the blocks."""
    return [
        story_file(path, content.decode(errors="replace"))
        for path, content in sorted(files.files.items())
        if path.startswith("scenarios/") and kind_of_file(path) == "scenario"
    ]


def story_file(path: str, text: str) -> StoryFile:
    try:
        return StoryFile(path, text, read_story(Path(path), text.encode()), None)
    except StoryError as problem:
        return StoryFile(path, text, None, problem)


def find_story(files: FamilyFiles, path: str) -> StoryFile:
    content = files.files.get(path)
    if content is None or not path.startswith("scenarios/") or kind_of_file(path) != "scenario":
        raise NotFound("story", path, "情景")
    return story_file(path, content.decode(errors="replace"))

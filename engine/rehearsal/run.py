"""Runs the stories under some paths: one line a story, and a last line that counts them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.commands.handler import HandlerTable
from engine.commands.releases.deploy import DeploymentRefused
from engine.commands.releases.installed import InstalledRelease
from engine.model import HuiyinError, InvalidInput
from engine.rehearsal.coverage import Passed, coverage_of
from engine.rehearsal.play import Failure, StoryResult, failure_of, play_story
from engine.rehearsal.stage import Stage, family_folder_of
from engine.rehearsal.story import Story, read_story
from engine.rehearsal.story_error import StoryError


@dataclass(frozen=True)
class StoriesResult:
    stories: list[StoryResult] = field(default_factory=list)
    releases: dict[str, InstalledRelease] = field(default_factory=dict)  # family → what was played

    def coverage(self) -> dict[str, list[Passed]]:
        """Family → its elements and branches, by stories that hold: one that fails proves nothing."""
        held = [one for one in self.stories if one.is_ok]
        return {
            family: coverage_of(
                release.models.values(),
                [
                    (one.path.stem, one.outcome)
                    for one in held
                    if one.outcome and one.process_key in release.models
                ],
            )
            for family, release in self.releases.items()
        }

    @property
    def passed(self) -> int:
        return sum(one.is_ok for one in self.stories)

    @property
    def failed(self) -> int:
        return len(self.stories) - self.passed

    @property
    def is_ok(self) -> bool:
        return self.failed == 0


def run_stories(
    paths: Sequence[Path],
    *,
    processes_folder: Path,
    handlers: HandlerTable,
    report: Callable[[str], None],
    locale: str = "en",
    database_url: str | None = None,
    summary: Callable[[StoriesResult], Iterable[str]] | None = None,
) -> StoriesResult:
    """Plays every story under `paths` (files or folders), straight and with restarts, and reports a line of each.

    `processes_folder` gives calendars and the policy register. `database_url`: a PostgreSQL on which to play, in
    databases that are made for it and dropped afterwards; None: in memory. `summary`: lines to report before the
    last, which counts. Raises InvalidInput when there is no
    story at all, or no place for one.
    """
    result = StoriesResult()
    with Theatre(processes_folder, handlers, database_url) as theatre:
        for path in find_stories(paths):
            played = theatre.play(path)
            result.stories.append(played)
            report(line_of(played, locale))
        result.releases.update(theatre.releases())
    for line in summary(result) if summary else ():
        report(line)
    report(f"{result.passed} passed, {result.failed} failed")
    return result


def find_stories(paths: Sequence[Path]) -> list[Path]:
    """Files as they are given; of a folder the TOML files in its `scenarios` folders, or else in itself."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_file():
            found[path] = None
        elif path.is_dir():
            for one in _in_folder(path):
                found[one] = None
        else:
            raise InvalidInput(f"Expected a file or folder {path}, but there is none.", f"没有找到“{path}”。")
    if not found:
        shown = ", ".join(str(path) for path in paths)
        raise InvalidInput(
            f"Expected stories (scenarios/*.toml) under {shown}, but there are none.",
            f"“{shown}”下没有情景文件（scenarios/*.toml）。",
        )
    return list(found)


def _in_folder(folder: Path) -> Iterator[Path]:
    if folder.name == "scenarios":
        yield from sorted(folder.rglob("*.toml"))
        return
    inside = sorted(one for one in folder.rglob("*.toml") if "scenarios" in one.relative_to(folder).parts)
    yield from inside or sorted(folder.glob("*.toml"))


def line_of(played: StoryResult, locale: str = "en") -> str:
    source = f" [{', '.join(played.source)}]" if played.source else ""
    if played.failure is None:
        return f"ok      {played.title}{source}"
    step = played.failure.step_number
    is_zh = locale.startswith("zh")
    place = (f"第 {step} 步：" if is_zh else f"step {step}: ") if step else ""
    said = played.failure.says(locale).replace("\n", " ")
    if step and said.startswith((f"step {step}: ", f"第 {step} 步：")):
        place = ""
    return f"FAILED  {played.title}{source} ({played.path}) {place}{said}"


class Theatre:
    """Keeps the stage of each family, so that a family is installed once however many stories it has."""

    def __init__(
        self, processes_folder: Path, handlers: HandlerTable, database_url: str | None = None
    ) -> None:
        self._processes_folder, self._handlers = processes_folder, handlers
        self._database_url = database_url
        self._stages: dict[Path, Stage | Failure] = {}

    def __enter__(self) -> "Theatre":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for stage in self._stages.values():
            if isinstance(stage, Stage):
                stage.close()
        self._stages.clear()

    def play(self, path: Path, content: bytes | None = None) -> StoryResult:
        """`content`: a story that is not saved yet. Never raises for what stands in the story or in its family."""
        try:
            story = read_story(path, content)
        except StoryError as problem:
            return StoryResult(path, path.stem, (), failure_of(problem))
        stage = self._stage(story)
        if isinstance(stage, Failure):
            return StoryResult(path, story.title, story.source, stage)
        return play_story(stage, story, self._handlers)

    def releases(self) -> dict[str, InstalledRelease]:
        """Family → its release on stage, of the families whose stories were played and that may go live."""
        return {stage.family: stage.release for stage in self._stages.values() if isinstance(stage, Stage)}

    def _stage(self, story: Story) -> Stage | Failure:
        try:
            folder = family_folder_of(story, self._processes_folder)
        except HuiyinError as problem:
            return Failure(None, problem.en, problem.zh)
        found = self._stages.get(folder)
        if found is None:
            found = self._stages[folder] = self._build(folder)
        return found

    def _build(self, folder: Path) -> Stage | Failure:
        try:
            return Stage(folder, self._processes_folder, self._handlers, self._database_url)
        except DeploymentRefused as refused:
            first = refused.findings[0]
            number = sum(one.severity == "error" for one in refused.findings)
            return Failure(
                None,
                f"The family may not go live ({number} errors): {first.says('en')}",
                f"流程族不能上线（{number} 个错误）：{first.says('zh')}",
            )

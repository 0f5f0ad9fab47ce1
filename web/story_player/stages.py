"""Families on stage: the last few, by the digest of their files, and what is asked of them."""

import base64
import time
from collections import OrderedDict
from pathlib import Path
from typing import Any

from engine.commands.handler import HandlerTable
from engine.commands.releases.deploy import DeploymentRefused
from engine.commands.releases.family_files import FamilyFiles
from engine.model import HuiyinError
from engine.rehearsal.coverage import coverage_of
from engine.rehearsal.play import Failure, StoryResult, failure_of, play_story
from engine.rehearsal.played_path import PathWatch
from engine.rehearsal.scene import Scene
from engine.rehearsal.stage import Stage
from engine.rehearsal.standing import standing_of
from engine.rehearsal.story import Step, read_story
from engine.rehearsal.story_error import StoryError

KEPT_STAGES = 2  # some ten megabytes each

Json = dict[str, Any]


class StandingWatch(PathWatch):
    """Remembers besides where the case stood when it was looked at last."""

    standing: Json | None = None

    def __call__(self, scene: Scene, step: Step | None) -> None:
        super().__call__(scene, step)
        self.standing = standing_of(scene)


class Stages:
    def __init__(self, processes_folder: Path, handlers: HandlerTable) -> None:
        self._processes_folder, self._handlers = processes_folder, handlers
        self._stages: OrderedDict[str, Stage | Failure] = OrderedDict()

    def close(self) -> None:
        for stage in self._stages.values():
            if isinstance(stage, Stage):
                stage.close()

    def answer(self, asked: Json) -> Json:
        """`{"need": "files"}` when the family is not on stage; then it is asked again with `files`."""
        digest = asked["digest"]
        stage = self._stages.get(digest)
        if stage is None:
            if "files" not in asked:
                return {"need": "files"}
            stage = self._build(asked)
            self._stages[digest] = stage
            while len(self._stages) > KEPT_STAGES:
                _, oldest = self._stages.popitem(last=False)
                if isinstance(oldest, Stage):
                    oldest.close()
        self._stages.move_to_end(digest)
        return self._play(stage, asked)

    def _build(self, asked: Json) -> Stage | Failure:
        files = {path: base64.b64decode(content) for path, content in asked["files"].items()}
        family = asked["family"]
        try:
            return Stage(
                self._processes_folder / family,
                self._processes_folder,
                self._handlers,
                files=FamilyFiles(family, files),
            )
        except DeploymentRefused as refused:
            errors = [one for one in refused.findings if one.severity == "error"]
            first = errors[0]
            return Failure(
                None,
                f"The working copy cannot run: {len(errors)} errors. First: {first.says('en')}",
                f"工作稿无法运行，有 {len(errors)} 个错误。第一个：{first.says('zh')}",
            )
        except HuiyinError as problem:
            return Failure(None, problem.en, problem.zh)

    def _play(self, stage: Stage | Failure, asked: Json) -> Json:
        path = Path(asked["path"])
        began = time.process_time()
        watch = StandingWatch() if asked.get("stand") else PathWatch()
        try:
            story = read_story(path, asked["text"].encode())
        except StoryError as problem:
            return _told(StoryResult(path, path.stem, (), failure_of(problem)), watch, [], 0.0)
        if isinstance(stage, Failure):
            return _told(StoryResult(path, story.title, story.source, stage), watch, [], 0.0)
        played = play_story(stage, story, self._handlers, watch)
        passed = []
        if played.outcome is not None:
            rows = coverage_of(stage.release.models.values(), [(path.stem, played.outcome)])
            passed = [(one.process_key, one.element_id) for one in rows if one.stories]
        return _told(played, watch, passed, time.process_time() - began)


def _told(played: StoryResult, watch: PathWatch, passed: list[tuple[str, str]], seconds: float) -> Json:
    failure = played.failure
    return {
        "title": played.title,
        "source": list(played.source),
        "process": played.process_key,
        "profile": played.profile_id,
        "failure": {"step": failure.step_number, "en": failure.en, "zh": failure.zh} if failure else None,
        "steps": [one.to_data() for one in watch.steps],
        "end": played.outcome.end_element_id if played.outcome else None,
        "passed": passed,
        "seconds": round(seconds, 3),
        "standing": watch.standing if isinstance(watch, StandingWatch) else None,
    }

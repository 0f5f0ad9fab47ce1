"""The runs of this server, and what a page of stories knows of its family."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from flask import current_app

from engine.commands.engine import Engine
from engine.diagrams import ProcessModel
from engine.rehearsal.coverage import Passed, coverage_of
from web.languages import current_locale
from web.procedures.house import FamilyPage
from web.stories.files import StoryFile, stories_of
from web.stories.runs import Run, StoryRuns, Told
from web.story_player.player import player_of
from web.story_player.stage_digest import stage_digest

_RUNS = "story_runs"  # among the extensions of the application


def story_runs(engine: Engine) -> StoryRuns:
    found = current_app.extensions.get(_RUNS)
    if found is None:
        found = current_app.extensions.setdefault(
            _RUNS, StoryRuns(player_of(engine.settings.processes_folder))
        )
    assert isinstance(found, StoryRuns)
    return found


@dataclass(frozen=True)
class StoryLine:
    file: StoryFile
    told: Told | None

    @property
    def state(self) -> str:
        """One of: unread, failed, passed, unplayed."""
        if self.file.story is None:
            return "unread"
        if self.told is None:
            return "unplayed"
        return "passed" if self.told.is_ok else "failed"


class Shelf:
    """The stories of a family as its working copy has them, with how each last came out."""

    def __init__(self, house: FamilyPage) -> None:
        self.house = house
        self.runs = story_runs(house.engine)
        self.digest = stage_digest(house.files)

    @cached_property
    def lines(self) -> list[StoryLine]:
        return [StoryLine(one, self.runs.result(self.digest, one)) for one in stories_of(self.house.files)]

    @property
    def run(self) -> Run | None:
        return self.runs.run_of(self.house.family)

    def count(self, state: str) -> int:
        return sum(one.state == state for one in self.lines)

    @cached_property
    def models(self) -> Mapping[str, ProcessModel]:
        return {one.id: one for diagram in self.house.checked.diagrams for one in diagram.processes}

    def coverage(self) -> list[Passed]:
        """By the stories that hold, of those that were played on these files."""
        held = [one.told for one in self.lines if one.told is not None and one.told.is_ok]
        rows = coverage_of(self.models.values(), [])
        passed: dict[tuple[str, str], list[str]] = {}
        for told in held:
            for process, element in told.data["passed"]:
                passed.setdefault((process, element), []).append(told.path)
        return [
            Passed(
                one.process_key, one.file, one.element_id, self.name_of(one), one.kind, one.line,
                tuple(passed.get((one.process_key, one.element_id), ())),
            )
            for one in rows
        ]  # fmt: skip

    def name_of(self, one: Passed) -> str:
        """In the reader's language, where the family has labels for it."""
        if current_locale() == "zh" or one.kind == "branch":
            return one.name
        return self.house.labels.get(one.element_id) or one.name

    def element_name(self, element_id: str) -> str:
        """Of an element of any of the family's diagrams; the id where nothing has it."""
        label = self.house.labels.get(element_id)
        if label:
            return label
        for model in self.models.values():
            element = model.elements.get(element_id)
            if element is not None:
                return element.name or element_id
        return element_id

    def process_name(self, process_key: str) -> str:
        model = self.models.get(process_key)
        return self.house.labels.get(process_key) or (model.name if model else None) or process_key

    def address(self, element_id: str) -> str:
        """Of the element on its diagram's page; empty where no diagram has it."""
        for model in self.models.values():
            if element_id in model.elements:
                return f"/procedures/{self.house.family}/diagrams/{model.file}#{element_id}"
            if element_id == model.id:
                return f"/procedures/{self.house.family}/diagrams/{model.file}"
        return ""

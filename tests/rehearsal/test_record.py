"""A case that is recorded plays the same: on the version that it ran on, with other people and other texts."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rehearsals import PROCESSES

from engine.commands.handler import HandlerTable
from engine.people import SYSTEM
from engine.rehearsal.play import StoryResult, play_story
from engine.rehearsal.record import Recorded, record_case
from engine.rehearsal.scene import Scene
from engine.rehearsal.stage import Stage
from engine.rehearsal.story import Step, Story, read_story
from handlers import HANDLERS as OF_THE_HOUSE

HANDLERS = HandlerTable(OF_THE_HOUSE)
DIFFERENT = (
    "complaint/scenarios/cmp01_dispute.toml",
    "complaint/scenarios/cmp01_hand_on_late.toml",
    "complaint/scenarios/cmp01_customer_answers_by_message.toml",
    "complaint/scenarios/cmp01_level_corrected.toml",
    "complaint/scenarios/cmp01_head_office_late.toml",
    "complaint/scenarios/cmp01_head_office_in_time.toml",
    "survey/scenarios/sur01_nothing_passed.toml",
    "survey/scenarios/sur01_bad_vouchers_and_dissatisfied.toml",
    "survey/scenarios/sur01_notice_late.toml",
    "survey/scenarios/sur01_three_tiers.toml",
)


@dataclass
class Recorder:
    """Records the case of a story when its last step is done."""

    story: Story
    recorded: list[Recorded] = field(default_factory=list)
    usernames: set[str] = field(default_factory=set)

    def __call__(self, scene: Scene, step: Step | None) -> None:
        if step is not None and step.number == len(self.story.steps):
            self.usernames = set(scene.cast.people)
            title = "录制"
            self.recorded.append(record_case(scene.engine, SYSTEM, scene.rows.instance_key, title=title))


@pytest.fixture(scope="module")
def stages() -> Iterator[dict[Path, Stage]]:
    opened: dict[Path, Stage] = {}
    yield opened
    for stage in opened.values():
        stage.close()


def recorded_of(stages: dict[Path, Stage], path: Path) -> tuple[Recorder, Stage]:
    story = read_story(path)
    folder = path.parents[1]
    stage = stages.get(folder) or stages.setdefault(folder, Stage(folder, PROCESSES, HANDLERS))
    recorder = Recorder(story)
    assert play_story(stage, story, HANDLERS, recorder).is_ok
    return recorder, stage


def played(stage: Stage, text: str) -> StoryResult:
    return play_story(stage, read_story(Path("recorded.toml"), text.encode()), HANDLERS)


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_recorded_case_plays_on_its_version(name: str, stages: dict[Path, Stage]) -> None:
    recorder, stage = recorded_of(stages, PROCESSES / name)
    (recorded,) = recorder.recorded
    again = played(stage, recorded.text)
    assert again.failure is None, f"{again.failure}\n{recorded.text}"


def test_people_and_texts_are_others_and_what_decides_stays(stages: dict[Path, Stage]) -> None:
    path = PROCESSES / "survey/scenarios/sur01_nothing_passed.toml"
    recorder, _ = recorded_of(stages, path)
    (recorded,) = recorder.recorded
    given = tomllib.loads(recorded.text)["given"]
    # The numbers of false slips are counted by a service, whose answer decides the way.
    assert "false_vouchers" in recorded.kept
    assert "AZ-1" in recorded.text
    assert "deduction_reason" in recorded.hidden
    held = {name: set(roles) for name, roles in recorder.story.given.people.items()}
    for name, roles in given["people"].items():
        assert set(roles) - {"staff"} in held.values(), name


def test_a_recorded_case_that_would_go_another_way_fails(stages: dict[Path, Stage]) -> None:
    recorder, stage = recorded_of(stages, PROCESSES / DIFFERENT[0])
    text = recorder.recorded[0].text
    changed = text.replace("disagreement = true", "disagreement = false")
    assert changed != text
    assert played(stage, changed).failure is not None


@pytest.mark.soak
def test_whatever_a_story_tells_is_recorded_or_named(stages: dict[Path, Stage]) -> None:
    """All stories of all families: the recorded one plays, or the record says what it could not tell."""
    silent = []
    for path in sorted(PROCESSES.glob("*/scenarios/*.toml")):
        story = read_story(path)
        if any(step.act and step.act[0] == "when_handler_fails" for step in story.steps):
            continue  # No record of a case holds how its handlers fail.
        recorder, stage = recorded_of(stages, path)
        for recorded in recorder.recorded:
            again = played(stage, recorded.text)
            if again.failure is not None and not recorded.untold:
                silent.append(f"{path.name}: {again.failure.en}")
    assert silent == []

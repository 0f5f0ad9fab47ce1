"""Plays one story straight, and again as if the machine were switched off and on between all steps."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.commands.case.on_case import CaseStopped
from engine.commands.handler import HandlerTable
from engine.model import HuiyinError
from engine.rehearsal.cast import read_cast
from engine.rehearsal.check_ids import check_ids
from engine.rehearsal.checks import CHECKS
from engine.rehearsal.failing_handlers import FailingHandlers
from engine.rehearsal.outcome import Outcome, outcome_of
from engine.rehearsal.scene import Scene
from engine.rehearsal.stage import Stage
from engine.rehearsal.steps import ACTS, TIMES
from engine.rehearsal.story import Step, Story
from engine.rehearsal.story_error import StoryError
from engine.rehearsal.unmet import Unmet
from engine.worktime import CalendarFileError, CalendarMissing


@dataclass(frozen=True)
class Failure:
    """Where a story broke off and what was expected there. `step_number` None: before its first step, or at its end."""

    step_number: int | None
    en: str
    zh: str

    def says(self, locale: str) -> str:
        return self.zh if locale.startswith("zh") else self.en


@dataclass(frozen=True)
class StoryResult:
    """`outcome` is that of the straight run, as far as it came; None when the case was never started."""

    path: Path
    title: str
    source: tuple[str, ...]
    failure: Failure | None
    process_key: str = ""
    profile_id: str | None = None
    outcome: Outcome | None = None

    @property
    def is_ok(self) -> bool:
        return self.failure is None


# Called in the straight run after the start (None), after each step that held, and where it broke off.
Watch = Callable[[Scene, Step | None], None]


def play_story(stage: Stage, story: Story, handlers: HandlerTable, watch: Watch | None = None) -> StoryResult:
    """Never raises for what the story says or what the engine does: both are its failure."""
    try:
        profile = stage.profile_of(story)
        known = stage.known(story, profile)
        roles = frozenset((*stage.roles, *(profile.roles if profile else ())))
        cast = read_cast(story, roles if stage.roles else frozenset())
        check_ids(story, known, cast, roles)

        def scene(*, is_restarting: bool) -> Scene:
            return Scene(
                stage, story, known, cast, profile, FailingHandlers(handlers), is_restarting=is_restarting
            )

        failure, outcome = _play(lambda: scene(is_restarting=False), watch)
        if failure is None:
            failure, again = _play(lambda: scene(is_restarting=True))
            if failure is not None:
                failure = Failure(
                    failure.step_number,
                    f"After restarts between the steps: {failure.en}",
                    f"步骤间重启后：{failure.zh}",
                )
            elif outcome is not None and again is not None:
                failure = _compare(outcome, again)
    except StoryError as problem:
        return StoryResult(story.path, story.title, story.source, failure_of(problem))
    return StoryResult(
        story.path,
        story.title,
        story.source,
        failure,
        known.process_key,
        profile.id if profile else None,
        outcome,
    )


def failure_of(problem: StoryError) -> Failure:
    return Failure(problem.step_number, problem.reason_en, problem.reason_zh)


def _compare(straight: Outcome, again: Outcome) -> Failure | None:
    difference = straight.difference(again)
    if difference is None:
        return None
    what, here, there = difference
    return Failure(
        None,
        f"Expected the same outcome after restarts between the steps, but the {what} differ: {here} became {there}.",
        f"步骤间重启后结果应当相同，但 {what} 不同：{here} 变成了 {there}。",
    )


def _play(
    make_scene: Callable[[], Scene], watch: Watch | None = None
) -> tuple[Failure | None, Outcome | None]:
    number: int | None = None
    scene: Scene | None = None
    step: Step | None = None

    def look() -> None:
        if watch is not None and scene is not None and scene.is_started:
            watch(scene, step)

    try:
        scene = make_scene()
        number = _start(scene)
        look()
        for step in scene.story.steps:
            number = step.number
            scene.restart()
            if scene.is_started:
                try:
                    _step(scene, step)
                finally:
                    look()
        return None, _outcome(scene)
    except StoryError as problem:
        return failure_of(problem), _outcome(scene)
    except Unmet as unmet:
        return Failure(number, unmet.en, unmet.zh), _outcome(scene)
    except (HuiyinError, CalendarMissing, CalendarFileError) as refused:
        return (
            Failure(number, f"Refused: {refused.en}", f"被拒绝：{refused.zh}"),
            _outcome(scene),
        )
    except Exception as problem:
        # A fault of the engine must show as a failed story beside its title, not as the end of all stories.
        said = f"{type(problem).__name__}: {problem}"
        return (
            Failure(number, f"The engine stopped with {said}", f"引擎出错：{said}"),
            None,
        )


def _outcome(scene: Scene | None) -> Outcome | None:
    return outcome_of(scene) if scene is not None and scene.is_started else None


def _start(scene: Scene) -> int | None:
    """Before the first step; a story may say there that the start itself is refused."""
    first = scene.story.steps[0]
    if first.rejected is None or first.act is not None:
        scene.start()
        return None
    _refused(first, scene.start, "the start", "登记")
    if len(scene.story.steps) > 1 or first.checks:
        raise StoryError(
            scene.story.path, 1, "The start is refused, so nothing more can be said of the case.",
            "登记被拒绝，之后无事项可检查。",
        )  # fmt: skip
    return 1


def _step(scene: Scene, step: Step) -> None:
    if step.time is not None:
        word, moment = step.time
        TIMES[word](scene, step, moment)
    if step.act is not None:
        _act(scene, step, *step.act)
    for word, expected in step.checks.items():
        CHECKS[word](scene, expected)
    scene.note_told()


def _act(scene: Scene, step: Step, word: str, value: str) -> None:
    def act() -> None:
        ACTS[word](scene, step, value)
        scene.work_off()

    if step.rejected is not None:
        _refused(step, act, f"{word} {value}", f"{word} {value}")
        scene.work_off()
        return
    try:
        act()
    except CaseStopped:
        # The command says so to the person, and the incident to the supervisor; the story may look at the latter.
        if not step.checks.get("then_incident"):
            raise


def _refused(step: Step, act: Callable[[], None], what: str, what_zh: str) -> None:
    part = step.rejected or ""
    try:
        act()
    except HuiyinError as refused:
        if part.lower() in refused.en.lower() or part.lower() in refused.zh.lower():
            return
        raise Unmet(
            f"Expected {what} to be refused with a message that contains {part!r}, but it says: {refused.en}",
            f"{what_zh} 应被拒绝且提示含“{part}”，但提示是：{refused.zh}",
        ) from refused
    raise Unmet(f"Expected {what} to be refused, but it was done.", f"{what_zh} 应被拒绝，但已办理。")

"""What happens in a story: one function a `when_…` word, each through the real command and as the person in `by`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.commands.clock_commands import pause_clock, resume_clock
from engine.commands.complete_user_task import complete_user_task
from engine.commands.correlate_message import correlate_message
from engine.commands.due.finish_job import JobOutcome, finish_job, job_failed
from engine.commands.hold_user_task import claim_user_task
from engine.model import BpmnError, HandlerFailed
from engine.people import SYSTEM
from engine.rehearsal.cast import ORGANISATION
from engine.rehearsal.filled_form import with_required
from engine.rehearsal.known_ids import END, Target
from engine.rehearsal.scene import Scene
from engine.rehearsal.story import Step
from engine.rehearsal.story_error import StoryError, known_words
from engine.rehearsal.unmet import Unmet, shown
from engine.rehearsal.walk import Walk
from engine.worktime import LimitError, due_at, parse_iso_duration, parse_limit

Act = Callable[[Scene, Step, str], None]


def time_is(scene: Scene, step: Step, given: datetime) -> None:
    target = scene.moment(given)
    if target < scene.clock.now():
        now = shown(scene.clock.now(), scene.calendar)
        wanted = shown(target, scene.calendar)
        raise _error(
            scene, step, f"Time does not run backwards: it is {now.en} already, but the step says {wanted.en}.",
            f"时间不会倒流：现在已是 {now.zh}，而本步写的是 {wanted.zh}。",
        )  # fmt: skip
    scene.advance_to(target)


def time_passes(scene: Scene, step: Step, text: str) -> None:
    """An ISO 8601 duration, or a limit in the measure of the calendar."""
    now = scene.clock.now()
    try:
        target = due_at(now, parse_limit(text), scene.calendar).due_at
    except LimitError:
        try:
            target = now + parse_iso_duration(text)
        except LimitError as problem:
            raise _error(scene, step, f"`when_time_passes`: {problem.en}", problem.zh) from problem
    scene.advance_to(target)


def completed(scene: Scene, step: Step, named: str) -> None:
    """A user task, with the example's values for what the form requires and the story does not say.

    A service task that waits for an external worker is completed with `with` as its outputs.
    """
    target = _target(scene, named)
    task = _task(scene, step, target)
    if task is None:
        _complete_external(scene, step, target)
        return
    if step.by is None:
        raise _error(scene, step, "Expected `by`: who completes the task?", "须写明 by（由谁办理）。")
    form = scene.known.release.forms.get(task.form_ref) if task.form_ref else None
    values: Mapping[str, Any] = step.values
    if form is not None and step.rejected is None:
        given = scene.story.given.variables
        values = with_required(form, values, given, scene.cast, {scene.rows.instance.complained_about})
    complete_user_task(scene.engine, scene.actor(step.by), user_task_key=task.user_task_key, values=values)


def _complete_external(scene: Scene, step: Step, target: Target) -> None:
    job = next(iter(_jobs(scene, target)), None)
    if job is None:
        stands = scene.rows.stands_at()
        raise Unmet(
            f"Expected {target.name} to be open, but {stands.en}.", f"{target.name} 应打开，但{stands.zh}。"
        )
    if not finish_job(scene.engine, job, None, JobOutcome(dict(step.values)), scene.actor(step.by)):
        raise Unmet(
            f"Expected the job of {target.name} to move the case on, but it did not.",
            f"{target.name} 的作业应推动事项，但没有。",
        )


def claimed(scene: Scene, step: Step, named: str) -> None:
    target = _target(scene, named)
    task = _task(scene, step, target)
    if task is None:
        stands = scene.rows.stands_at()
        raise Unmet(
            f"Expected an open task {named} to claim, but {stands.en}.",
            f"应有待办 {named} 可领取，但{stands.zh}。",
        )
    claim_user_task(scene.engine, scene.actor(step.by), user_task_key=task.user_task_key)


def message(scene: Scene, step: Step, name: str) -> None:
    """For this case: with the correlation that it waits for, else with its number."""
    waiting = [row for row in scene.rows.subscriptions() if row.message_name == name]
    is_outside = step.by is None or scene.cast.is_outside(step.by)
    correlate_message(
        scene.engine,
        SYSTEM if is_outside else scene.actor(step.by),
        message_name=name,
        correlation=waiting[0].correlation if waiting else scene.rows.instance.business_key,
        variables=step.values,
        organisation_key=ORGANISATION,
    )


def walked_to(scene: Scene, step: Step, named: str) -> None:
    Walk(scene, step.by, step.values).to(_target(scene, named))


def walked_past(scene: Scene, step: Step, named: str) -> None:
    walk = Walk(scene, step.by, step.values)
    if named == END and scene.known.target(END) is None:
        walk.to_the_end()
    else:
        walk.past(_target(scene, named))


def paused(scene: Scene, step: Step, named: str) -> None:
    _only(scene, step, ("kind", "reason", "evidence"))
    for clock in _open_clocks(scene, named):
        pause_clock(
            scene.engine,
            scene.actor(step.by),
            clock_key=clock.clock_key,
            kind=str(step.values.get("kind", "other")),
            reason=str(step.values.get("reason", "")),
            evidence=str(step.values.get("evidence", "")),
        )


def resumed(scene: Scene, step: Step, named: str) -> None:
    _only(scene, step, ())
    for clock in _open_clocks(scene, named):
        resume_clock(scene.engine, scene.actor(step.by), clock_key=clock.clock_key)


def handler_fails(scene: Scene, step: Step, named: str) -> None:
    """From here on, the topic's handler fails at every try; an external worker that has the job gives up now.

    `with`: `message`; `permanent = false` lets the retries of the diagram run out first; `code` makes it a
    business error, for the boundary event that catches it.
    """
    _only(scene, step, ("message", "permanent", "code"))
    text = str(step.values.get("message", "The story lets the handler fail."))
    target = scene.known.target(named)
    topics = {named} if named in scene.known.topics else _topics(scene, target)
    if not topics:
        raise _error(
            scene,
            step,
            f"Expected a service task with a topic, but {named} is none.",
            f"{named} 不是带主题的服务任务。",
        )
    code = step.values.get("code")
    failure = (
        BpmnError(str(code), text)
        if code
        else HandlerFailed(text, permanent=bool(step.values.get("permanent", True)))
    )
    for topic in topics:
        scene.handlers.failing[topic] = failure
    for job in scene.rows.jobs():
        if job.is_external and job.topic in topics:
            if isinstance(failure, BpmnError):
                finish_job(scene.engine, job, None, JobOutcome(error_code=failure.error_code))
            else:
                job_failed(scene.engine, job, None, failure, None)


def _topics(scene: Scene, target: Target | None) -> set[str]:
    if target is None:
        return set()
    elements = (scene.known.release.element(*place) for place in target.places)
    return {one.topic for one in elements if one is not None and one.topic}


def _target(scene: Scene, named: str) -> Target:
    found = scene.known.target(named)
    assert found is not None  # check_ids has looked at every id before the story began
    return found


def _task(scene: Scene, step: Step, target: Target) -> Any:
    """The open task that the id stands for, or that lies inside of what carries it; of several, one that `by` may do.

    Where the story expects a refusal, a task that is over will do: the command itself says so.
    """
    around = {element_id for _, element_id in scene.rows.places_of(target)}
    found = scene.rows.tasks(target) or [
        task for task in scene.rows.tasks() if around & scene.known.around(task.process_key, task.element_id)
    ]
    if not found and step.rejected is not None:
        found = scene.rows.tasks(target, "completed", "cancelled")[-1:]
    if step.by is not None:
        found = [task for task in found if scene.may_work_on(task, step.by)] or found
    return found[0] if found else None


def _jobs(scene: Scene, target: Target) -> Sequence[Any]:
    return [
        job
        for job in scene.rows.jobs()
        if job.is_external and (job.process_key, job.element_id) in target.places
    ]


def _open_clocks(scene: Scene, named: str) -> Sequence[Any]:
    found = scene.rows.clocks(_target(scene, named), is_open=True)
    if not found:
        raise Unmet(
            f"Expected an open clock of {named}, but there is none.", f"{named} 应有计时中的时限，但没有。"
        )
    return found


def _only(scene: Scene, step: Step, known: Sequence[str]) -> None:
    for name in step.values:
        if name not in known:
            raise _error(
                scene, step, f"`with` knows {known_words(known) or 'nothing'} here, but not {name!r}.",
                f"此处 with 只能写 {known_words(known) or '空'}，不能写“{name}”。",
            )  # fmt: skip


def _error(scene: Scene, step: Step, en: str, zh: str) -> StoryError:
    return StoryError(scene.story.path, step.number, en, zh)


TIMES: Mapping[str, Callable[[Scene, Step, Any], None]] = {
    "when_time_is": time_is,
    "when_time_passes": time_passes,
}
ACTS: Mapping[str, Act] = {
    "when_completed": completed,
    "when_message": message,
    "when_walked_to": walked_to,
    "when_walked_past": walked_past,
    "when_claimed": claimed,
    "when_paused": paused,
    "when_resumed": resumed,
    "when_handler_fails": handler_fails,
}

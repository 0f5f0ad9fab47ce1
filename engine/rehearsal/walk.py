"""Walking: open tasks are completed one by one, as everybody would on a good day, until the story's place is reached."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.commands.complete_user_task import complete_user_task
from engine.rehearsal.filled_form import example_values
from engine.rehearsal.known_ids import END, Target
from engine.rehearsal.scene import Scene
from engine.rehearsal.unmet import Unmet, listed

MOST_TASKS = 200  # of one walk: the forms' examples lead in a circle


class Walk:
    """One walk. `by` is tried before the people of the story in their order."""

    def __init__(self, scene: Scene, by: str | None, overrides: Mapping[str, Any]) -> None:
        self.scene, self.overrides = scene, overrides
        people = [name for name in scene.cast.people if not scene.cast.is_outside(name)]
        self.people = list(dict.fromkeys((*((by,) if by else ()), *people)))
        self._done: set[str] = set()
        self._used: set[str] = set()

    def to(self, target: Target) -> None:
        """Until a task or clock of the target is open; of an element that never waits, until it was passed."""
        before = self._visits(target)
        self._until(lambda: self.scene.rows.is_open(target) or self._visits(target) > before, target)
        self._refuse_unused()

    def past(self, target: Target) -> None:
        """Until the target was open and is so no more. Past already: nothing is left to walk."""
        scene = self.scene
        if not scene.rows.is_open(target) and not self._is_done(target):
            self._until(lambda: scene.rows.is_open(target) or self._is_done(target), target)
        self._until(lambda: not scene.rows.is_open(target), target)
        self._refuse_unused()

    def to_the_end(self) -> None:
        self._until(lambda: self.scene.rows.instance.state != "running", None)
        self._refuse_unused()

    def _visits(self, target: Target) -> int:
        return sum((one.process_key, one.element_id) in target.places for one in self.scene.rows.history())

    def _is_done(self, target: Target) -> bool:
        stopped = any(clock.stopped_at is not None for clock in self.scene.rows.clocks(target))
        return stopped or self._visits(target) > 0

    def _until(self, is_reached: Callable[[], bool], target: Target | None) -> None:
        name = target.name if target else END
        for _ in range(MOST_TASKS):
            if is_reached():
                return
            task, person = self._next(name, target)
            complete_user_task(
                self.scene.engine,
                self.scene.actor(person),
                user_task_key=task.user_task_key,
                values=self._values(task),
            )
            self.scene.work_off()
        done = listed(sorted(self._done))
        raise Unmet(
            f"Expected to reach {name}, but after {MOST_TASKS} tasks the case still goes round in {done.en}.",
            f"应走到 {name}，但办理 {MOST_TASKS} 件待办后仍在 {done.zh} 之间循环。",
        )

    def _next(self, name: str, target: Target | None) -> tuple[Any, str]:
        """The task and its person: one of the target itself first, else the oldest that somebody may complete."""
        tasks = self.scene.rows.tasks()
        if target is not None:
            places = self.scene.rows.places_of(target)
            tasks.sort(key=lambda task: (task.process_key, task.element_id) not in places)
        for task in tasks:
            for person in self.people:
                if self.scene.may_work_on(task, person):
                    return task, person
        stands = self.scene.rows.stands_at()
        if not tasks:
            raise Unmet(
                f"Expected to reach {name}, but no task is open: {stands.en}.",
                f"应走到 {name}，但没有打开的待办：{stands.zh}。",
            )
        open_tasks = listed([task.element_id for task in tasks])
        raise Unmet(
            f"Expected to reach {name}, but nobody of [given.people] may complete {open_tasks.en}.",
            f"应走到 {name}，但 [given.people] 中没有人可以办理 {open_tasks.zh}。",
        )

    def _values(self, task: Any) -> dict[str, Any]:
        """`with` wins; then, at the first visit, what the story gives; then the example of the form.

        In a second round a given value would lead round the same circle for ever.
        """
        scene = self.scene
        given = {} if task.element_id in self._done else scene.story.given.variables
        self._done.add(task.element_id)
        form = scene.known.release.forms.get(task.form_ref) if task.form_ref else None
        if form is None:
            self._used |= self.overrides.keys()
            return dict(self.overrides)
        self._used |= self.overrides.keys() & set(form.field_names)
        excluded = {scene.rows.instance.complained_about}
        return example_values(form, {**given, **self.overrides}, scene.cast, excluded)

    def _refuse_unused(self) -> None:
        unused = [name for name in self.overrides if name not in self._used]
        if unused:
            names = listed(unused)
            raise Unmet(
                f"Expected a form with {names.en} on the way (`with`), but no task that was completed asks for it.",
                f"with 中的 {names.zh} 应有表单填写，但沿途办理的待办都没有这一栏。",
            )

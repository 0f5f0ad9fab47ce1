"""Joins as BPMN means them: a token waits at the gateway until it is taken, and a fired join takes one for each flow.

The stock joins look for finished tasks in history instead: they miscount in loops, lose what waits when history is
pruned, let a second token that passes wipe out the way of the first, and do not see a job or a sub-process that is under
way. Here only what waits and what lives counts.
"""

from collections import Counter
from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.defaults import InclusiveGateway, ParallelGateway
from SpiffWorkflow.util.task import TaskState

_ALIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED


class _TokenJoin:
    """`_taken` says which of the waiting tokens fire the gateway, the asking one among them; None: not yet."""

    name: str

    def _update_hook(self, my_task: Any) -> bool:
        taken = self._taken(my_task, self._arrived(my_task))
        if taken is None:
            my_task._set_state(TaskState.WAITING)
            return False
        for token in taken:
            if token is not my_task:
                token.cancel()
        my_task._inherit_data()
        return True

    def _arrived(self, my_task: Any) -> dict[Any, list[Any]]:
        """Tokens that wait here, by the spec that they came from; the asking one is the first of its flow."""
        arrived: dict[Any, list[Any]] = {my_task.parent.task_spec: [my_task]}
        for task in my_task.workflow.tasks.values():
            if task is not my_task and task.task_spec is self and task._state == TaskState.WAITING:
                arrived.setdefault(task.parent.task_spec, []).append(task)
        return arrived

    def _taken(self, my_task: Any, arrived: dict[Any, list[Any]]) -> list[Any] | None:
        raise NotImplementedError


class ParallelJoin(_TokenJoin, ParallelGateway):
    """One token of each incoming flow; what came too much stays for the next time."""

    def _taken(self, my_task: Any, arrived: dict[Any, list[Any]]) -> list[Any] | None:  # noqa: ARG002
        taken: list[Any] = []
        flows_of: Counter[Any] = Counter(self.inputs)
        for source, flows in flows_of.items():
            waiting = arrived.get(source, [])
            if len(waiting) < flows:
                return None
            taken += waiting[:flows]
        return taken

    def _run_hook(self, my_task: Any) -> bool:  # noqa: ARG002
        return True


class InclusiveJoin(_TokenJoin, InclusiveGateway):
    """Waits while a token elsewhere could still reach an incoming flow that has none (BPMN 2.0, 13.4.3)."""

    def _taken(self, my_task: Any, arrived: dict[Any, list[Any]]) -> list[Any] | None:
        full, empty = set(arrived), set(self.inputs) - set(arrived)
        if empty:
            for task in my_task.workflow.tasks.values():
                if task.task_spec is self or not _is_token(task):
                    continue
                ways = self._ways_from(task.task_spec)
                if ways & empty and not ways & full:
                    return None
        return [token for waiting in arrived.values() for token in waiting[:1]]

    def _ways_from(self, spec: Any) -> set[Any]:
        """By which incoming flows (named by their sources) a token at `spec` could come here."""
        found, seen, waiting = set(), {spec}, [spec]
        while waiting:
            one = waiting.pop()
            for output in one.outputs:
                if output is self:
                    found.add(one)
                elif output not in seen:
                    seen.add(output)
                    waiting.append(output)
        return found

    def _run_hook(self, my_task: Any) -> bool:
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            raise WorkflowTaskException(
                "No condition of the gateway holds, and it has no default flow", task=my_task
            )
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


def _is_token(task: Any) -> bool:
    """Something that lives, or that its finished predecessor is about to reach."""
    if task._state & _ALIVE:
        return True
    return (
        task._state == TaskState.FUTURE
        and task.parent is not None
        and task.parent._state == TaskState.COMPLETED
    )

"""State of a case without its spec: zstd(orjson), with a format number. No pickle, no token data.

Variables live in rows, finished history in rows, the spec in the release; what is left is small.
"""

import threading
from typing import Any
from uuid import UUID

import orjson
import zstandard
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.compile import CompiledProcess
from engine.spiff.flat import FlatSubWorkflow, FlatWorkflow
from engine.spiff.guards import GuardTripped

STATE_FORMAT = 1
_LEVEL = 3
# One for each thread: a compressor that two threads share writes what nobody can read again, or ends the process.
_of_thread = threading.local()


def dump_state(workflow: FlatWorkflow, visits: dict[str, Any], max_bytes: int) -> bytes:
    """The stored form. `visits` is the runner's own bookkeeping and travels along.

    Raises: GuardTripped when the state is larger than `max_bytes` before compression.
    """
    state = {
        "visits": visits,
        "top": _dump_tree(workflow),
        "inner": {
            key.hex: {**_dump_tree(one), "spec": one.spec.name} for key, one in workflow.subprocesses.items()
        },
    }
    raw = orjson.dumps(state)
    if len(raw) > max_bytes:
        raise GuardTripped("state bytes", max_bytes, None)
    return _compressor().compress(raw)


def _compressor() -> zstandard.ZstdCompressor:
    found: zstandard.ZstdCompressor | None = getattr(_of_thread, "compressor", None)
    if found is None:
        found = _of_thread.compressor = zstandard.ZstdCompressor(level=_LEVEL)
    return found


def load_state(process: CompiledProcess, stored: bytes) -> tuple[FlatWorkflow, dict[str, Any]]:
    state = orjson.loads(zstandard.decompress(stored))
    workflow = FlatWorkflow(process.spec, process.called, deserializing=True)
    _load_tree(workflow, state["top"])
    _load_inner(workflow, workflow, state["inner"])
    return workflow, state["visits"]


def places_in_state(stored: bytes) -> list[tuple[str, str]]:
    """(process key, element id) of each element that a stored case has entered and not left; needs no spec."""
    visits = orjson.loads(zstandard.decompress(stored))["visits"]["open"]
    return [(process_key, element_id) for element_id, process_key, _ in visits.values()]


def _dump_tree(workflow: Any) -> dict[str, Any]:
    return {
        "root": workflow.task_tree.id.hex,
        "last": workflow.last_task.id.hex if workflow.last_task is not None else None,
        "completed": workflow.completed,
        "tasks": [
            [
                task.id.hex,
                task._parent.hex if task._parent else None,
                [child.hex for child in task._children],
                task._state,
                task.task_spec.name,
                task.triggered,
                task.internal_data,
                task.last_state_change,
            ]
            for task in workflow.tasks.values()
        ],
    }


def _load_tree(workflow: Any, tree: dict[str, Any]) -> None:
    specs = workflow.spec.task_specs
    for key, parent, children, state, spec_name, triggered, internal_data, changed in tree["tasks"]:
        task = Task(workflow, specs[spec_name], state=state, id=UUID(key))
        task._parent = UUID(parent) if parent else None
        task._children = [UUID(child) for child in children]
        task.triggered = triggered
        task.internal_data = internal_data
        task.last_state_change = changed
        if state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            workflow.top_workflow.event_manager.add_task(task)
    workflow.task_tree = workflow.tasks[UUID(tree["root"])]
    workflow.last_task = workflow.tasks.get(UUID(tree["last"])) if tree["last"] else None
    workflow.completed = tree["completed"]


def _load_inner(top: FlatWorkflow, within: Any, inner: dict[str, Any]) -> None:
    # A sub-process needs its parent task, so parents are restored before their children.
    for task in list(within.tasks.values()):
        tree = inner.get(task.id.hex) if isinstance(task.task_spec, SubWorkflowTask) else None
        if tree is None:
            continue
        subprocess = FlatSubWorkflow(top.subprocess_specs[tree["spec"]], task.id, top, deserializing=True)
        _load_tree(subprocess, tree)
        top.subprocesses[task.id] = subprocess
        subprocess.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
        _load_inner(top, subprocess, inner)

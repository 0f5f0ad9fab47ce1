"""Carries the state of a running case over to another version of its diagrams: tokens by element id, keys as they are.

The library's own migration restarts clocks and drops drafts (docs/spiff.md), so it is not used. Here the stored tokens
are set onto the new spec one by one; what could mean something else there is an Obstacle, and nothing is carried.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson
import zstandard
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import CallActivity
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from engine.spiff.codec import dump_state, load_state
from engine.spiff.compile import CompiledProcess
from engine.spiff.same_shape import difference_of, in_any_block, in_changed_block
from engine.spiff.token_tree import OPEN, Token, TokenTree

_SPLIT, _JOIN = ".BoundaryEventSplit", ".BoundaryEventJoin"


@dataclass(frozen=True)
class Obstacle:
    """Why a case cannot be carried over. `code`: element_gone | kind_changed | event_changed | repetition_changed |
    join_changed | boundary_busy | scope_changed | call_changed | process_gone.
    """

    code: str
    process_key: str
    element_id: str


@dataclass(frozen=True)
class Carried:
    """`state` is None when there are obstacles. `renamed`: element instance key → its element id in the new diagram."""

    state: bytes | None
    obstacles: tuple[Obstacle, ...]
    renamed: Mapping[str, str]


def carry_over(
    old: CompiledProcess, new: CompiledProcess, stored: bytes, mapping: Mapping[str, str], max_bytes: int
) -> Carried:
    """`mapping`: element id of the old diagram → id in the new one, for elements that are gone.

    Raises GuardTripped when the new state is larger than `max_bytes`.
    """
    state = orjson.loads(zstandard.decompress(stored))
    carrying = _Carrying(old, new, mapping, state["inner"])
    top = carrying.tree(state["top"], old.spec, new.spec, old.process_key)
    if carrying.obstacles:
        return Carried(None, tuple(dict.fromkeys(carrying.obstacles)), {})
    for key, visit in state["visits"]["open"].items():
        visit[0] = carrying.renamed.get(key, visit[0])
    # Clocks may start at the entry of an element that was passed long ago, under either name.
    last = state["visits"]["last"]
    last |= {mapping[one]: at for one, at in last.items() if one in mapping}
    state |= {"top": top, "inner": carrying.inner}
    workflow, visits = load_state(new, zstandard.compress(orjson.dumps(state)))
    _predict(workflow)
    return Carried(dump_state(workflow, visits, max_bytes), (), carrying.renamed)


class _Carrying:
    def __init__(
        self,
        old: CompiledProcess,
        new: CompiledProcess,
        mapping: Mapping[str, str],
        stored_inner: Mapping[str, Any],
    ) -> None:
        self.old, self.new, self.mapping, self.stored_inner = old, new, mapping, stored_inner
        self.inner: dict[str, Any] = {}
        self.renamed: dict[str, str] = {}
        self.obstacles: list[Obstacle] = []

    def tree(self, stored: Mapping[str, Any], old: Any, new: Any, process_key: str) -> dict[str, Any]:
        tree = TokenTree(stored)
        tree.drop_expected()
        for token in list(tree.tokens.values()):
            token.new_name = self._renamed(token.name)
        for token in tree.live():
            self._fit_boundaries(tree, token, old, new, process_key)
        for token in tree.live():
            self._check(token, old, new, process_key)
        for token in list(tree.tokens.values()):
            if not token.is_live and token.new_name not in new.task_specs:
                tree.splice(token)  # It is history, which stands in rows.
        for token in tree.live():
            self._enter(token, new, process_key)
        return tree.to_data()

    def _renamed(self, name: str) -> str:
        for tail in (_SPLIT, _JOIN, " [child]"):
            if name.endswith(tail):
                return self.mapping.get(name.removesuffix(tail), name.removesuffix(tail)) + tail
        return self.mapping.get(name, name)

    def _check(self, token: Token, old: Any, new: Any, process_key: str) -> None:
        was, now = old.task_specs.get(token.name), new.task_specs.get(token.new_name)
        if was is None:
            return  # A boundary event that this move has added.
        element_id = str(was.bpmn_id or was.name.removesuffix(" [child]").removesuffix(_JOIN))
        code = self._why_gone(token) if now is None else difference_of(was, now, self.mapping)
        if code is None and in_changed_block(old, new, token.name, token.new_name):
            code = "join_changed"
        if code is None and token.name != token.new_name:
            if in_any_block(old, token.name) or in_any_block(new, token.new_name):
                code = "join_changed"
            self.renamed[token.key] = str(now.bpmn_id or now.name.removesuffix(" [child]"))
        if code is not None:
            self.obstacles.append(Obstacle(code, process_key, element_id))

    def _why_gone(self, token: Token) -> str:
        if token.name.endswith(_JOIN):
            return "boundary_busy"
        levels = (self.new.spec, *self.new.called.values())
        return "scope_changed" if any(token.new_name in one.task_specs for one in levels) else "element_gone"

    def _fit_boundaries(self, tree: TokenTree, host: Token, old: Any, new: Any, process_key: str) -> None:
        """Gives an open host the boundary events that it has in the new diagram, and takes away those that are gone."""
        if isinstance(old.task_specs[host.name], BoundaryEvent):
            return
        parent = tree.tokens.get(host.parent or "")
        split = parent if parent and isinstance(old.task_specs[parent.name], BoundaryEventSplit) else None
        new_split = new.task_specs.get(host.new_name + _SPLIT)
        wanted = [one for one in new_split.outputs if isinstance(one, BoundaryEvent)] if new_split else []
        names = {one.name for one in wanted}
        for child in [tree.tokens[key] for key in split.children] if split else []:
            if child is host or child.new_name in names:
                continue
            if tree.has_live_below(child):
                self.obstacles.append(Obstacle("boundary_busy", process_key, child.name))
            else:
                tree.remove(child)
        if split is not None and new_split is None:
            tree.splice(split)
        if new_split is None:
            return
        if split is None:
            split = tree.insert_above(host, uuid4().hex, new_split.name, TaskState.COMPLETED)
        there = {tree.tokens[key].new_name for key in split.children}
        for one in wanted:
            if one.name not in there:
                tree.add_below(split, uuid4().hex, one.name, TaskState.WAITING)

    def _enter(self, host: Token, new: Any, process_key: str) -> None:
        stored, now = self.stored_inner.get(host.key), new.task_specs.get(host.new_name)
        if stored is None or not isinstance(now, SubWorkflowTask):
            return
        is_call = isinstance(now, CallActivity)
        if is_call and now.spec != stored["spec"]:
            self.obstacles.append(Obstacle("call_changed", process_key, str(now.bpmn_id)))
            return
        inside = self.new.called.get(now.spec)
        if inside is None:
            self.obstacles.append(Obstacle("process_gone", process_key, str(now.spec)))
            return
        within = stored["spec"] if is_call else process_key
        # Its place is kept before its children's, as the runner stores them.
        self.inner[host.key] = None
        tree = self.tree(stored, self.old.called[stored["spec"]], inside, within)
        self.inner[host.key] = {**tree, "spec": inside.name}


def _predict(workflow: Any) -> None:
    """What may follow is asked of the new diagram. Live children stay as they are: a repeating timer has such."""
    for task in workflow.all_tasks():
        if task.has_state(OPEN) and all(child.triggered for child in task.children):
            task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)

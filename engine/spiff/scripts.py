"""Where the engine asks for values: conditions, scripts, decisions, all over case variables, never token data.

Variables are found by scope: iteration, then called process or case; the inner shadows the outer.
Only `in` and `out` mappings cross a call (design, section 3).
"""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from SpiffWorkflow.bpmn.specs.defaults import CallActivity

from engine.model import InvalidInput, WrongState
from engine.spiff.guards import Guards, GuardTripped
from engine.spiff.loops import ITERATION

CASE_SCOPE = "case"
_ITEMS = "loopItems"


class ElementFailed(Exception):
    """An expression, script or decision of one element could not be evaluated. An Incident, with its place.

    `log`: visits up to there, as in `Changes`.
    """

    log: Sequence[tuple[str, Any]] = ()

    def __init__(self, element_id: str, process_key: str, cause: Exception) -> None:
        super().__init__(f"Element {element_id}: {cause}")
        self.element_id = element_id
        self.process_key = process_key
        self.cause = cause


class UncaughtError(WrongState):
    """A business error that no boundary event on the way out catches."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"Expected a boundary event that catches the business error {code!r}, but none is drawn.",
            f"流程图中没有捕获业务错误“{code}”的边界事件。",
        )


@dataclass(frozen=True)
class Scope:
    """The chain of scopes that one element sees, inner first: (scope key, kind, variables)."""

    links: tuple[tuple[str, str, MutableMapping[str, Any]], ...]

    def visible(self) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for _, _, variables in reversed(self.links):
            merged.update(variables)
        return merged

    def assign(self, values: Mapping[str, Any]) -> set[str]:
        """Writes each value where its name already lives, else into the outermost scope; returns scopes touched."""
        touched = set()
        for name, value in values.items():
            home = next((link for link in self.links if name in link[2]), self.links[-1])
            home[2][name] = value
            touched.add(home[0])
        return touched


class Host(Protocol):
    """What the runner asks of the command around it."""

    def evaluate(self, text: str, scope: Scope) -> Any: ...

    def execute(self, script: str, scope: Scope) -> None: ...

    def decide(self, process_key: str, element_id: str, scope: Scope) -> None: ...

    def open_call(self, process_key: str, element_id: str, scope: Scope) -> dict[str, Any]:
        """The first variables of a called process, from the `in` mappings of its call activity."""
        ...

    def close_call(self, process_key: str, element_id: str, inner: Mapping[str, Any], scope: Scope) -> None:
        """Carries the `out` mappings back to the caller's scope."""
        ...


class CaseScripts:
    """SpiffWorkflow's script engine, ours: finds the scope of a task and hands over to the host."""

    def __init__(
        self,
        host: Host,
        scopes: MutableMapping[str, dict[str, Any]],
        note_entry: Callable[[Any], None],
        guards: Guards,
    ) -> None:
        self.host = host
        self.guards = guards
        self.scopes = scopes
        self.note_entry = note_entry

    def scope_of(self, task: Any) -> Scope:
        """Walks outwards from a task: iterations on the way, then the called process or the case."""
        links: list[tuple[str, str, MutableMapping[str, Any]]] = []
        while True:
            node = task
            while node is not None:
                if ITERATION in node.internal_data:
                    links.append((node.id.hex, "iteration", self.scopes[node.id.hex]))
                node = node.parent
            workflow = task.workflow
            if workflow.parent_task_id is None:
                links.append((CASE_SCOPE, "case", self.scopes[CASE_SCOPE]))
                return Scope(tuple(links))
            task = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
            if isinstance(task.task_spec, CallActivity):
                key = self._key_of_call(task, workflow)
                links.append((key, "called", self.scopes[key]))
                return Scope(tuple(links))

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        scope = self.scope_of(task)
        if external_context:
            scope = Scope((("loop", "loop", dict(external_context)), *scope.links))
        return self._at(task, lambda: self.host.evaluate(expression, scope))

    def collection(self, task: Any, text: str) -> list[Any]:
        """What a multi-instance element is repeated for. A text would be repeated for each letter: refused."""

        def read() -> list[Any]:
            found = self.host.evaluate(text, self.scope_of(task))
            if found is not None and not isinstance(found, list | tuple):
                raise InvalidInput(
                    f"Expected a list in {text!r}, but found {found!r}.",
                    f"“{text}”应为列表，但它是 {found!r}。",
                )
            return list(found or ())

        result: list[Any] = self._at(task, read)
        return result

    def cardinality(self, task: Any, text: str | None) -> int:
        """How often a multi-instance element is repeated: a whole number, zero or more."""

        def read() -> int:
            found = self.host.evaluate(text or "", self.scope_of(task))
            if not isinstance(found, int) or isinstance(found, bool) or found < 0:
                raise InvalidInput(
                    f"Expected a whole number from 0 in {text!r}, but found {found!r}.",
                    f"“{text}”应为不小于 0 的整数，但它是 {found!r}。",
                )
            return found

        result: int = self._at(task, read)
        return result

    def require_room(self, task: Any, number: int) -> None:
        """Refuses more iterations at once than a case may have places, before any is made."""
        if number > self.guards.max_tokens:
            raise GuardTripped("tokens", self.guards.max_tokens, element_id_of(task))

    def keep_items(self, task: Any, items: list[Any]) -> None:
        # A scope that no element sees: it holds `loopCounter`, by which scopes of iterations are known.
        self.scopes[task.id.hex] = {_ITEMS: items, "loopCounter": -1}

    def kept_items(self, task: Any) -> list[Any] | None:
        return self.scopes.get(task.id.hex, {}).get(_ITEMS)

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:  # noqa: ARG002
        self._at(task, lambda: self.host.execute(script, self.scope_of(task)))
        return True

    def open_iteration(self, child: Any, variables: dict[str, Any]) -> None:
        self.scopes[child.id.hex] = variables

    def open_call(self, task: Any, called: Any) -> None:
        """`called`: the level that the call opens."""
        scope = self.scope_of(task)
        values = self._at(task, lambda: self.host.open_call(process_key_of(task), element_id_of(task), scope))
        # A call that is an iteration has a scope of that under its own key already.
        key = called.task_tree.id if ITERATION in task.internal_data else task.id
        self.scopes[key.hex] = values

    def close_call(self, task: Any, called: Any) -> None:
        inner = self.scopes[self._key_of_call(task, called)]
        scope = self.scope_of(task)
        self._at(task, lambda: self.host.close_call(process_key_of(task), element_id_of(task), inner, scope))

    def _key_of_call(self, task: Any, called: Any) -> str:
        root = called.task_tree.id.hex
        return root if root in self.scopes else task.id.hex

    def decide(self, task: Any) -> None:
        self._at(
            task,
            lambda: self.host.decide(process_key_of(task), task.task_spec.bpmn_id, self.scope_of(task)),
        )

    def _at(self, task: Any, action: Callable[[], Any]) -> Any:
        try:
            return action()
        except ElementFailed:
            raise
        except Exception as cause:
            raise ElementFailed(element_id_of(task), process_key_of(task), cause) from cause


def element_id_of(task: Any) -> str:
    spec = task.task_spec
    return str(spec.bpmn_id or spec.name.removesuffix(" [child]"))


def process_key_of(task: Any) -> str:
    """The process (root or called) that an element is drawn in; embedded sub-processes belong to their process."""
    workflow = task.workflow
    while workflow.parent_task_id is not None:
        caller = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        if isinstance(caller.task_spec, CallActivity):
            return str(workflow.spec.name)
        workflow = caller.workflow
    return str(workflow.spec.name)

"""A small BPMN builder and a host over plain Python values, so that runner stories stay short."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from engine.spiff import CaseRun, CompiledProcess, Guards, Scope, compile_process, restore_process

NOW = datetime(2026, 2, 13, 8, tzinfo=UTC)

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="t">'
)


def flows(*pairs: str) -> str:
    """`a>b`, `a>b?condition`: sequence flows."""
    out = []
    for number, pair in enumerate(pairs):
        path, _, condition = pair.partition("?")
        source, target = path.split(">")
        body = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        out.append(
            f'<sequenceFlow id="f{number}_{source}" sourceRef="{source}" targetRef="{target}">{body}</sequenceFlow>'
        )
    return "".join(out)


def process(body: str, key: str = "p") -> str:
    return f'<process id="{key}" isExecutable="true">{body}</process>'


def compiled(*processes: str, key: str = "p", extra: str = "") -> CompiledProcess:
    xml = f"{HEAD}{extra}{''.join(processes)}</definitions>"
    return restore_process(key, compile_process(key, {"p.bpmn": etree.fromstring(xml.encode())}))


class PlainHost:
    """Evaluates with Python, over the visible variables; good enough for tests of the runner alone."""

    def __init__(self, decide: Callable[[str, Scope], None] | None = None) -> None:
        self._decide = decide

    def evaluate(self, text: str, scope: Scope) -> Any:
        return eval(text, {"__builtins__": {}, "len": len}, scope.visible())

    def execute(self, script: str, scope: Scope) -> None:
        for line in script.strip().splitlines():
            name, _, expression = line.partition("=")
            scope.assign({name.strip(): self.evaluate(expression.strip(), scope)})

    def decide(self, process_key: str, element_id: str, scope: Scope) -> None:
        assert self._decide is not None
        self._decide(element_id, scope)

    def open_call(self, process_key: str, element_id: str, scope: Scope) -> dict[str, Any]:
        return dict(scope.visible())

    def close_call(self, process_key: str, element_id: str, inner: Mapping[str, Any], scope: Scope) -> None:
        scope.assign(inner)


class Story:
    """Drives one case; with `restarting`, the case is stored and restored between all steps."""

    def __init__(
        self, process: CompiledProcess, variables: dict[str, Any], restarting: bool, guards: Guards
    ) -> None:
        self.process, self.guards, self.restarting = process, guards, restarting
        self.host = PlainHost()
        self.scopes = {"case": dict(variables)}
        self.log: list[str] = []
        self.changes: Any = None
        self.run = CaseRun(process, self.host, self.scopes, guards)
        self._note(self.run.begin(NOW))

    def _note(self, changes: Any) -> None:
        self.changes = changes
        self.log += [visit.element_id for outcome, visit in changes.log if outcome == "completed"]
        if self.restarting and not self.run.is_completed:
            before = dict(self.run.waiting)
            self.run = CaseRun(self.process, self.host, self.scopes, self.guards, stored=self.run.dump())
            assert self.run.waiting == before

    def places(self, kind: str = "user_task") -> list[str]:
        return sorted(place.element_id for place in self.run.waiting.values() if place.kind == kind)

    def key(self, element_id: str) -> str:
        return next(key for key, place in self.run.waiting.items() if place.element_id == element_id)

    def complete(self, element_id: str, **values: Any) -> "Story":
        key = self.key(element_id)
        self.run.scope(key).assign(values)
        self._note(self.run.complete(key, NOW))
        return self

    def fire(self, element_id: str) -> "Story":
        self._note(self.run.fire(self.key(element_id), NOW))
        return self

    def spawn(self, element_id: str) -> "Story":
        self._note(self.run.spawn(self.key(element_id), NOW))
        return self

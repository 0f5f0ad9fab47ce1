"""From diagrams to a process that runs: parsed once at deployment, restored and cached ever after.

The cached spec is always the restored one: state kept on a freshly parsed spec hangs multi-instance tasks
(docs/spiff.md, trap 6).
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson
import zstandard
from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.event_definition import TimerConditionalEventDefinitionConverter
from SpiffWorkflow.bpmn.serializer.default.task_spec import (
    BpmnTaskSpecConverter,
    ConditionalGatewayConverter,
    ParallelGatewayConverter,
    SubWorkflowConverter,
)
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer

from engine.spiff.depth import REASON, too_deep
from engine.spiff.events import (
    ConditionalEventDefinition,
    DueTimer,
    MultipleEventDefinition,
    RepeatingTimer,
)
from engine.spiff.gateways import EventBasedGateway
from engine.spiff.joins import InclusiveJoin, ParallelJoin
from engine.spiff.loops import ParallelIterations, SequentialIterations, StandardLoopTask
from engine.spiff.parser import CaseParser
from engine.spiff.safe_ids import give_back_ids, with_safe_ids
from engine.spiff.task_specs import (
    CaseCall,
    CaseSubProcess,
    DecisionTask,
    EndEvent,
    JobTask,
    TransactionSubprocess,
)

SPEC_FORMAT = 1


class DiagramNotRunnable(Exception):
    """The engine cannot run a diagram that lint let through; says where."""

    def __init__(
        self, reason: str, *, file_name: str | None, element_id: str | None, line: int | None
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.file_name = file_name
        self.element_id = element_id
        self.line = line


@dataclass(frozen=True)
class CompiledProcess:
    """One process with everything that it calls. `spec` and `called` belong to SpiffWorkflow; treat as opaque."""

    process_key: str
    spec: Any
    called: Mapping[str, Any]

    @cached_property
    def has_conditions(self) -> bool:
        """Whether conditional events are drawn anywhere in it: only then the runner looks at them after each step."""
        return any(
            isinstance(one, ConditionalEventDefinition)
            for process in (self.spec, *self.called.values())
            for spec in process.task_specs.values()
            for one in _definitions(getattr(spec, "event_definition", None))
        )


def _definitions(definition: Any) -> list[Any]:
    if isinstance(definition, MultipleEventDefinition):
        return list(definition.event_definitions)
    return [definition]


class _IterationsConverter(BpmnTaskSpecConverter):
    def to_dict(self, spec: Any) -> dict[str, Any]:
        described: dict[str, Any] = self.get_default_attributes(spec)
        for name in ("task_spec", "cardinality", "condition", "collection", "element_variable"):
            described[name] = getattr(spec, name)
        return described


def _registry() -> Any:
    # Ours take the place of stock classes of the same name, also in specs that earlier versions stored.
    ours = {
        one.__name__: one
        for one in (
            *(ConditionalEventDefinition, MultipleEventDefinition, EventBasedGateway),
            *(StandardLoopTask, TransactionSubprocess, EndEvent),
        )
    }
    config = {ours.get(stock.__name__, stock): converter for stock, converter in DEFAULT_CONFIG.items()}
    config[DueTimer] = TimerConditionalEventDefinitionConverter
    config[RepeatingTimer] = TimerConditionalEventDefinitionConverter
    config[JobTask] = BpmnTaskSpecConverter
    config[DecisionTask] = BpmnTaskSpecConverter
    config[CaseCall] = SubWorkflowConverter
    config[ParallelJoin] = ParallelGatewayConverter
    config[InclusiveJoin] = ConditionalGatewayConverter
    config[CaseSubProcess] = SubWorkflowConverter
    config[ParallelIterations] = _IterationsConverter
    config[SequentialIterations] = _IterationsConverter
    return BpmnWorkflowSerializer.configure(config)


_specs = _registry()
# The registry has a mutable mode flag inside; two threads restoring at once could see each other's.
_one_at_a_time = threading.Lock()


def compile_process(process_key: str, diagrams: Mapping[str, etree._Element]) -> bytes:
    """The stored form of one process and all that it calls, from parsed diagrams by file name.

    Raises: DiagramNotRunnable with the place.
    """
    parser = CaseParser()
    try:
        for file_name, root in diagrams.items():
            parser.add_bpmn_xml(with_safe_ids(root), filename=file_name)
        spec = parser.get_spec(process_key)
        called = parser.get_subprocess_specs(process_key)
    except ValidationException as refused:
        raise DiagramNotRunnable(
            REASON if "RecursionError" in str(refused) else str(refused),
            file_name=getattr(refused, "file_name", None),
            element_id=getattr(refused, "id", None),
            line=getattr(refused, "line_number", None),
        ) from refused
    for one in (spec, *called.values()):
        give_back_ids(one)
        deepest = too_deep(one)
        if deepest is not None:
            raise DiagramNotRunnable(REASON, file_name=one.file, element_id=deepest, line=None)
    with _one_at_a_time:
        described = {
            "spec": _specs.convert(spec),
            "called": {name: _specs.convert(one) for name, one in called.items()},
        }
    return zstandard.compress(orjson.dumps(described))


def restore_process(process_key: str, stored: bytes) -> CompiledProcess:
    described = orjson.loads(zstandard.decompress(stored))
    with _one_at_a_time:
        return CompiledProcess(
            process_key=process_key,
            spec=_specs.restore(described["spec"]),
            called={name: _specs.restore(one) for name, one in described["called"].items()},
        )

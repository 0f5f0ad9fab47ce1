"""A diagram as data: what stands in it and where, in our words. Frozen, and storable as JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import Any

from lxml import etree

from engine.diagrams.normalise import Rewrite


@dataclass(frozen=True)
class TimerText:
    kind: str  # date | duration | cycle
    text: str


@dataclass(frozen=True)
class MultiInstance:
    is_sequential: bool
    collection: str | None = None
    element_variable: str | None = None
    cardinality: str | None = None
    completion_condition: str | None = None


@dataclass(frozen=True)
class StandardLoop:
    """Again while the condition holds, `maximum` times at most; texts as written."""

    condition: str | None = None
    maximum: str | None = None
    test_before: bool = False


@dataclass(frozen=True)
class VariableMapping:
    """One `camunda:in` or `camunda:out`: everything, one variable, or an expression."""

    variables: str | None = None
    source: str | None = None
    source_expression: str | None = None
    target: str | None = None


@dataclass(frozen=True)
class Flow:
    id: str
    source: str
    target: str
    condition: str | None
    name: str | None
    line: int | None
    condition_language: str | None = None
    foreign: tuple[str, ...] = ()  # what stands on it and is not executed


@dataclass(frozen=True)
class Element:
    """One drawn flow node. `kind` is its BPMN tag; texts are as written, `${…}` and all."""

    id: str
    kind: str
    name: str | None
    line: int | None
    parent_id: str | None = None  # the embedded sub-process that holds it
    lane: str | None = None
    incoming: tuple[str, ...] = ()  # ids of flows
    outgoing: tuple[str, ...] = ()
    default_flow: str | None = None
    attached_to: str | None = None
    cancels: bool = True
    events: tuple[str, ...] = ()  # kinds of event definitions, such as timerEventDefinition
    timer: TimerText | None = None
    message_name: str | None = None
    error_code: str | None = None
    escalation_code: str | None = None
    signal_name: str | None = None
    conditions: tuple[str, ...] = ()  # of its conditional events
    sla: str | None = None
    sla_start: str | None = None
    sla_warn: str | None = None
    sla_ladder: str | None = None
    sla_pausable: str | None = None
    source: tuple[str, ...] = ()  # register ids
    properties: Mapping[str, str] = field(default_factory=dict)
    assignee: str | None = None
    candidate_users: str | None = None
    candidate_groups: str | None = None
    form_ref: str | None = None
    due_date: str | None = None
    follow_up_date: str | None = None
    priority: str | None = None
    implementation: str | None = None  # camunda:type
    topic: str | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    retry_cycle: str | None = None
    decision_ref: str | None = None
    result_variable: str | None = None
    map_decision_result: str | None = None
    called_element: str | None = None
    in_mappings: tuple[VariableMapping, ...] = ()
    out_mappings: tuple[VariableMapping, ...] = ()
    multi_instance: MultiInstance | None = None
    loop: StandardLoop | None = None
    script: str | None = None
    script_format: str | None = None
    triggered_by_event: bool = False
    foreign: tuple[str, ...] = ()  # vendor attributes and elements that we do not execute

    @property
    def templates(self) -> tuple[str, ...]:
        """Texts that may hold `${…}` and are read before its work is done; `outputs` are read after it."""
        texts = (
            *(self.assignee, self.candidate_users, self.candidate_groups, self.due_date, self.follow_up_date),
            *(self.priority, self.topic, self.sla, self.timer.text if self.timer else None),
            *self.inputs.values(),
            self.properties.get("correlation"),
        )
        return tuple(one for one in texts if one)

    @property
    def separate_from(self) -> tuple[str, ...]:
        """User tasks whose doers may not do this one (property `separate.from`), as they are written."""
        text = self.properties.get("separate.from")
        return () if text is None else tuple(name.strip() for name in text.split(","))

    @property
    def expressions(self) -> tuple[str, ...]:
        """Expressions over variables: of its repetition and of its conditional events."""
        several = self.multi_instance
        texts = (
            *((several.collection, several.cardinality, several.completion_condition) if several else ()),
            *self.conditions,
            self.loop.condition if self.loop else None,
        )
        return tuple(one for one in texts if one)


@dataclass(frozen=True)
class ProcessModel:
    id: str
    name: str | None
    file: str
    line: int | None
    is_executable: bool
    version_tag: str | None
    history_ttl: str | None
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    lanes: Mapping[str, str]  # lane id → name
    process: Element  # what the process itself carries: sla, source

    def start_events(self) -> list[Element]:
        return [one for one in self.elements.values() if one.kind == "startEvent" and one.parent_id is None]

    @property
    def is_startable(self) -> bool:
        """By hand: at a plain start event, or at one that the calendar rings too."""
        return any(one.events in ((), ("timerEventDefinition",)) for one in self.start_events())

    @property
    def calendar_start(self) -> str | None:
        """What the timer of its start event says: `${limit("weekly_report")}`, or a rule such as `every week by friday`."""
        for one in self.start_events():
            if (
                one.events == ("timerEventDefinition",)
                and one.timer is not None
                and one.timer.kind == "cycle"
            ):
                return one.timer.text
        return None

    def user_tasks(self) -> list[Element]:
        return [one for one in self.elements.values() if one.kind == "userTask"]

    def clocked_elements(self) -> Iterator[Element]:
        """Elements with `sla`, the process itself among them (its id is the process key)."""
        if self.process.sla:
            yield self.process
        for one in self.elements.values():
            if one.sla:
                yield one

    @cached_property
    def sources(self) -> Mapping[str, tuple[str, ...]]:
        """Register id → ids of the elements that implement it."""
        found: dict[str, list[str]] = {}
        for one in (self.process, *self.elements.values()):
            for register_id in one.source:
                found.setdefault(register_id, []).append(one.id)
        return {register_id: tuple(ids) for register_id, ids in found.items()}

    def catcher(self, element_id: str, message_name: str) -> Element | None:
        """The element that a message is caught by: at an event gateway, the event behind it that names the message."""
        element = self.elements.get(element_id)
        if element is None or element.kind != "eventBasedGateway":
            return element
        behind = (self.elements.get(self.flows[key].target) for key in element.outgoing)
        return next((one for one in behind if one is not None and one.message_name == message_name), element)

    def enclosing(self, element_id: str) -> Iterator[str]:
        """The embedded sub-processes around an element, inner first."""
        element = self.elements.get(element_id)
        while element is not None and element.parent_id:
            yield element.parent_id
            element = self.elements.get(element.parent_id)

    def to_data(self) -> dict[str, Any]:
        data = {name: getattr(self, name) for name in _PLAIN}
        data["elements"] = [_slim(one) for one in self.elements.values()]
        data["flows"] = [asdict(one) for one in self.flows.values()]
        data["lanes"] = dict(self.lanes)
        data["process"] = _slim(self.process)
        return data

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "ProcessModel":
        elements = [_element(one) for one in data["elements"]]
        return cls(
            **{name: data[name] for name in _PLAIN},
            elements={one.id: one for one in elements},
            flows={one["id"]: _flow(one) for one in data["flows"]},
            lanes=data["lanes"],
            process=_element(data["process"]),
        )


_PLAIN = ("id", "name", "file", "line", "is_executable", "version_tag", "history_ttl")
_DEFAULTS = {one.name: one.default for one in fields(Element)}


@dataclass(frozen=True)
class Diagram:
    file_name: str
    processes: tuple[ProcessModel, ...]
    messages: Mapping[str, str]
    duplicate_ids: tuple[tuple[str, int], ...] = ()
    lost_lane_refs: tuple[tuple[str, str, int], ...] = ()  # (lane id, id that it refers to, line)
    rewrites: tuple[Rewrite, ...] = ()  # what is carried out in another form than drawn
    # The file as it was drawn, and the tree that is executed; lint reads both where the model says too little.
    drawn: etree._Element | None = field(default=None, compare=False, repr=False)
    executed: etree._Element | None = field(default=None, compare=False, repr=False)


def _flow(data: Mapping[str, Any]) -> Flow:
    return Flow(**{**data, "foreign": tuple(data.get("foreign", ()))})


def _slim(element: Element) -> dict[str, Any]:
    """Only what is set: most of an element's attributes are absent."""
    return {
        name: value
        for name, value in asdict(element).items()
        if value not in (None, (), {}) and not (name in _DEFAULTS and value == _DEFAULTS[name])
    }


def _element(data: Mapping[str, Any]) -> Element:
    values = dict(data)
    values.setdefault("name", None)
    values.setdefault("line", None)
    for name in ("incoming", "outgoing", "events", "source", "foreign", "conditions"):
        if name in values:
            values[name] = tuple(values[name])
    for name in ("in_mappings", "out_mappings"):
        if name in values:
            values[name] = tuple(VariableMapping(**one) for one in values[name])
    if "timer" in values:
        values["timer"] = TimerText(**values["timer"])
    if "loop" in values:
        values["loop"] = StandardLoop(**values["loop"])
    if "multi_instance" in values:
        values["multi_instance"] = MultiInstance(**values["multi_instance"])
    return Element(**values)

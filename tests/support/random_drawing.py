"""A diagram as the random tests hold it: nodes and flows in nested bodies, and the BPMN text of it."""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="d" targetNamespace="t">'
)
_ATTRIBUTES = {
    "userTask": 'camunda:candidateGroups="employee"',
    "serviceTask": 'camunda:type="external" camunda:topic="work"',
}
_INNER = {"scriptTask": "<script>passed = 1</script>"}


@dataclass
class Flow:
    id: str
    source: str
    target: str
    condition: str | None = None
    has_id: bool = True  # else the file leaves the id out


@dataclass
class Several:
    """A multi-instance marker; the activity is over when `enough` are done."""

    is_sequential: bool
    count: int
    enough: int


@dataclass
class Node:
    id: str
    kind: str
    body: "Body | None" = None  # of a sub-process
    called: str | None = None  # process key of a call activity
    attached_to: str | None = None
    cancels: bool = True
    event: str | None = None  # timer | message | signal | condition | error | escalation | terminate
    code: str | None = None  # message name, error code, escalation code, the variable of a condition
    default: str | None = None
    several: Several | None = None
    by_event: bool = False  # an event sub-process; its start event tells by what


@dataclass
class Body:
    nodes: dict[str, Node] = field(default_factory=dict)
    flows: dict[str, Flow] = field(default_factory=dict)

    def out(self, node_id: str) -> list[Flow]:
        return [one for one in self.flows.values() if one.source == node_id]

    def into(self, node_id: str) -> list[Flow]:
        return [one for one in self.flows.values() if one.target == node_id]

    def boundaries(self, node_id: str) -> list[Node]:
        return [one for one in self.nodes.values() if one.attached_to == node_id]

    def handlers(self) -> list[Node]:
        return [one for one in self.nodes.values() if one.by_event]

    def start(self) -> Node:
        return next(one for one in self.nodes.values() if one.kind == "startEvent")


@dataclass
class Drawn:
    processes: dict[str, Body]  # the first one is started, the others are called
    codes: dict[str, set[str]]  # event kind → names

    def xml(self) -> str:
        roots = "".join(f'<message id="m_{one}" name="{one}"/>' for one in sorted(self.codes["message"]))
        roots += "".join(f'<signal id="s_{one}" name="{one}"/>' for one in sorted(self.codes["signal"]))
        roots += "".join(f'<error id="e_{one}" errorCode="{one}"/>' for one in sorted(self.codes["error"]))
        roots += "".join(
            f'<escalation id="x_{one}" escalationCode="{one}"/>' for one in sorted(self.codes["escalation"])
        )
        return (
            HEAD
            + roots
            + "".join(
                f'<process id="{key}" isExecutable="true">{_body(body)}</process>'
                for key, body in self.processes.items()
            )
            + "</definitions>"
        )


def _body(body: Body) -> str:
    return "".join(_node(one) for one in body.nodes.values()) + "".join(
        _flow(one) for one in body.flows.values()
    )


def _flow(one: Flow) -> str:
    condition = (
        "" if one.condition is None else f"<conditionExpression>{escape(one.condition)}</conditionExpression>"
    )
    key = f'id="{one.id}" ' if one.has_id else ""
    return f'<sequenceFlow {key}sourceRef="{one.source}" targetRef="{one.target}">{condition}</sequenceFlow>'


def _node(one: Node) -> str:
    attributes = f"id={quoteattr(one.id)} name={quoteattr(one.id)} {_ATTRIBUTES.get(one.kind, '')}"
    if one.attached_to:
        attributes += f' attachedToRef="{one.attached_to}" cancelActivity="{str(one.cancels).lower()}"'
    if one.kind == "startEvent" and one.event:
        attributes += f' isInterrupting="{str(one.cancels).lower()}"'
    if one.default:
        attributes += f' default="{one.default}"'
    if one.called:
        attributes += f' calledElement="{one.called}"'
    if one.by_event:
        attributes += ' triggeredByEvent="true"'
    inner = "".join(
        [_INNER.get(one.kind, ""), _event(one), _several(one), _body(one.body) if one.body else ""]
    )
    return f"<{one.kind} {attributes}>{inner}</{one.kind}>"


def _event(one: Node) -> str:
    match one.event:
        case None:
            return ""
        case "timer":
            return "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
        case "terminate":
            return "<terminateEventDefinition/>"
        case "condition":
            return f"<conditionalEventDefinition><condition>{one.code} == 1</condition></conditionalEventDefinition>"
        case kind:
            prefix = {"message": "m", "error": "e", "escalation": "x", "signal": "s"}[kind]
            return f'<{kind}EventDefinition {kind}Ref="{prefix}_{one.code}"/>'


def _several(one: Node) -> str:
    if one.several is None:
        return ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(one.several.is_sequential).lower()}">'
        f"<loopCardinality>{one.several.count}</loopCardinality>"
        f"<completionCondition>nrOfCompletedInstances &gt;= {one.several.enough}</completionCondition>"
        "</multiInstanceLoopCharacteristics>"
    )

"""Draws small families in a few lines, so that a test shows the diagram that it tells its story over.

`process("asking", "received -> ask -> done", user("ask"))`: an id of a flow that is not drawn is a start event when
nothing leads to it, else an end event. `a -> b ? amount > 5` sets a condition on the flow into b; `;` begins another
chain. Ids are used once in a diagram, also when it draws several processes.
"""

import re
from collections.abc import Iterable, Mapping
from html import escape

from engine.commands.engine import Engine
from engine.commands.releases.deploy import Deployed, deploy
from engine.commands.releases.family_files import FamilyFiles
from engine.people import SYSTEM

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="drawn" targetNamespace="urn:huiyin:tests">\n'
)
_ROOTS = {"message": "name", "signal": "name", "error": "errorCode", "escalation": "escalationCode"}


def process(key: str, flow: str, *elements: str, sla: str = "") -> str:
    return (
        f'<process id="{key}" name="{key}" isExecutable="true">'
        f"{_properties(sla=sla)}{_body(key, flow, elements)}</process>\n"
    )


def sub_process(key: str, flow: str, *elements: str, sla: str = "", inside: str = "") -> str:
    return f'<subProcess id="{key}" name="{key}">{_properties(sla=sla)}{_body(key, flow, elements)}{inside}</subProcess>'


def user(key: str, groups: str = "first_receiver", *, inside: str = "", **more: str) -> str:
    """`sla`, `sla_start`, `sla_pausable`, … become properties; other words become camunda attributes."""
    properties = {
        name: more.pop(name) for name in list(more) if name.startswith(("sla", "source", "separate"))
    }
    attributes = "".join(f" camunda:{name}='{value}'" for name, value in more.items())
    return (
        f"<userTask id='{key}' name='{key}' camunda:candidateGroups='{groups}'{attributes}>"
        f"{_properties(**properties)}{inside}</userTask>"
    )


def service(key: str, topic: str, *, retry: str = "", inside: str = "", **io: Mapping[str, str]) -> str:
    """`inputs` and `outputs`: name → text."""
    parameters = "".join(
        f"<camunda:{kind}Parameter name='{name}'>{text}</camunda:{kind}Parameter>"
        for kind in ("input", "output")
        for name, text in io.get(f"{kind}s", {}).items()
    )
    extension = f"<camunda:inputOutput>{parameters}</camunda:inputOutput>" if parameters else ""
    if retry:
        extension += f"<camunda:failedJobRetryTimeCycle>{retry}</camunda:failedJobRetryTimeCycle>"
    return (
        f"<serviceTask id='{key}' name='{key}' camunda:type='external' camunda:topic='{topic}'>"
        f"<extensionElements>{extension}</extensionElements>{inside}</serviceTask>"
    )


def script(key: str, text: str) -> str:
    return f"<scriptTask id='{key}' name='{key}'><script>{escape(text)}</script></scriptTask>"


def gateway(key: str, kind: str = "exclusive", default: str = "") -> str:
    """`default`: the id of the element behind the default flow."""
    flow = f" default='{key}_{default}'" if default else ""
    return f"<{kind}Gateway id='{key}' name='{key}'{flow}/>"


def boundary(key: str, host: str, event: str, *, cancels: bool = True) -> str:
    return (
        f"<boundaryEvent id='{key}' name='{key}' attachedToRef='{host}' cancelActivity='{str(cancels).lower()}'>"
        f"{event}</boundaryEvent>"
    )


def catch(key: str, event: str, **properties: str) -> str:
    body = f"{_properties(**properties)}{event}"
    return f"<intermediateCatchEvent id='{key}' name='{key}'>{body}</intermediateCatchEvent>"


def throw(key: str, event: str, **properties: str) -> str:
    body = f"{_properties(**properties)}{event}"
    return f"<intermediateThrowEvent id='{key}' name='{key}'>{body}</intermediateThrowEvent>"


def end(key: str, event: str = "") -> str:
    return f"<endEvent id='{key}' name='{key}'>{event}</endEvent>"


def call(key: str, called: str, *, inside: str = "", ins: str = "all", outs: str = "all") -> str:
    """`ins`, `outs`: `all`, or names of variables, comma separated."""
    mappings = "".join(
        "".join(
            f"<camunda:{kind} {'variables' if name == 'all' else 'source'}='{name}'"
            f"{'' if name == 'all' else f' target={chr(39)}{name}{chr(39)}'}/>"
            for name in names.split(",")
            if name
        )
        for kind, names in (("in", ins), ("out", outs))
    )
    return (
        f"<callActivity id='{key}' name='{key}' calledElement='{called}'>"
        f"<extensionElements>{mappings}</extensionElements>{inside}</callActivity>"
    )


def timer(text: str, kind: str = "Duration") -> str:
    return f"<timerEventDefinition><time{kind}>{text}</time{kind}></timerEventDefinition>"


def caught(kind: str, name: str) -> str:
    """An event definition of a message, an error or an escalation; its root element is drawn by `family`."""
    return f'<{kind}EventDefinition {kind}Ref="{kind}_{name}"/>'


def for_each(collection: str, variable: str, *, until: str = "", in_turn: bool = False) -> str:
    condition = f"<completionCondition>{until}</completionCondition>" if until else ""
    return (
        f"<multiInstanceLoopCharacteristics isSequential='{str(in_turn).lower()}' "
        f"camunda:collection='{collection}' camunda:elementVariable='{variable}'>{condition}"
        "</multiInstanceLoopCharacteristics>"
    )


def profile(process_key: str, limits: Mapping[str, str], *, key: str = "DRAWN", more: str = "") -> bytes:
    """`more`: further TOML, before the limits."""
    lines = [f'id = "{key}"', 'family = "drawn"', f'process = "{process_key}"', more]
    lines += [f'[limits.{name}]\nid = "CMP-01/T1"\nvalue = "{value}"' for name, value in limits.items()]
    return "\n".join(lines).encode()


def diagram(*processes: str) -> bytes:
    body = "".join(processes)
    roots = "".join(
        f'<{kind} id="{kind}_{name}" name="{name}"{f" {code}={chr(34)}{name}{chr(34)}" if code != "name" else ""}/>\n'
        for kind, code in _ROOTS.items()
        for name in sorted(set(re.findall(rf'{kind}Ref="{kind}_(\w+)"', body)))
    )
    return f"{HEAD}{roots}{body}</definitions>".encode()


def family(
    *processes: str, name: str = "drawn", profiles: Iterable[bytes] = (), **files: bytes
) -> FamilyFiles:
    """`files`: further content, by path with `__` for a slash and `_dot_` for a dot."""
    found = {"drawn.bpmn": diagram(*processes)}
    found |= {f"profiles/P{number}.toml": content for number, content in enumerate(profiles)}
    found |= {path.replace("__", "/").replace("_dot_", "."): content for path, content in files.items()}
    return FamilyFiles(name, found)


def install(engine: Engine, *processes: str, profiles: Iterable[bytes] = (), **files: bytes) -> Deployed:
    return deploy(engine, SYSTEM, [family(*processes, profiles=profiles, **files)], name="drawn")


def _properties(**properties: str) -> str:
    found = "".join(
        f"<camunda:property name='{name.replace('_', '.')}' value='{value}'/>"
        for name, value in properties.items()
        if value
    )
    return (
        f"<extensionElements><camunda:properties>{found}</camunda:properties></extensionElements>"
        if found
        else ""
    )


def _body(key: str, flow: str, elements: Iterable[str]) -> str:
    drawn = "".join(elements)
    known = set(re.findall(r"<\w+ id=['\"](\w+)['\"]", drawn))
    pairs = [
        (before.partition("?")[0].strip(), *(part.strip() for part in after.partition("?")[::2]))
        for chain in flow.split(";")
        for before, after in zip(chain.split("->"), chain.split("->")[1:], strict=False)
    ]
    sources, targets = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    starts, ends = sources - known - targets, targets - known - sources
    assert sources | targets <= known | starts | ends, f"{key}: some ids are drawn nowhere."
    events = "".join(f"<startEvent id='{one}' name='{one}'/>" for one in sorted(starts))
    events += "".join(f"<endEvent id='{one}' name='{one}'/>" for one in sorted(ends))
    return events + drawn + "".join(_flow(*pair) for pair in pairs)


def _flow(source: str, target: str, condition: str) -> str:
    body = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
    return f"<sequenceFlow id='{source}_{target}' sourceRef='{source}' targetRef='{target}'>{body}</sequenceFlow>"

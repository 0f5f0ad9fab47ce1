"""Can a loop change its own mind: circles of automatic steps whose conditions read nothing that they set."""

from collections.abc import Iterator, Sequence

from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.routing import circles_of
from engine.diagrams.lint.rules import found
from engine.diagrams.model import Diagram, ProcessModel
from engine.expressions import ExpressionError, compile_expression, compile_script

# Steps during which nothing from outside can change a variable.
_AUTOMATIC = {
    *("task", "scriptTask", "businessRuleTask", "exclusiveGateway", "inclusiveGateway", "parallelGateway"),
    "intermediateThrowEvent",
}


def check(diagrams: Sequence[Diagram], context: LintContext) -> Iterator[Finding]:  # noqa: ARG001
    for diagram in diagrams:
        for process in diagram.processes:
            for circle in circles_of(process):
                if all(process.elements[key].kind in _AUTOMATIC for key in circle):
                    yield from _round(process, circle)


def _round(process: ProcessModel, circle: set[str]) -> Iterator[Finding]:
    elements = [process.elements[key] for key in sorted(circle)]
    conditions = [
        process.flows[flow].condition
        for one in elements
        for flow in one.outgoing
        if process.flows[flow].condition
    ]
    try:
        asked = [compile_expression(str(text)) for text in conditions]
        scripts = [compile_script(one.script) for one in elements if one.script]
    except ExpressionError:
        return  # values.py tells this one.
    set_inside = {name for script in scripts for name in script.assigned}
    set_inside |= {one.result_variable for one in elements if one.result_variable}
    read = {name for expression in asked for name in expression.names}
    if asked and not read & set_inside and not any(expression.calls for expression in asked):
        gateway = next(one for one in elements if any(process.flows[flow].condition for flow in one.outgoing))
        said = "、".join(sorted(read)), ", ".join(sorted(read))
        yield found("same-again", process, gateway, zh=said[0], en=said[1])

"""What other engines would execute and this one does not: said, never silently left out."""

from collections.abc import Iterator, Sequence

from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.rules import found
from engine.diagrams.model import Diagram

# Without these the process would behave differently from what its author saw elsewhere.
_CHANGES_BEHAVIOUR = {
    *("class", "expression", "delegateExpression", "taskListener", "executionListener", "connector", "field"),
    *("resource", "errorEventDefinition", "caseRef", "variableMappingClass"),
    *(
        "variableMappingDelegateExpression",
        "formKey",
        "formData",
        "inputOutput",
        "validation",
        "type",
        "topic",
    ),
    *("decisionRef", "resultVariable", "script", "list", "map", "isForCompensation", "startQuantity"),
    *(
        "completionQuantity",
        "instantiate",
        "eventGatewayType",
        "parallelMultiple",
        "dataInputAssociation",
        "dataOutputAssociation",
    ),
    *(
        "potentialOwner",
        "humanPerformer",
        "performer",
        "resourceRole",
        "loopDataInputRef",
        "loopDataOutputRef",
    ),
    *("inputDataItem", "outputDataItem", "in", "out", "variableName", "variableEvents", "errorCodeVariable"),
    *("errorMessageVariable", "escalationCodeVariable", "calledElementVersion", "calledElementVersionTag"),
    *("decisionRefVersion", "decisionRefVersionTag", "formRefVersion"),
}


def check(diagrams: Sequence[Diagram], context: LintContext) -> Iterator[Finding]:  # noqa: ARG001
    for diagram in diagrams:
        for process in diagram.processes:
            for element in (process.process, *process.elements.values()):
                for what in element.foreign:
                    yield found(_code(what), process, element, zh=what, en=what)
            for flow in process.flows.values():
                for what in flow.foreign:
                    yield found(_code(what), process, zh=what, en=what, element_id=flow.id, line=flow.line)


def _code(what: str) -> str:
    """A word of another engine, such as `zeebe:taskDefinition`, always changes what happens."""
    return "not-executed" if what in _CHANGES_BEHAVIOUR or ":" in what else "ignored"

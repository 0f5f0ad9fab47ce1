"""What the standard knows and nothing here carries out: said at its place, never passed over.

These stand in the file and not in the model, so the tree that is executed is looked through.
"""

from collections.abc import Iterator, Sequence

from lxml import etree

from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.rules import found_in
from engine.diagrams.model import Diagram
from engine.diagrams.normalise import is_made
from engine.diagrams.unread import BPMN, tag_of

# Children of `definitions` that would run, or change what runs, in an engine that knows them.
_ROOTS = {"choreography", "globalChoreographyTask", "conversation", "globalConversation"}
# Children of a process or of a sub-process that are flow nodes and that no reader here knows.
_NODES = {
    *("choreographyTask", "subChoreography", "callChoreography", "implicitThrowEvent", "event", "activity"),
}
_SCOPES = tuple(f"{BPMN}{tag}" for tag in ("process", "subProcess", "transaction", "adHocSubProcess"))
_EXPRESSIONS = {
    *("timeDate", "timeDuration", "timeCycle", "loopCardinality", "completionCondition", "loopCondition"),
    "condition",
}
_LANGUAGES = (None, "", "huiyin")
_LOOPS = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
# The modeler writes this one where a data object is drawn into a task.
_PLACEHOLDER = "__targetRef_placeholder"


def check(diagrams: Sequence[Diagram], context: LintContext) -> Iterator[Finding]:  # noqa: ARG001
    for diagram in diagrams:
        yield from _made_ids(diagram)
        root = diagram.executed
        if root is None:
            continue
        yield from _outside_of_processes(diagram, root)
        for scope in root.iter(*_SCOPES):
            for node in scope:
                yield from _inside(diagram, scope, node)
        for node in root.iter(*(f"{BPMN}{tag}" for tag in _EXPRESSIONS)):
            if node.get("language") not in _LANGUAGES:
                language = str(node.get("language"))
                yield found_in(diagram, node, "script-language", zh=language, en=language)


def _made_ids(diagram: Diagram) -> Iterator[Finding]:
    """Only rewrites give ids that end like this, and what bears one is shown to nobody."""
    for node in diagram.drawn.iter(f"{BPMN}*") if diagram.drawn is not None else ():
        if is_made(node.get("id")):
            yield found_in(diagram, node, "reserved-id")


def _outside_of_processes(diagram: Diagram, root: etree._Element) -> Iterator[Finding]:
    pools: set[str] = set()
    for node in root:
        tag = tag_of(node)
        if tag in _ROOTS:
            yield found_in(diagram, node, "unsupported-element", zh=tag, en=tag)
        elif tag == "import":
            yield found_in(diagram, node, "ignored", zh=tag, en=tag)
        if tag != "collaboration":
            continue
        for child in node:
            part, process = tag_of(child), child.get("processRef")
            if part in ("conversation", "subConversation", "callConversation", "choreographyRef"):
                yield found_in(diagram, child, "unsupported-element", zh=part, en=part)
            elif part == "correlationKey":
                yield found_in(diagram, child, "not-executed", zh=part, en=part)
            elif part == "participant":
                if process in pools:
                    yield found_in(diagram, child, "pool-twice", zh=str(process), en=str(process))
                pools |= {process} if process else set()
                if child.find(f"{BPMN}participantMultiplicity") is not None:
                    said = "participantMultiplicity"
                    yield found_in(diagram, child, "not-executed", zh=said, en=said)


def _inside(diagram: Diagram, scope: etree._Element, node: etree._Element) -> Iterator[Finding]:
    tag = tag_of(node)
    if tag in _NODES:
        yield found_in(diagram, node, "unsupported-element", zh=tag, en=tag)
    elif tag == "correlationSubscription" or (
        tag == "ioSpecification" and scope.tag == f"{BPMN}process" and _names_data(node)
    ):
        yield found_in(diagram, node, "not-executed", zh=tag, en=tag)
    for child in node:
        name = tag_of(child)
        is_data = name == "ioSpecification" and _names_data(child)
        is_own = name == "property" and child.get("name") != _PLACEHOLDER
        if is_data or is_own:
            yield found_in(diagram, node, "not-executed", zh=name, en=name)
        elif name == "multiInstanceLoopCharacteristics":
            yield from _iterations(diagram, child)
    if sum(1 for child in node if tag_of(child) in _LOOPS) > 1:
        yield found_in(diagram, node, "multi-instance", zh="有两个循环标记", en="two loop markers")


def _names_data(specification: etree._Element) -> bool:
    """A specification of data without data is what modelers write by themselves."""
    return any(tag_of(child) in ("dataInput", "dataOutput") for child in specification)


def _iterations(diagram: Diagram, loop: etree._Element) -> Iterator[Finding]:
    behaviour = loop.get("behavior", "All")
    if behaviour != "All":
        said = f'behavior="{behaviour}"'
        yield found_in(diagram, loop, "not-executed", zh=said, en=said)
    for name in ("oneBehaviorEventRef", "noneBehaviorEventRef"):
        if loop.get(name) is not None:
            yield found_in(diagram, loop, "not-executed", zh=name, en=name)
    for child in loop:
        if tag_of(child) == "complexBehaviorDefinition":
            yield found_in(diagram, child, "not-executed", zh=tag_of(child), en=tag_of(child))

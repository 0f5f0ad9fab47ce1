"""Does the file keep to the schema of the standard: the one that OMG publishes and SpiffWorkflow brings along.

What would change how the diagram runs is an error; what only stands elsewhere than the schema wants is a warning.
"""

import itertools
import re
import threading
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lxml import etree

from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.rules import found_in
from engine.diagrams.model import Diagram
from engine.diagrams.unread import BPMN, tag_of

# A file of slips only costs the square of its size: the log names the place of each. Ten times what people draw.
MOST_ELEMENTS = 12_000
_MOST_READ = 200  # of one log: among them may be false alarms
MOST_FINDINGS = 20  # of one file: the first slip of a file is often the cause of the rest
# Readers find these wherever they stand, and what holds flow nodes is read in any order.
_FOUND_ANYWHERE = {
    *("documentation", "extensionElements", "incoming", "outgoing", "auditing", "monitoring", "category"),
    *("association", "textAnnotation", "group", "property", "dataObject", "dataObjectReference", "import"),
    *("dataStoreReference", "laneSet", "flowNodeRef", "artifact", "itemDefinition", "messageFlow"),
    *("sourceRef", "targetRef"),
}
_READ_IN_ANY_ORDER = {"definitions", "process", "subProcess", "transaction", "collaboration"}
_MESSAGES = (
    (r"The attribute '(?P<what>[^']+)' is required but missing", "missing", "缺少属性 {what}", "the attribute `{what}` is missing"),
    (r"The attribute '(?P<what>[^']+)' is not allowed", "extra", "标准中没有属性 {what}", "the standard has no attribute `{what}` here"),
    (r"attribute '(?P<what>[^']+)'.*'(?P<value>.*)' is not a valid value", "value", "属性 {what} 的值“{value}”不对", "the attribute `{what}` cannot be `{value}`"),
    (r"Missing child element\(s\)", "child", "缺少下级元素", "an element inside is missing"),
    (r"This element is not expected", "place", "{element} 不应出现在这里", "`{element}` may not stand here"),
    (r"No matching global", "place", "{element} 不是标准元素", "`{element}` is no element of the standard"),
)  # fmt: skip
_one_at_a_time = threading.Lock()  # A schema keeps its log in itself.


@cache
def _schema() -> Any:
    found = find_spec("SpiffWorkflow")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("SpiffWorkflow brings the schema of BPMN along, but it is not installed.")
    path = Path(found.submodule_search_locations[0]) / "bpmn" / "parser" / "schema" / "BPMN20.xsd"
    return etree.XMLSchema(etree.parse(str(path)))


@cache
def _vocabulary() -> frozenset[str]:
    """Names of all elements that the schema declares."""
    found = find_spec("SpiffWorkflow")
    assert found is not None
    assert found.submodule_search_locations
    path = Path(found.submodule_search_locations[0]) / "bpmn" / "parser" / "schema" / "Semantic.xsd"
    declared = etree.parse(str(path)).iter("{http://www.w3.org/2001/XMLSchema}element")
    return frozenset(one.get("name") for one in declared if one.get("name"))


def check(diagrams: Sequence[Diagram], context: LintContext) -> Iterator[Finding]:  # noqa: ARG001
    for diagram in diagrams:
        if diagram.drawn is None:
            continue
        if sum(1 for _ in itertools.islice(diagram.drawn.iter(), MOST_ELEMENTS + 1)) > MOST_ELEMENTS:
            most = f"> {MOST_ELEMENTS}"
            yield found_in(diagram, diagram.drawn, "schema-skipped", zh=most, en=most)
            continue
        with _one_at_a_time:
            schema = _schema()
            problems = (
                [] if schema.validate(diagram.drawn) else list(itertools.islice(schema.error_log, _MOST_READ))
            )
        said = (one for problem in problems for one in _finding(diagram, problem))
        yield from itertools.islice(said, MOST_FINDINGS)


def _finding(diagram: Diagram, problem: Any) -> Iterator[Finding]:
    assert diagram.drawn is not None
    node = _place(diagram.drawn, problem.path)
    for pattern, kind, zh, en in _MESSAGES:
        match = re.search(pattern, problem.message, re.DOTALL)
        if match is None:
            continue
        parts = {"element": tag_of(node)} | match.groupdict()
        severity = _severity(node, kind, parts)
        if severity is not None:
            rule = "schema" if severity == "error" else "schema-loose"
            said = {name: str(text)[:80] for name, text in parts.items()}
            yield found_in(diagram, node, rule, zh=zh.format(**said), en=en.format(**said))
        return


def _place(root: etree._Element, path: str | None) -> etree._Element:
    """What a path of the schema's log leads to. Prefixes are the file's own, wherever it declares them."""
    homes = {prefix: home for prefix, home in root.nsmap.items() if prefix is not None}
    parts = (path or "").split("/")
    if any(":" in part and part.partition(":")[0] not in homes for part in parts):
        homes |= {prefix: home for node in root.iter() for prefix, home in node.nsmap.items() if prefix}
    try:
        places: Any = root.xpath(path, namespaces=homes) if path else []
    except etree.XPathError:
        places = []
    return places[0] if places else root


def _severity(node: etree._Element, kind: str, parts: dict[str, Any]) -> str | None:
    """None: a false alarm, or another rule says it better."""
    what, tag = str(parts.get("what")), tag_of(node)
    parent = node.getparent()
    match kind:
        case "missing":
            return None if what == "targetNamespace" else "error"
        case "extra":
            # A vendor's attribute without a namespace.
            return "warning"
        case "value":
            if (
                what == "id"
                or what.endswith("Ref")
                or what in ("calledElement", "default", "exporterVersion")
            ):
                return (
                    None  # Ids and references have rules of their own, which do not ask how they are spelt.
                )
            return (
                "error"
                if what.startswith(("is", "cancel", "start", "completion", "trig", "test", "loop", "beh"))
                else "warning"
            )
        case "child":
            return None if tag.startswith("data") else "error"
    if not (isinstance(node.tag, str) and node.tag.startswith(BPMN)):
        return "warning"
    if tag not in _vocabulary():
        return "error"
    if tag in _FOUND_ANYWHERE or (parent is not None and tag_of(parent) in _READ_IN_ANY_ORDER):
        return "warning"
    return "error"

"""White space around references, `1` for yes, prefixes of the file's own namespace: legal, and read as plain ones."""

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN, tag_of

RULE = "text"
_REFERENCES = frozenset({
    *("id", "sourceRef", "targetRef", "attachedToRef", "default", "messageRef", "errorRef", "escalationRef"),
    *("signalRef", "calledElement", "processRef", "decisionRef"),
})  # fmt: skip
_QUALIFIED = frozenset(
    {"messageRef", "errorRef", "escalationRef", "signalRef", "calledElement", "processRef"}
)
_YES_OR_NO = frozenset({
    *("isExecutable", "triggeredByEvent", "cancelActivity", "isInterrupting", "isSequential", "parallelMultiple"),
    *("instantiate", "isForCompensation", "testBefore", "cancelRemainingInstances"),
})  # fmt: skip
_BOOLEANS = {"1": "true", "0": "false"}


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    for node in root.iter(f"{BPMN}*"):
        for name, written in list(node.attrib.items()):
            read = _read(node, str(name), written)
            if read != written:
                node.set(name, read)
                yield _note(node, str(name), written, read)
        if tag_of(node) in ("flowNodeRef", "eventDefinitionRef") and node.text:
            # Nobody but the modeler sees white space here, so it is no news to the deployer.
            node.text = _plain(node, node.text.strip())


def _read(node: etree._Element, name: str, written: str) -> str:
    if name in _YES_OR_NO:
        bare = written.strip()
        return _BOOLEANS.get(bare, bare)
    if name in _REFERENCES:
        bare = written.strip()
        return _plain(node, bare) if name in _QUALIFIED else bare
    return written


def _plain(node: etree._Element, reference: str) -> str:
    prefix, colon, name = reference.partition(":")
    return name if colon and prefix in node.nsmap and "{" not in reference else reference


def _note(node: etree._Element, name: str, written: str, read: str) -> Rewrite:
    return Rewrite(
        RULE, (node.get("id") or "").strip() or None, node.sourceline,
        f"{name}=“{written}”按“{read}”读取。", f"{name}={written!r} is read as {read!r}.",
    )  # fmt: skip

"""The diagram of one process of a release, as it is shown to people."""

from collections.abc import Callable

from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.model import ProcessDefinition, ReleaseFile
from engine.queries.source import ReleaseView

_DRAWING = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def drawing(session: Session, release: ReleaseView, process_key: str, locale: str) -> bytes:
    """The file, with element names in the reader's language; empty when the release has no such process."""
    content = session.execute(
        select(ReleaseFile.content)
        .join(
            ProcessDefinition,
            (ProcessDefinition.release_key == ReleaseFile.release_key)
            & (ProcessDefinition.path == ReleaseFile.path),
        )
        .where(
            ProcessDefinition.release_key == release.release_key, ProcessDefinition.process_key == process_key
        )
    ).scalar()
    if content is None:
        return b""
    if locale.startswith("zh"):
        return content
    return renamed(content, lambda process, element: release.name_of(process, element, locale))


def renamed(content: bytes, name_of: Callable[[str, str], str]) -> bytes:
    """A diagram file with other names. `name_of(process key, element id)`: the id itself for a name that stays."""
    # The file was read safely when it was deployed; here no entity and no network may come in either.
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    for process in root.iter(f"{_BPMN}process"):
        for element in process.iter():
            if element.get("name") and element.get("id"):
                named = name_of(process.get("id"), element.get("id"))
                if named != element.get("id"):
                    element.set("name", named)
    # Boxes of labels were drawn around the Chinese words; without them the viewer makes new ones.
    for label in list(root.iter(f"{_DRAWING}BPMNLabel")):
        for box in list(label):
            label.remove(box)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written

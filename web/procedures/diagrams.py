"""The diagrams of a family as a list, and the file of a new one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files as package_files
from xml.sax.saxutils import quoteattr

from engine.commands.releases.called_blocks import is_block
from engine.model import InvalidInput
from web.procedures.house import FamilyPage

_KEY = re.compile(r"[a-z][a-z0-9_]{1,60}")
_EMPTY = package_files("web.procedures").joinpath("empty.bpmn")


@dataclass(frozen=True)
class DrawnProcess:
    """`calls`: names of the processes that it calls. `is_block`: a shared building block, changed elsewhere."""

    key: str
    name: str
    path: str
    tasks: int
    calls: tuple[str, ...]
    is_block: bool
    is_changed: bool
    findings: int


def processes_of(house: FamilyPage) -> Iterator[DrawnProcess]:
    """Processes that nobody calls first, then the parts, then building blocks."""
    checked = house.checked
    models = {process.id: process for diagram in checked.diagrams for process in diagram.processes}
    labels = house.labels
    called = {element.called_element for model in models.values() for element in model.elements.values()}
    changed = {one.path for one in house.copy.changed} if house.copy else set()
    found = [
        DrawnProcess(
            key=process.id,
            name=labels.get(process.id) or process.name or process.id,
            path=diagram.file_name,
            tasks=sum(one.kind == "userTask" for one in process.elements.values()),
            calls=tuple(
                dict.fromkeys(
                    (labels.get(key) or models[key].name or key) if key in models else key
                    for one in process.elements.values()
                    if (key := one.called_element)
                )
            ),
            is_block=is_block(diagram.file_name),
            is_changed=diagram.file_name in changed,
            findings=house.count_of(diagram.file_name),
        )
        for diagram in checked.diagrams
        for process in diagram.processes
        if process.is_executable
    ]
    yield from sorted(found, key=lambda one: (one.is_block, one.key in called, one.path))


def new_diagram(key: str, name: str) -> tuple[str, bytes]:
    """(path, content) of a diagram with a start, one task and an end. Raises InvalidInput."""
    if _KEY.fullmatch(key) is None:
        raise InvalidInput(
            f"Expected a key of small letters, digits and underscores such as customer_callback, but found {key!r}.",
            f"标识应由小写字母、数字和下划线组成，例如 customer_callback，而不是“{key}”。",
        )
    if not name.strip():
        raise InvalidInput("Expected a name for the new procedure.", "请填写新流程的名称。")
    text = _EMPTY.read_text(encoding="utf-8").replace("KEY", key).replace('"NAME"', quoteattr(name.strip()))
    return f"{key}.bpmn", text.encode()

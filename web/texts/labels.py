"""Names of drawn things in the other language: the diagrams carry the Chinese ones, `labels/en.json` the English."""

import re
from dataclasses import dataclass

import orjson

from engine.model import InvalidInput
from web.procedures import FamilyPage


@dataclass(frozen=True)
class LabelRow:
    element_id: str
    drawn: str  # as the diagram has it
    label: str
    path: str


def labels_path(house: FamilyPage) -> str:
    known = sorted(path for path in house.files.files if path.endswith("labels/en.json"))
    return next((path for path in known if path == "labels/en.json"), "labels/en.json")


def label_rows(house: FamilyPage) -> list[LabelRow]:
    """Every named thing of the family's own diagrams, in the order of the drawings; those without a label too."""
    known = _labels(house)
    found: dict[str, LabelRow] = {}
    for diagram in house.checked.diagrams:
        if "/" in diagram.file_name:
            continue  # A building block has labels of its own.
        for process in diagram.processes:
            named = {process.id: process.name, **process.lanes}
            named |= {one.id: one.name for one in process.elements.values()}
            named |= {one.id: one.name for one in process.flows.values()}
            for element_id, name in named.items():
                if name and element_id not in found:
                    found[element_id] = LabelRow(
                        element_id, name, known.get(element_id, ""), diagram.file_name
                    )
    return list(found.values())


def with_label(house: FamilyPage, path: str, element_id: str, label: str) -> bytes:
    """The file with one name changed on its own line, or added at its end. Raises InvalidInput."""
    if element_id not in {one.element_id for one in label_rows(house)}:
        raise InvalidInput(
            f"Expected a drawn thing, but {element_id!r} is none.", f"没有图元“{element_id}”。"
        )
    text = house.files.files.get(path, b"{}\n").decode(errors="replace")
    known = _read(text.encode(), path)
    key, value = orjson.dumps(element_id).decode(), orjson.dumps(label).decode()
    if element_id in known:
        place = re.compile(rf'({re.escape(key)}\s*:\s*)"(?:[^"\\]|\\.)*"')
        changed = place.sub(lambda match: match[1] + value, text, count=1)
    else:
        before = text.rstrip().removesuffix("}").rstrip()
        changed = f"{before}{',' if known else ''}\n  {key}: {value}\n}}\n"
    _read(changed.encode(), path)
    return changed.encode()


def _labels(house: FamilyPage) -> dict[str, str]:
    content = house.files.files.get(labels_path(house), b"{}")
    try:
        return {key: str(value) for key, value in _read(content, "").items()}
    except InvalidInput:
        return {}  # The check says so.


def _read(content: bytes, path: str) -> dict[str, str]:
    try:
        found = orjson.loads(content)
    except ValueError as problem:
        raise InvalidInput(f"{path} cannot be read: {problem}.", f"“{path}”读不懂：{problem}。") from problem
    if not isinstance(found, dict):
        raise InvalidInput(f"Expected names in {path}.", f"“{path}”中应为名称表。")
    return found

"""Every diagram can be printed on one A3 page and read: all is drawn, nothing lies on anything else, all is named in both languages."""

import re
from dataclasses import dataclass
from itertools import combinations, pairwise

import orjson
import pytest
from procedures import PROCESSES, family_folders

from engine.diagrams import parse_xml, read_diagram

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
# At 0.19 mm a pixel A3 across holds this much, and the 12 px of a label are 2.3 mm: smaller cannot be read.
WIDTH, HEIGHT = 2150, 1450
DIAGRAMS = sorted(path for folder in family_folders() for path in folder.glob("*.bpmn"))
EACH = pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)


@dataclass(frozen=True)
class Box:
    id: str
    x: float
    y: float
    width: float
    height: float

    def holds(self, x, y, margin=2):
        return (
            self.x + margin < x < self.x + self.width - margin
            and self.y + margin < y < self.y + self.height - margin
        )

    def meets(self, other, margin=1):
        return (
            self.x + margin < other.x + other.width
            and other.x + margin < self.x + self.width
            and self.y + margin < other.y + other.height
            and other.y + margin < self.y + self.height
        )


def boxes(root):
    found = {}
    for shape in root.iter(f"{DI}BPMNShape"):
        bounds = next(one for one in shape if one.tag.endswith("}Bounds"))
        found[shape.get("bpmnElement")] = Box(
            shape.get("bpmnElement"), *(float(bounds.get(name)) for name in ("x", "y", "width", "height"))
        )
    return found


def lines(root):
    for edge in root.iter(f"{DI}BPMNEdge"):
        points = [(float(one.get("x")), float(one.get("y"))) for one in edge if one.tag.endswith("}waypoint")]
        yield edge.get("bpmnElement"), points


def drawn(path):
    root = parse_xml(path.read_bytes(), path.name)
    diagram = read_diagram(path.read_bytes(), path.name)
    return root, diagram.processes


@EACH
def test_it_fits_on_one_page(path):
    shapes = boxes(drawn(path)[0]).values()

    assert max(one.x + one.width for one in shapes) - min(one.x for one in shapes) <= WIDTH
    assert max(one.y + one.height for one in shapes) - min(one.y for one in shapes) <= HEIGHT


@EACH
def test_every_element_and_flow_is_drawn(path):
    root, processes = drawn(path)
    shown = boxes(root).keys() | {flow for flow, _ in lines(root)}

    assert [
        key
        for process in processes
        for key in (*process.elements, *process.flows)
        if key not in shown and not key.endswith(".made")
    ] == []


@EACH
def test_nothing_lies_on_anything_else(path):
    root, processes = drawn(path)
    shapes = boxes(root)
    elements = {key: one for process in processes for key, one in process.elements.items()}
    plain = [
        shapes[key] for key, one in elements.items()
        if key in shapes and one.attached_to is None and not _is_container(one)
    ]  # fmt: skip

    assert [f"{one.id} on {other.id}" for one, other in combinations(plain, 2) if one.meets(other)] == []


@EACH
def test_no_line_runs_through_a_step(path):
    root, processes = drawn(path)
    shapes = boxes(root)
    elements = {key: one for process in processes for key, one in process.elements.items()}
    flows = {key: one for process in processes for key, one in process.flows.items()}
    through = []
    for key, points in lines(root):
        flow = flows.get(key)
        if flow is None:
            continue
        own = {flow.source, flow.target}
        own |= {elements[one].attached_to for one in own if one in elements}
        for one in elements.values():
            box = shapes.get(one.id)
            if box is None or one.id in own or one.attached_to in own or _is_container(one):
                continue
            if any(box.holds(*point) for point in _along(points)):
                through.append(f"{key} through {one.id}")

    assert through == []


@EACH
def test_everything_is_named_in_chinese_and_english(path):
    folder = path.parent
    labels = orjson.loads((folder / "labels" / "en.json").read_bytes())
    missing = []
    for process in drawn(path)[1]:
        for one in (process.process, *process.elements.values()):
            if one.name and not one.id.endswith(".made"):
                missing += [] if re.search(r"[\u4e00-\u9fff]", one.name) else [f"{one.id}: {one.name}"]
                missing += [] if labels.get(one.id) else [f"{one.id} in labels/en.json"]

    assert missing == []


def _is_container(element):
    return element.kind in ("subProcess", "transaction", "adHocSubProcess")


def _along(points):
    """Points on the line, four pixels apart."""
    for (x0, y0), (x1, y1) in pairwise(points):
        steps = max(int(max(abs(x1 - x0), abs(y1 - y0)) // 4), 1)
        for number in range(steps + 1):
            yield x0 + (x1 - x0) * number / steps, y0 + (y1 - y0) * number / steps


def test_there_are_diagrams():
    assert (PROCESSES / "complaint" / "complaint.bpmn") in DIAGRAMS

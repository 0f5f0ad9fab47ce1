"""A global task can only be called: it is a process of one task, between a start and an end that nobody drew."""

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.normalise.made import made_id, make_flow, make_node
from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN

RULE = "global-task"
_TASKS = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    taken = {node.get("id") for node in root.iter(f"{BPMN}*")}
    for tag, inner in _TASKS.items():
        for task in root.findall(f"{BPMN}{tag}"):
            key = task.get("id")
            if key and f"{key}_task" not in taken:
                yield _as_process(root, task, key, inner)


def _as_process(root: etree._Element, task: etree._Element, key: str, inner: str) -> Rewrite:
    line = task.sourceline
    process = root.makeelement(f"{BPMN}process", {"id": key, "isExecutable": "true"})
    if task.get("name"):
        process.set("name", task.get("name", ""))
    process.sourceline = line
    root.replace(task, process)
    start = make_node(process, "startEvent", made_id(key, "start"), line)
    process.append(task)
    task.tag, task.tail = f"{BPMN}{inner}", None
    # The case waits at it and its history names it, so it is no made element.
    task.set("id", f"{key}_task")
    if task.get("scriptLanguage"):
        task.set("scriptFormat", task.attrib.pop("scriptLanguage"))
    end = make_node(process, "endEvent", made_id(key, "end"), line)
    make_flow(process, made_id(key, "in"), start.get("id"), f"{key}_task", line)
    make_flow(process, made_id(key, "out"), f"{key}_task", end.get("id"), line)
    return Rewrite(
        RULE, key, line,
        f"全局任务按只有 {key}_task 一步的流程执行。",
        f"The global task is carried out as a process of one step, {key}_task.",
    )  # fmt: skip

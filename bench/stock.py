"""The same cases with SpiffWorkflow as it comes: in memory, no history, no deadlines, no people, nothing stored.

A copy of the diagrams is stripped to what the library understands. Service tasks do nothing, decisions assign what our table
had answered, conditions are the same text as Python, and timers lie ten years ahead.
"""

import ast
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.bpmn.specs.defaults import ServiceTask
from SpiffWorkflow.util.task import TaskState

from bench.drive import Driven
from bench.measure import Stopwatch
from engine.commands.releases.installed import InstalledRelease

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"


class SilentTask(ServiceTask):  # type: ignore[misc]
    """A service task that is done at once; the library itself leaves them to its users."""

    def _execute(self, task: Any) -> bool:  # noqa: ARG002
        return True


class StockParser(BpmnParser):  # type: ignore[misc]
    OVERRIDE_PARSER_CLASSES = {full_tag("serviceTask"): (TaskParser, SilentTask)}


class StockFamily:
    """The stripped diagrams of one family, parsed once; `answers`: result variable of a decision → its value."""

    def __init__(self, diagrams: Mapping[str, bytes], release: InstalledRelease, driven: Driven) -> None:
        profile = release.profiles[driven.profile_id]
        parser = StockParser()
        for path, content in sorted(diagrams.items()):
            root = etree.fromstring(content)
            _strip(root, driven.variables)
            parser.add_bpmn_xml(root, filename=path)
        self.driven = driven
        self._spec = parser.get_spec(profile.process)
        self._called = parser.get_subprocess_specs(profile.process)
        self._empty = dict.fromkeys(release.form_fields[profile.process])
        functions = {
            "option": profile.options.get,
            "role": lambda name: profile.roles.get(name, name),
            "limit": lambda _name: "P3650D",
            "empty": lambda value: value in (None, "", [], {}),
        }
        self._scripts = PythonScriptEngine(environment=TaskDataEnvironment(functions))

    def run(self, watch: Stopwatch) -> None:
        """One case from start to end, with the values that our own case was given."""
        values = {(process, element): one for process, element, one in self.driven.tasks}
        with watch.running("start"):
            workflow = BpmnWorkflow(self._spec, self._called, script_engine=self._scripts)
            workflow.task_tree.data.update(self._empty | self.driven.first)
            workflow.do_engine_steps()
        done = 0
        while not workflow.is_completed():
            task = workflow.get_next_task(state=TaskState.READY, manual=True)
            assert task is not None, f"Stock SpiffWorkflow is stuck after {done} tasks."
            key = (task.workflow.spec.name, task.task_spec.bpmn_id)
            with watch.running("complete"):
                task.data.update(values[key])
                task.run()
                workflow.do_engine_steps()
            done += 1
        assert done == len(self.driven.tasks), (done, len(self.driven.tasks))


def _strip(root: Any, answers: Mapping[str, Any]) -> None:
    for node in list(root.iter(f"{BPMN}businessRuleTask")):
        name = node.get(f"{CAMUNDA}resultVariable")
        node.tag = f"{BPMN}scriptTask"
        script = etree.SubElement(node, f"{BPMN}script")
        script.text = f"{name} = {answers.get(name)!r}"
    for node in root.iter(f"{BPMN}conditionExpression", f"{BPMN}script"):
        node.text = "\n".join(_python(line) for line in (node.text or "").strip().splitlines())
    for node in root.iter(f"{BPMN}timeDuration"):
        node.text = '"P3650D"'
    for node in list(root.iter(f"{BPMN}extensionElements", f"{BPMN}documentation")):
        node.getparent().remove(node)
    for node in root.iter():
        for name in [one for one in node.attrib if one.startswith(CAMUNDA)]:
            del node.attrib[name]


def _python(text: str) -> str:
    """Our language as Python: `a.b` is a key of an object, `true` is True, and `=` compares."""
    plain = text.strip()
    if plain.startswith("${"):
        plain = plain[2:-1]
    plain = re.sub(r"\btrue\b", "True", re.sub(r"\bfalse\b", "False", re.sub(r"\bnull\b", "None", plain)))
    return ast.unparse(_Keys().visit(ast.parse(plain)))


class _Keys(ast.NodeTransformer):
    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        return ast.Subscript(node.value, ast.Constant(node.attr), ast.Load())

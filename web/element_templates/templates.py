"""Element templates of Camunda Modeler (Camunda 7 bindings), made from what may be chosen in our own panel.

A template is one element with its settings: tasks of people, topics of our handlers, decision tables, calls. What a
setting may be is a list to choose from wherever we know one. All settings of a template are written into the diagram,
so there is none that would be wrong when it stays empty.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]
SCHEMA = "https://unpkg.com/@camunda/element-templates-json-schema/resources/schema.json"


_WORDS = {
    "task": ("人工任务", "Task of a person"),
    "task_with_deadline": ("有期限的人工任务", "Task of a person with a deadline"),
    "decision": ("决策表", "Decision table"),
    "call": ("调用流程", "Call of a procedure"),
    "roles": ("可以办理的角色", "Roles that may do it"),
    "form": ("表单", "Form"),
    "limit": ("时限", "Limit"),
    "warn": ("何时预警", "Warn at"),
    "pausable": ("可以暂停计时吗？", "May the clock be paused?"),
    "table": ("决策表", "Decision table"),
    "result": ("结果存为变量", "The result is kept as"),
    "shape": ("结果的形式", "The result is"),
    "one_value": ("一个值", "one value"),
    "one_row": ("一行（各列）", "one row with its columns"),
    "procedure": ("流程", "Procedure"),
    "retry": ("失败后重试", "When it fails, try again"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
}


def make_templates(catalog: Mapping[str, Any], *, family: str, version: int, locale: str) -> list[Json]:
    """`catalog` as the panel gets it (web/procedures/catalog.py); lists that it lacks give no template."""
    made = _Maker(catalog, family, version, "zh" if locale.startswith("zh") else "en")
    templates = [made.task()]
    if catalog.get("limits"):
        templates.append(made.task_with_deadline())
    templates += [made.service(topic) for topic in catalog.get("topics", ())]
    if catalog.get("decisions"):
        templates.append(made.decision())
    if catalog.get("processes"):
        templates.append(made.call())
    return templates


class _Maker:
    def __init__(self, catalog: Mapping[str, Any], family: str, version: int, locale: str) -> None:
        self.catalog, self.family, self.version, self.locale = catalog, family, version, locale

    def task(self) -> Json:
        return self._template("user_task", self._say("task"), "bpmn:UserTask", self._held())

    def task_with_deadline(self) -> Json:
        limits = [(one["name"], self._of(one["text"], one["name"])) for one in self.catalog["limits"]]
        answers = [("yes", self._say("yes")), ("no", self._say("no"))]
        clock = [
            _choice(self._say("limit"), _own_property("sla"), limits),
            _text(self._say("warn"), _own_property("sla.warn"), "75%, 90%"),
            _choice(self._say("pausable"), _own_property("sla.pausable"), answers, "yes"),
        ]
        return self._template(
            "user_task_with_deadline",
            self._say("task_with_deadline"),
            "bpmn:UserTask",
            [*self._held(), *clock],
        )

    def service(self, topic: Mapping[str, Any]) -> Json:
        settings = [
            _fixed("camunda:type", "external"),
            _fixed("camunda:topic", topic["topic"]),
            *(
                _text(
                    self._of(one["says"], one["name"]),
                    {"type": "camunda:inputParameter", "name": one["name"]},
                    one["example"] if one["required"] else "",
                    is_needed=one["required"],
                )
                for one in topic["parameters"]
            ),
        ]
        name = self._of(topic["says"], topic["topic"])
        return self._template(f"topic.{topic['topic']}", name, "bpmn:ServiceTask", settings)

    def decision(self) -> Json:
        tables = [(one["id"], one["name"]) for one in self.catalog["decisions"]]
        shapes = [("singleEntry", self._say("one_value")), ("singleResult", self._say("one_row"))]
        settings = [
            _choice(self._say("table"), _attribute("camunda:decisionRef"), tables),
            _text(self._say("result"), _attribute("camunda:resultVariable"), "result", is_needed=True),
            _choice(self._say("shape"), _attribute("camunda:mapDecisionResult"), shapes, "singleEntry"),
        ]
        return self._template("decision", self._say("decision"), "bpmn:BusinessRuleTask", settings)

    def call(self) -> Json:
        processes = [(one["id"], one["name"]) for one in self.catalog["processes"]]
        everything = [
            {"type": "Hidden", "value": "all", "binding": {"type": way, "variables": "all"}}
            for way in ("camunda:in", "camunda:out")
        ]
        settings = [_choice(self._say("procedure"), _attribute("calledElement"), processes), *everything]
        return self._template("call", self._say("call"), "bpmn:CallActivity", settings)

    def _held(self) -> list[Json]:
        """Who does it, and with which form."""
        own = [(f'${{role("{one["name"]}")}}', one["name"]) for one in self.catalog.get("profile_roles", ())]
        roles = [(one["key"], self._of(one, one["key"])) for one in self.catalog["roles"]]
        settings = [_choice(self._say("roles"), _attribute("camunda:candidateGroups"), [*own, *roles])]
        forms = [(one["key"], self._of(one["title"], one["key"])) for one in self.catalog.get("forms", ())]
        if forms:
            settings.append(_choice(self._say("form"), _attribute("camunda:formRef"), forms))
        return settings

    def _template(self, key: str, name: str, kind: str, settings: list[Json]) -> Json:
        return {
            "$schema": SCHEMA,
            "name": f"{'回音' if self.locale == 'zh' else 'Huiyin'} · {name}",
            "id": ".".join(part for part in ("huiyin", self.family, key) if part),
            "version": self.version,
            "appliesTo": [kind],
            "properties": settings,
        }

    def _say(self, word: str) -> str:
        return _WORDS[word][self.locale == "en"]

    def _of(self, words: Mapping[str, str], otherwise: str) -> str:
        return words.get(self.locale) or otherwise


def _attribute(name: str) -> Json:
    return {"type": "property", "name": name}


def _own_property(name: str) -> Json:
    return {"type": "camunda:property", "name": name}


def _fixed(name: str, value: str) -> Json:
    return {"type": "Hidden", "value": value, "binding": _attribute(name)}


def _text(label: str, binding: Json, value: str, *, is_needed: bool = False) -> Json:
    made: Json = {"label": label, "type": "String", "value": value, "binding": binding}
    if is_needed:
        made["constraints"] = {"notEmpty": True}
    return made


def _choice(label: str, binding: Json, options: Iterable[tuple[str, str]], value: str | None = None) -> Json:
    """Without `value` the owner must choose: a program that asks for one shows the field as wrong until then."""
    choices = [{"name": name, "value": key} for key, name in options]
    made: Json = {"label": label, "type": "Dropdown", "binding": binding, "choices": choices}
    if value is None:
        made["constraints"] = {"notEmpty": True}
    else:
        made["value"] = value
    return made

"""What the modeler on the desktop is given to choose from is what Huiyin executes, in the shape that it reads."""

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import quoteattr

from drawings import definitions, end, extension, flows, node, process, start
from pages import Browser

from engine.commands.engine import Engine
from engine.commands.handler import HandlerTable
from engine.commands.releases.check_family import check_family
from engine.commands.working_copies.copies import files_of_family
from engine.diagrams import lint_diagrams, read_diagram
from handlers import HANDLERS

BINDINGS = {"property", "camunda:property", "camunda:inputParameter", "camunda:in", "camunda:out"}


def templates(browser: Browser, address: str) -> list[dict[str, Any]]:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["Content-Disposition"]
    found: list[dict[str, Any]] = answer.get_json()
    return found


def drawn(template: dict[str, Any]) -> str:
    """The element that the modeler makes of a template whose lists were answered with their last choice."""
    attributes, inner = [], {"properties": "", "inputOutput": "", "in": "", "out": ""}
    for one in template["properties"]:
        assert one["binding"]["type"] in BINDINGS
        value = one.get("value", one["choices"][-1]["value"] if "choices" in one else "")
        binding = one["binding"]
        match binding["type"]:
            case "property":
                attributes.append(f"{binding['name']}={quoteattr(value)}")
            case "camunda:property":
                inner["properties"] += (
                    f'<camunda:property name="{binding["name"]}" value={quoteattr(value)}/>'
                )
            case "camunda:inputParameter":
                inner["inputOutput"] += (
                    f'<camunda:inputParameter name="{binding["name"]}">{value}</camunda:inputParameter>'
                )
            case way:
                inner[way.removeprefix("camunda:")] += f'<{way} variables="{binding["variables"]}"/>'
    parts = [
        f"<camunda:{name}>{inner[name]}</camunda:{name}>"
        for name in ("properties", "inputOutput")
        if inner[name]
    ]
    (kind,) = template["appliesTo"]
    key = template["id"].replace(".", "_").lower()
    attributes.append(f'camunda:modelerTemplate="{template["id"]}"')
    return node(
        f"{kind[5].lower()}{kind[6:]}",
        key,
        extension("".join(parts) + inner["in"] + inner["out"]),
        " ".join(attributes),
    )


def test_every_template_makes_an_element_that_the_check_accepts(
    signed_in: Callable[[str], Browser], engine: Engine
) -> None:
    engine.handlers = HandlerTable(HANDLERS)
    made = templates(signed_in("he_jing"), "/procedures/matter_family/element-templates.json")
    with engine.store.reading() as session:
        files = files_of_family(session, engine.settings.blocks_folder, "matter_family", engine.clock.now())
    checked = check_family(files, engine.register, engine.handlers.topics())

    assert {one["appliesTo"][0] for one in made} == {"bpmn:UserTask", "bpmn:ServiceTask", "bpmn:CallActivity"}
    assert len({one["id"] for one in made}) == len(made)
    for template in made:
        one = drawn(template)
        key = one.partition('id="')[2].partition('"')[0]
        body = start() + one + end() + flows(f"received>{key}", f"{key}>closed")
        diagrams = [
            *checked.diagrams,
            read_diagram(definitions(process(body, key="from_template")), "x.bpmn"),
        ]
        found = [each for each in lint_diagrams(diagrams, checked.context) if each.file == "x.bpmn"]
        # Variables of the examples are the family's own business, and blocks are laid in when they are called.
        told = {each.rule for each in found if each.severity != "advice"}
        assert told <= {"unknown-variable", "unknown-call"}, (
            template["name"],
            [each.says("en") for each in found],
        )


def test_lists_of_a_template_are_the_family_s_own(signed_in: Callable[[str], Browser]) -> None:
    made = templates(signed_in("he_jing"), "/procedures/matter_family/element-templates.json")

    with_deadline = next(one for one in made if one["id"].endswith("user_task_with_deadline"))
    by_binding = {one["binding"]["name"]: one for one in with_deadline["properties"]}
    assert {one["value"] for one in by_binding["sla"]["choices"]} == {"answer", "whole"}
    assert {one["value"] for one in by_binding["camunda:formRef"]["choices"]} == {"answer", "check", "intake"}
    assert {"name": "一个工作日内答复", "value": "answer"} in by_binding["sla"]["choices"]
    assert with_deadline["name"] == "回音 · 有期限的人工任务"


def test_without_a_family_there_are_roles_and_topics_only(
    signed_in: Callable[[str], Browser], engine: Engine
) -> None:
    engine.handlers = HandlerTable(HANDLERS)
    made = templates(signed_in("he_jing"), "/element-templates.json")

    assert {one["id"] for one in made} == {
        "huiyin.user_task",
        *(f"huiyin.topic.{one.topic}" for one in HANDLERS),
    }


def test_who_may_not_read_procedures_gets_none(signed_in: Callable[[str], Browser]) -> None:
    assert signed_in("chen_bo").get("/element-templates.json").status_code == 403
    assert signed_in("chen_bo").get("/procedures/matter_family/element-templates.json").status_code == 403

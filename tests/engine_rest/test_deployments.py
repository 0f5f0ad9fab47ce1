"""Diagrams come in whole, or not at all; what is wrong is named by element and line."""

import io
from pathlib import Path
from typing import Any

TINY = (Path(__file__).parents[1] / "support" / "tiny_family" / "tiny.bpmn").read_bytes()

NEW = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
    id="d" targetNamespace="t">
  <process id="greeting" name="\xe9\x97\xae\xe5\x80\x99" isExecutable="true" camunda:versionTag="1.2">
    <startEvent id="begun" name="begun" />
    <userTask id="greet_customer" name="greet" camunda:candidateGroups="first_receiver" />
    <endEvent id="greeted" name="greeted" />
    <sequenceFlow id="to_greet" sourceRef="begun" targetRef="greet_customer" />
    <sequenceFlow id="to_greeted" sourceRef="greet_customer" targetRef="greeted" />
  </process>
</definitions>
"""
BROKEN = NEW.replace(b' camunda:candidateGroups="first_receiver"', b"").replace(b"greeting", b"grumbling")


def upload(*files: tuple[str, bytes], **fields: str) -> dict[str, Any]:
    names = {name.replace("_", "-"): value for name, value in fields.items()}
    return names | {name: (io.BytesIO(content), name.rsplit("/", 1)[-1]) for name, content in files}


def test_it_deploys_a_diagram_as_the_modeler_sends_it(admin: Any, li_na: Any) -> None:
    answer = admin.send(
        "/deployment/create",
        upload(
            ("greeting.bpmn", NEW),
            deployment_name="问候",
            deployment_source="Camunda Modeler",
            enable_duplicate_filtering="true",
        ),
    )

    assert answer.status_code == 200, answer.text
    body = answer.json
    assert (body["name"], body["source"]) == ("问候", "Camunda Modeler")
    assert body["deploymentTime"] == "2026-02-13T16:00:00.000+0800"
    assert body["deployedDecisionDefinitions"] is None
    [(key, definition)] = body["deployedProcessDefinitions"].items()
    assert definition == {
        "id": key,
        "key": "greeting",
        "category": None,
        "description": None,
        "name": "问候",
        "version": 1,
        "resource": "greeting.bpmn",
        "deploymentId": body["id"],
        "diagram": None,
        "suspended": False,
        "tenantId": None,
        "versionTag": "1.2",
        "historyTimeToLive": None,
        "startableInTasklist": True,
    }
    assert li_na.post(f"/process-definition/{key}/start").status_code == 200


def test_it_names_element_and_line_of_what_would_go_wrong(admin: Any) -> None:
    answer = admin.send("/deployment/create", upload(("grumbling.bpmn", BROKEN), deployment_name="x"))

    assert answer.status_code == 400
    body = answer.json
    assert body["type"] == "ParseException"
    assert body["message"].startswith("ENGINE-09005 Could not parse BPMN process. Nothing was deployed.")
    assert "grumbling.bpmn:6: greet_customer" in body["message"]
    [error] = body["details"]["grumbling.bpmn"]["errors"]
    assert (error["mainElementId"], error["elementIds"], error["line"]) == (
        "greet_customer",
        ["greet_customer"],
        6,
    )
    assert error["rule"] == "nobody"
    assert error["reason"]["zh"]


def test_it_deploys_all_of_several_files_or_nothing(admin: Any) -> None:
    before = admin.get("/deployment/count").json

    answer = admin.send("/deployment/create", upload(("greeting.bpmn", NEW), ("grumbling.bpmn", BROKEN)))

    assert answer.status_code == 400
    assert admin.get("/deployment/count").json == before
    assert admin.get("/process-definition", key="greeting").json == []


def test_it_refuses_what_is_no_xml_with_its_line(admin: Any) -> None:
    answer = admin.send("/deployment/create", upload(("greeting.bpmn", NEW.replace(b"</process>", b""))))

    assert answer.status_code == 400
    assert answer.json["details"]["greeting.bpmn"]["errors"][0]["line"] == 11


def test_it_makes_no_second_version_of_the_same_files(admin: Any) -> None:
    files = upload(("greeting.bpmn", NEW), enable_duplicate_filtering="true")
    admin.send("/deployment/create", files)

    filtered = admin.send(
        "/deployment/create", upload(("greeting.bpmn", NEW), enable_duplicate_filtering="true")
    ).json
    unfiltered = admin.send("/deployment/create", upload(("greeting.bpmn", NEW))).json

    assert filtered["deployedProcessDefinitions"] is None
    assert [one["version"] for one in unfiltered["deployedProcessDefinitions"].values()] == [1]


def test_it_lays_one_diagram_over_the_newest_release_of_its_family(admin: Any, li_na: Any) -> None:
    changed = TINY.replace("答复客户".encode(), "回复客户".encode())

    answer = admin.send("/deployment/create", upload(("tiny.bpmn", changed)))

    assert answer.status_code == 200, answer.text
    versions = {one["key"]: one["version"] for one in answer.json["deployedProcessDefinitions"].values()}
    assert versions == {"answering": 2, "recording": 2, "listening": 2}
    # The profile, which was not sent, is still there: the new case has its deadline.
    case = li_na.post("/process-definition/key/answering/start").json
    [task] = li_na.get("/task", processInstanceId=case["id"]).json
    assert (task["name"], task["due"]) == ("回复客户", "2026-02-14T16:00:00.000+0800")


def test_it_takes_the_folder_of_a_file_from_the_name_of_its_part(admin: Any) -> None:
    form = b'{"key": "x"}'

    answer = admin.send("/deployment/create", upload(("greeting.bpmn", NEW), ("forms/greet.json", form)))

    assert answer.status_code == 400
    assert "forms/greet.json" in answer.json["details"]


def test_it_refuses_paths_that_lead_out_and_files_that_nothing_reads(admin: Any) -> None:
    for name in ("../greeting.bpmn", "/etc/greeting.bpmn", "greeting.exe"):
        answer = admin.send("/deployment/create", {"data": (io.BytesIO(NEW), name)})
        assert answer.status_code == 400, name
        assert answer.json["type"] == "InvalidRequestException"
    assert admin.send("/deployment/create", {"deployment-name": "x"}).status_code == 400


def test_it_answers_the_modelers_first_questions(admin: Any, li_na: Any) -> None:
    assert li_na.get("/deployment", maxResults=0).json == []
    assert li_na.get("/version").json == {"version": "7.24.0"}
    assert li_na.get("/engine").json == [{"name": "default"}]


def test_it_lists_deployments(admin: Any, li_na: Any) -> None:
    admin.send("/deployment/create", upload(("greeting.bpmn", NEW), deployment_name="第二次"))

    found = li_na.get("/deployment", sortBy="name", sortOrder="asc").json

    assert {one["name"] for one in found} == {"tests", "第二次"}
    [second] = li_na.get("/deployment", name="第二次").json
    assert li_na.get(f"/deployment/{second['id']}").json == second
    assert li_na.get("/deployment/none").status_code == 404


def test_it_lists_definitions_and_gives_their_diagrams(li_na: Any) -> None:
    found = li_na.get("/process-definition", latestVersion="true", sortBy="key", sortOrder="asc").json

    assert [one["key"] for one in found] == ["answering", "listening", "recording"]
    diagram = li_na.get("/process-definition/key/answering/xml").json
    assert diagram == {"id": found[0]["id"], "bpmn20Xml": TINY.decode()}
    assert li_na.get(f"/process-definition/{found[0]['id']}/xml").json == diagram
    assert li_na.get(f"/process-definition/{found[0]['id']}").json == found[0]
    assert li_na.get("/process-definition/count").json == {"count": 3}
    assert li_na.get("/process-definition/key/none/xml").status_code == 404


def test_it_starts_nothing_by_an_older_version(admin: Any, li_na: Any) -> None:
    old = li_na.get("/process-definition/key/answering").json["id"]
    admin.send("/deployment/create", upload(("tiny.bpmn", TINY.replace("答复客户".encode(), b"answer"))))

    refused = li_na.post(f"/process-definition/{old}/start")

    assert refused.status_code == 400
    assert "answering:2:" in refused.json["message"]


def test_it_tells_the_modeler_where_our_pages_are(app: Any) -> None:
    answer = app.test_client().get("/.well-known/camunda-automation-platform/webapps")

    assert answer.status_code == 200
    assert set(answer.json) == {"adminUrl", "cockpitUrl", "tasklistUrl"}
    assert answer.json["cockpitUrl"].startswith("http://")


def test_it_opens_the_case_page_for_the_modeler(app: Any) -> None:
    browser = app.test_client()

    page = browser.get("/cockpit/default/")
    script = browser.get("/cockpit/default/open_case.js")

    assert '<script src="open_case.js">' in page.text
    assert "../../cases/" in script.text
    assert script.content_type.startswith("text/javascript")

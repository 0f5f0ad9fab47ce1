"""The deployment tool and the start button of the modeler on the desktop, byte for byte.

The frame of each request (order of headers, boundary, line ends, how a file name is written) was recorded from the
Chromium that such a program has inside, calling `fetch` from a page of its own files; only place and content vary.
"""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from engines import person
from on_the_wire import Answer, exchange, served

from engine.commands.people.tokens import issue_token

BOUNDARY = "----WebKitFormBoundaryDRQ9WVpS2WB8RRPW"
AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) camunda-modeler/5.44.0 "
    "Chrome/146.0.0.0 Electron/41.0.0 Safari/537.36"
)
HINTS = '"Not:A-Brand";v="8", "Chromium";v="146"'
DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn" exporter="Camunda Modeler" exporterVersion="5.44.0" modeler:executionPlatform="Camunda Platform" modeler:executionPlatformVersion="7.24.0">
  <bpmn:process id="greeting" name="问候" isExecutable="true" camunda:historyTimeToLive="180">
    <bpmn:startEvent id="begun" name="开始" />
    <bpmn:userTask id="greet_customer" name="问候客户" camunda:candidateGroups="first_receiver" />
    <bpmn:endEvent id="greeted" name="已问候" />
    <bpmn:sequenceFlow id="to_greet" sourceRef="begun" targetRef="greet_customer" />
    <bpmn:sequenceFlow id="to_greeted" sourceRef="greet_customer" targetRef="greeted" />
  </bpmn:process>
</bpmn:definitions>
"""
BROKEN = DIAGRAM.replace('targetRef="greet_customer"', 'targetRef="greet_somebody"')
NOBODY = DIAGRAM.replace(' camunda:candidateGroups="first_receiver"', "")
CUT_OFF = DIAGRAM.partition("<bpmn:endEvent")[0]
PARSE_ERROR = "ENGINE-09005 Could not parse BPMN process."


@dataclass
class Modeler:
    """`is_asking`: whether the browser inside asks first, as the program's own settings decide."""

    port: int
    credentials: str | None = None
    base: str = "/engine-rest"
    is_asking: bool = True

    @property
    def origin(self) -> list[str]:
        return ["Origin: file://"] if self.is_asking else []

    @property
    def host(self) -> str:
        return f"Host: localhost:{self.port}"

    def get(self, path: str, base: str | None = None) -> Answer:
        lines = [
            f"GET {self.base if base is None else base}{path} HTTP/1.1",
            self.host,
            "Connection: keep-alive",
            'sec-ch-ua-platform: "Linux"',
            *self._authorization,
            f"User-Agent: {AGENT}",
            "accept: application/json",
            f"sec-ch-ua: {HINTS}",
            "sec-ch-ua-mobile: ?0",
            *self._tail,
        ]
        if self._authorization:
            self._ask("GET", path, "authorization")
        return exchange(self.port, _bytes(lines))

    def deploy(self, name: str, file_name: str, diagram: str) -> Answer:
        fields = [("deployment-name", name), ("deployment-source", "Camunda Modeler")]
        fields.append(("enable-duplicate-filtering", "true"))
        written = file_name.replace('"', "%22")
        parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}' for key, value in fields]
        parts.append(
            f'Content-Disposition: form-data; name="{written}"; filename="{written}"\r\n'
            f"Content-Type: text/xml\r\n\r\n{diagram}"
        )
        body = "".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts) + f"--{BOUNDARY}--\r\n"
        kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}"
        return self._post("/deployment/create", kind, body.encode(), "authorization")

    def start(self, definition: str, business_key: str = "default", variables: Any = None) -> Answer:
        said = {"businessKey": business_key} | ({} if variables is None else {"variables": variables})
        body = json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()
        path = f"/process-definition/{definition}/start"
        return self._post(path, "content-type: application/json", body, "authorization,content-type")

    def _post(self, path: str, kind: str, body: bytes, asks: str) -> Answer:
        self._ask("POST", path, asks)
        lines = [
            f"POST {self.base}{path} HTTP/1.1",
            self.host,
            "Connection: keep-alive",
            f"Content-Length: {len(body)}",
            'sec-ch-ua-platform: "Linux"',
            *self._authorization,
            f"User-Agent: {AGENT}",
            "accept: application/json",
            f"sec-ch-ua: {HINTS}",
            kind,
            "sec-ch-ua-mobile: ?0",
            *self._tail,
        ]
        return exchange(self.port, _bytes(lines) + body)

    def _ask(self, method: str, path: str, headers: str) -> None:
        if not self.is_asking:
            return
        lines = [
            f"OPTIONS {self.base}{path} HTTP/1.1",
            self.host,
            "Connection: keep-alive",
            "Accept: */*",
            f"Access-Control-Request-Method: {method}",
            f"Access-Control-Request-Headers: {headers}",
            "Origin: file://",
            f"User-Agent: {AGENT}",
            "Sec-Fetch-Mode: cors",
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Dest: empty",
            "Accept-Encoding: gzip, deflate, br, zstd",
            "Accept-Language: zh-CN",
        ]
        allowed = exchange(self.port, _bytes(lines))
        assert allowed.status == 204
        assert allowed.headers["access-control-allow-origin"] == "file://"
        assert method in allowed.headers["access-control-allow-methods"]
        assert set(headers.split(",")) <= set(allowed.headers["access-control-allow-headers"].split(", "))

    @property
    def _authorization(self) -> list[str]:
        return [f"authorization: {self.credentials}"] if self.credentials else []

    @property
    def _tail(self) -> list[str]:
        return [
            *self.origin,
            "Sec-Fetch-Site: cross-site",
            "Sec-Fetch-Mode: cors",
            "Sec-Fetch-Dest: empty",
            "Accept-Encoding: gzip, deflate, br, zstd",
            "Accept-Language: zh-CN",
        ]


def _bytes(lines: list[str]) -> bytes:
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def basic(username: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{username}:{password}'.encode()).decode()}"


@pytest.fixture
def at_desk(shared_app: Any) -> Iterator[Callable[..., Modeler]]:
    with served(shared_app) as port:
        yield lambda credentials=None, **how: Modeler(port, credentials, **how)


@pytest.fixture
def administrator() -> str:
    return basic("admin", "eight-o-clock")


@pytest.mark.parametrize(
    "how",
    [{}, {"is_asking": False}, {"base": "/rest"}],
    ids=["asks first", "asks nobody", "proposed address"],
)
def test_it_deploys_and_starts_as_the_buttons_do(at_desk: Any, administrator: str, how: Any) -> None:
    unknown = at_desk(**how).get("/deployment?maxResults=0")
    assert unknown.status == 401  # From this the modeler knows that it must ask for a name and a password.
    if how != {"is_asking": False}:
        assert unknown.headers["access-control-allow-origin"] == "file://"

    modeler = at_desk(administrator, **how)
    reached = modeler.get("/deployment?maxResults=0")
    assert (reached.status, reached.json) == (200, [])
    assert modeler.get("/version").json == {"version": "7.24.0"}

    deployed = modeler.deploy("问候", '问候 "一".bpmn', DIAGRAM)
    assert deployed.status == 200, deployed.content
    assert deployed.headers["content-type"] == "application/json"
    [definition] = deployed.json["deployedProcessDefinitions"].values()
    assert (definition["key"], definition["version"]) == ("greeting", 1)
    assert (deployed.json["name"], deployed.json["source"]) == ("问候", "Camunda Modeler")

    again = modeler.deploy("问候", '问候 "一".bpmn', DIAGRAM)
    assert (again.status, again.json["deployedProcessDefinitions"]) == (200, None)

    started = modeler.start(definition["id"])
    assert started.status == 200, started.content
    assert started.json["definitionId"] == definition["id"]
    assert started.json["businessKey"] != "default"  # What the modeler proposes is no number of a case.
    second = modeler.start(definition["id"], "K-7", {"name": {"value": "李娜", "type": "String"}})
    assert (second.status, second.json["businessKey"]) == (200, "K-7")


def test_a_token_for_it_deploys_and_starts_and_does_nothing_else(shared_app: Any, at_desk: Any) -> None:
    engine = shared_app.extensions["huiyin_engine"]
    issued = issue_token(
        engine, person(engine, "admin"), username="admin", name="modeler", scopes=["deploy", "register"]
    )
    modeler = at_desk(f"Bearer {issued.secret}")

    assert modeler.get("/deployment?maxResults=0").status == 200
    [definition] = (
        modeler.deploy("问候", "greeting.bpmn", DIAGRAM).json["deployedProcessDefinitions"].values()
    )
    assert modeler.start(definition["id"]).status == 200
    assert modeler.get("/process-instance").status == 403


def test_it_opens_our_page_of_the_case(at_desk: Any) -> None:
    answer = at_desk().get("/.well-known/camunda-automation-platform/webapps", base="")

    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "file://"
    # The modeler adds `default/#/process-instance/<id>` to an address that ends in the name of that page.
    assert answer.json["cockpitUrl"].endswith("/cockpit")


@pytest.mark.parametrize(
    ("diagram", "line", "element"),
    [(BROKEN, 7, "to_greet"), (NOBODY, 5, "greet_customer"), (CUT_OFF, 6, None)],
    ids=["a flow to nowhere", "a task for nobody", "cut off"],
)
def test_it_is_told_line_and_element_of_a_broken_diagram(
    at_desk: Any, administrator: str, diagram: str, line: int, element: str | None
) -> None:
    refused = at_desk(administrator).deploy("greeting", "greeting.bpmn", diagram)

    assert refused.status == 400
    assert (refused.json["type"], refused.json["code"]) == ("ParseException", 0)
    assert refused.json["message"].startswith(PARSE_ERROR)
    assert f"greeting.bpmn:{line}" in refused.json["message"]
    assert (element or "") in refused.json["message"]
    errors = refused.json["details"]["greeting.bpmn"]["errors"]
    assert (line, element) in [(one["line"], one["mainElementId"]) for one in errors]


def test_it_is_told_apart_who_may_not_and_who_is_wrong(at_desk: Any, administrator: str) -> None:
    for credentials, status in (
        (basic("admin", "wrong"), 401),
        ("Bearer nothing", 401),
        (basic("li_na", "eight-o-clock"), 403),
    ):
        refused = at_desk(credentials).deploy("greeting", "greeting.bpmn", DIAGRAM)
        assert refused.status == status, credentials
        assert refused.json["message"]
    assert at_desk(administrator).get("/process-definition?key=greeting").json == []


def test_it_is_no_door_for_pages_of_the_web(at_desk: Any, administrator: str) -> None:
    desk = at_desk(administrator)
    sent = f"GET /engine-rest/version HTTP/1.1\r\nHost: x\r\nOrigin: https://elsewhere.example\r\nauthorization: {administrator}\r\n\r\n"

    assert "access-control-allow-origin" not in exchange(desk.port, sent.encode()).headers
    asked = sent.replace("GET", "OPTIONS", 1).replace(f"authorization: {administrator}\r\n", "")
    assert exchange(desk.port, asked.encode()).status == 401

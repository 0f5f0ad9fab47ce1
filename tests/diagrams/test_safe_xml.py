"""Files from strangers: nothing is fetched, nothing expands, nothing takes long, and the answer names the file."""

import itertools
import time

import pytest
from drawings import HEAD, definitions, end, flows, line, lint, node, process, start, task

from engine.diagrams import DiagramError, LintContext, lint_diagrams, parse_xml, read_diagram

GOOD = definitions(process(line(task()))).partition(b"\n")[2]


def bomb() -> bytes:
    entities = "".join(f'<!ENTITY e{number + 1} "{f"&e{number};" * 10}">' for number in range(12))
    return f'<!DOCTYPE d [<!ENTITY e0 "ha">{entities}]><d a="&e12;">&e12;</d>'.encode()


ATTACKS = {
    "nothing": b"",
    "no xml": b"not a diagram",
    "half of it": GOOD[: len(GOOD) // 2],
    "a doctype": b"<!DOCTYPE definitions>" + GOOD,
    "an internal entity": b'<!DOCTYPE d [<!ENTITY a "x">]>' + GOOD.replace(b'targetNamespace="t"', b'targetNamespace="&a;"'),
    "a file of the server": b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + GOOD.replace(b"</bpmn:definitions>", b"&a;</bpmn:definitions>"),
    "an address": b'<!DOCTYPE d SYSTEM "http://169.254.169.254/x.dtd">' + GOOD,
    "a parameter entity": b'<!DOCTYPE d [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]>' + GOOD,
    "an entity bomb": bomb(),
    "a quadratic bomb": f'<!DOCTYPE d [<!ENTITY a "{"x" * 50_000}">]><d>{"&a;" * 50_000}</d>'.encode(),
    "a doctype in UTF-16": ("<!DOCTYPE d [<!ENTITY a 'x'>]>" + GOOD.decode()).encode("utf-16"),
    "too large": b"<d>" + b" " * 5_000_000 + b"</d>",
    "too deep": b"<a>" * 150 + b"</a>" * 150,
    "much too deep": b"<a>" * 100_000 + b"</a>" * 100_000,
    "too many elements": b"<a>" + b"<b/>" * 60_000 + b"</a>",
    "a million empty elements": b"<a>" + b"<b/>" * 1_200_000 + b"</a>",
    "half a million attributes": b"<a " + b" ".join(b'a%d=""' % number for number in range(500_000)) + b"/>",
    "a namespace for each element": b"<a>" + b"".join(b'<n%d:b xmlns:n%d="urn:%d"/>' % (number, number, number) for number in range(20_000)) + b"</a>",
    "a text that fills a book": GOOD.replace(b"</bpmn:userTask>", b"<bpmn:documentation>" + b"ha " * 100_000 + b"</bpmn:documentation></bpmn:userTask>"),
    "a condition that fills a chapter": GOOD.replace(b'name="reply_customer"', b'name="reply_customer" camunda:assignee="${' + b"a + " * 5_000 + b'a}"'),
    "an id that fills a page": GOOD.replace(b"reply_customer", b"reply_customer" * 100),
    "a NUL": GOOD.replace(b"reply_customer", b"reply\0customer"),
    "an encoding that lies": b'<?xml version="1.0" encoding="UTF-8"?>' + "<a b='答'/>".encode("gbk"),
    "an encoding that is none": b'<?xml version="1.0" encoding="klingon"?><a/>',
    "a web page": b"<html><body>Sign in</body></html>",
    "another namespace": GOOD.replace(b"20100524", b"20300524"),
    "a decision table": b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
    "a bare process": b'<process xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
    "too many nodes": definitions(process("".join(task(f"t{number}") for number in range(1_600)))),
}  # fmt: skip


@pytest.mark.parametrize("content", ATTACKS.values(), ids=ATTACKS.keys())
def test_it_is_refused_at_once_and_names_the_file(content):
    began = time.process_time()

    with pytest.raises(DiagramError) as refused:
        read_diagram(content, "complaint.bpmn")

    assert time.process_time() - began < 2
    finding = refused.value.finding
    assert finding.file == "complaint.bpmn"
    assert finding.severity == "error"
    assert refused.value.en.startswith("complaint.bpmn")
    assert finding.reason["zh"]
    assert "root:" not in refused.value.en


def test_the_line_of_a_slip_is_named():
    broken = definitions(process(line(task()))).replace(b"</bpmn:userTask>", b"</bpmn:usertask>")

    with pytest.raises(DiagramError) as refused:
        read_diagram(broken, "complaint.bpmn")

    assert refused.value.finding.line is not None
    assert refused.value.en.startswith(f"complaint.bpmn:{refused.value.finding.line}: ")


@pytest.mark.parametrize(("attribute", "said"), [("id", "userTask id"), ("name", "userTask name")])
def test_what_is_too_long_is_named_with_its_line(attribute, said):
    long = GOOD.replace(
        b'<bpmn:userTask id="reply_customer" name="reply_customer"',
        f'<bpmn:userTask {attribute}="{"x" * 20_000}"'.encode(),
    )

    with pytest.raises(DiagramError) as refused:
        parse_xml(long, "complaint.bpmn")

    assert said in refused.value.en
    assert refused.value.finding.line == 7


def test_processing_instructions_and_inclusions_are_left_alone():
    content = GOOD.replace(
        b"<bpmn:process",
        b'<?php echo 1 ?><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/><bpmn:process',
    )

    root = parse_xml(content, "complaint.bpmn")

    assert "root:" not in "".join(root.itertext())
    assert read_diagram(content, "complaint.bpmn").processes[0].id == "answer_complaint"


def test_the_largest_diagram_is_linted_in_a_moment():
    keys = [f"task_{number}" for number in range(1_000)]
    joins = [f"join_{number}" for number in range(200)]
    drawn = (
        start()
        + "".join(task(key) for key in keys)
        + "".join(node("parallelGateway", key) for key in joins)
        + end()
    )
    path = ["received", *keys, *joins, "closed"]
    drawn += flows(
        *(f"{a}>{b}" for a, b in itertools.pairwise(path)),
        *(f"{keys[number]}>{joins[number]}" for number in range(200)),
    )
    began = time.process_time()

    findings = lint(drawn)

    assert time.process_time() - began < 3
    assert findings == []


def test_a_large_circle_is_linted_in_a_moment_and_without_recursion():
    keys = [f"task_{number}" for number in range(1_400)]
    drawn = start() + "".join(task(key) for key in keys) + end()
    path = ["received", *keys, keys[0]]
    drawn += flows(*(f"{a}>{b}" for a, b in itertools.pairwise(path)))
    began = time.process_time()

    findings = lint(drawn)

    assert time.process_time() - began < 3
    assert {one.rule for one in findings} == {"loop-without-exit", "unreachable"}


def test_a_long_chain_of_calls_is_followed_without_recursion_trouble():
    chain = [
        process(
            node("startEvent", f"s{number}") + node("callActivity", f"c{number}", attributes=f'calledElement="p{number + 1}"') + node("endEvent", f"e{number}")
            + flows(f"s{number}>c{number}", f"c{number}>e{number}"),
            key=f"p{number}",
        )
        for number in range(400)
    ]  # fmt: skip
    diagrams = [
        read_diagram(
            f"{HEAD}{''.join(chain[first : first + 40])}</bpmn:definitions>".encode(), f"{first}.bpmn"
        )
        for first in range(0, 400, 40)
    ]
    began = time.process_time()

    findings = lint_diagrams(diagrams, LintContext())

    assert time.process_time() - began < 3
    assert [one.element_id for one in findings if one.rule == "unknown-call"] == ["c399"]

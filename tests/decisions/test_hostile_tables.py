"""Table files that mean harm: each is answered at once, opens nothing, and is refused or read for what it is."""

import os
import resource
import time

import pytest
from tables import NAMESPACE, dmn, table

from engine.decisions import DecisionError, analyse, read_decisions

SOUND = dmn(["x:string"], ["y"], ['"a" | 1'])
MOST_SECONDS = 2  # of processor time
MOST_MEMORY = 256_000  # kilobytes above what the tests hold already


def _bomb(levels: int) -> str:
    entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(levels))
    return f'<!DOCTYPE d [<!ENTITY e0 "ha">{entities}]>'


def _cell(text: str) -> bytes:
    return dmn(["x:string"], ["y"], [f"{text} | 1"])


HOSTILE = {
    "entities in a text": f'{_bomb(12)}<definitions xmlns="{NAMESPACE}">&e12;</definitions>'.encode(),
    "entities in an attribute": f'{_bomb(12)}<definitions xmlns="{NAMESPACE}" name="&e12;"/>'.encode(),
    "entities that grow as a square": f'<!DOCTYPE d [<!ENTITY e "{"x" * 50_000}">]><d>{"&e;" * 50_000}</d>'.encode(),
    "an entity in itself": b'<!DOCTYPE d [<!ENTITY e "&e;">]><d>&e;</d>',
    "a file in an entity": b'<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><d>&e;</d>',
    "a file in a parameter entity": b'<!DOCTYPE d [<!ENTITY % e SYSTEM "file:///etc/passwd"> %e;]><d/>',
    "an address in an entity": b'<!DOCTYPE d [<!ENTITY e SYSTEM "http://127.0.0.1:9/x">]><d>&e;</d>',
    "a doctype elsewhere": b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd"><d/>',
    "a doctype in UTF-16": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>'.encode("utf-16"),
    "50 MB": SOUND + b" " * 50_000_000,
    "depth": f'<definitions xmlns="{NAMESPACE}">{"<a>" * 200}{"</a>" * 200}</definitions>'.encode(),
    "depth beyond the parser": b"<a>" * 100_000,
    "empty elements": f'<definitions xmlns="{NAMESPACE}">{"<a/>" * 400_000}</definitions>'.encode(),
    "attributes": ("<d " + " ".join(f'a{n}=""' for n in range(220_000)) + "/>").encode()[:1_999_000],
    "namespaces": ("<d " + " ".join(f'xmlns:a{n}="u"' for n in range(3_000)) + "/>").encode(),
    "a long attribute": SOUND.replace(b'id="choose"', b'id="' + b"x" * 20_000 + b'"'),
    "another encoding than it says": SOUND.replace(b"<definitions", b'<?xml version="1.0" encoding="UTF-8"?><definitions', 1).replace("定级".encode(), b"\xff\xfe"),
    "an unknown encoding": b'<?xml version="1.0" encoding="none-such"?>' + SOUND,
    "a null byte": SOUND.replace(b"choose", b"cho\x00ose"),
    "half a file": SOUND[: len(SOUND) // 2],
    "nothing": b"",
    "no table file": b"PK\x03\x04" + bytes(200),
    "a stylesheet": b'<?xml-stylesheet href="file:///etc/passwd"?><xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>',
    "an inclusion": SOUND.replace(b"<decisionTable", b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/><knowledgeRequirement/><decisionTable'),
    "a program in a cell": _cell("__import__('os').system('touch /tmp/huiyin-was-here')"),
    "a program in an output": dmn(["x"], ["y"], ["- | open('/etc/passwd').read()"]),
    "a program as an input": dmn(["__import__('os')"], ["y"], ["- | 1"]),
    "a program in another language": SOUND.replace(b"<inputEntry", b'<inputEntry expressionLanguage="javascript"'),
    "a long cell": _cell('"a",' * 100_000 + '"a"'),
    "a cell of quotes": _cell('"' * 4_999),
    "a cell of backslashes": _cell('"' + "\\" * 4_997),
    "a cell of brackets": _cell("[" * 4_999),
    "a cell of spaces": _cell('"a"' + " " * 4_900 + "x"),
    "a cell of dots": _cell("a." * 2_400),
    "a list of lists": dmn(["x"], ["y"], ["- | " + "[" * 2_000 + "]" * 2_000]),
    "a number of many digits": dmn(["x:number"], ["y"], ["9" * 4_900 + " | 1"]),
    "a number of many places": dmn(["x:number"], ["y"], ["- | 0." + "9" * 4_900]),
    "a number without end": dmn(["x:number"], ["y"], ["< " + "9" * 59 + " | 1"]),
    "two tables of one id": SOUND.replace(b"</definitions>", SOUND[SOUND.index(b"<decision ") :]),
    "a requirement of itself": dmn(["x"], ["y"], ["- | 1"], extra='<informationRequirement><requiredDecision href="#choose"/></informationRequirement>'),
    "a requirement of nothing": dmn(["x"], ["y"], ["- | 1"], extra='<informationRequirement><requiredDecision href="file:///etc/passwd#x"/></informationRequirement>'),
}  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_it_is_refused_at_once_with_the_file_named(content):
    began, held = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(DecisionError) as refused:
        read_decisions(content, "level.dmn")

    assert refused.value.en.startswith("level.dmn")
    assert "root:" not in refused.value.en
    assert len(refused.value.en) < 600
    assert time.process_time() - began < MOST_SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held < MOST_MEMORY
    assert not os.path.exists("/tmp/huiyin-was-here")


LARGE = {
    "many rules": dmn(["x:number"], ["y"], [f"{n} | {n}" for n in range(3_000)]),
    "many rules, first": dmn(["x:string"], ["y"], [f'"{n}" | {n}' for n in range(2_000)], policy="FIRST"),
    "many rules that say nothing": dmn(["x:number"], ["y"], ["- | 1"] * 3_000),
    "many rules that say nothing, first": dmn(["x:number"], ["y"], ["- | 1"] * 3_000, policy="FIRST"),
    "many intervals": dmn(["x:number"], ["y"], [f"[{n}..{n + 1}[ | {n}" for n in range(250)], policy="FIRST"),
    "many columns": dmn([f"x{n}:number" for n in range(90)], ["y"], [" | ".join([f"{n}"] * 90 + ["1"]) for n in range(80)]),
    "many texts in a cell": dmn(["x:string"], ["y"], [",".join(f'"{n}-{m}"' for m in range(500)) + " | 1" for n in range(60)]),
    "many lists": dmn(["x"], ["y"], [f'list contains(?, "{n}") | 1' for n in range(300)]),
    "many inputs beside each other": dmn([f"x{n}:number" for n in range(40)], ["y"], [" | ".join([f"< x{n + 1}" for n in range(39)] + ["-", "1"])] * 5),
    "overlaps everywhere": dmn(["x:number"], ["y"], [f">= {n} | 1" for n in range(250)]),
}  # fmt: skip


def test_two_rules_for_one_key_are_found_among_thousands():
    keys = [*(f'"{n}"' for n in range(2_000)), '"77"']

    found = analyse(table(["x:string"], ["y"], [f"{key} | 1" for key in keys]))

    assert [(one.rule, one.numbers) for one in found] == [("overlap", (78, 2001)), ("gap", ())]


@pytest.mark.parametrize("content", LARGE.values(), ids=LARGE)
def test_a_table_of_great_size_is_read_and_examined_in_a_moment(content):
    began = time.process_time()

    [read] = read_decisions(content, "level.dmn")
    found = analyse(read)

    assert found  # each of them has gaps or overlaps, or is too large to tell
    assert time.process_time() - began < 3 * MOST_SECONDS

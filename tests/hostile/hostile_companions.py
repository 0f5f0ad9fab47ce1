"""What lies beside a diagram: tables, forms, profiles, texts."""

import json
from collections.abc import Iterator
from typing import Any

from drawn import document, element, end, path, process, start, through, user
from hostile_xml import REFUSED, Given

_DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def companions() -> Iterator[Given]:
    for name, make, more in _tables():
        yield f"table: {name}", lambda make=make: {"hostile.bpmn": _deciding(), "asked.dmn": make()}, more
    for name, make, more in _forms():
        yield (
            f"form: {name}",
            lambda make=make: {"hostile.bpmn": _filling(), "forms/asked.json": make()},
            more,
        )
    for name, make, more in _profiles():
        yield (
            f"profile: {name}",
            lambda make=make: {"hostile.bpmn": _plain(), "profiles/P.toml": make()},
            more,
        )
    for path_, content in _texts().items():
        yield (
            f"text: {path_}",
            lambda path_=path_, content=content: {"hostile.bpmn": _plain(), path_: content},
            {},
        )


def _plain() -> bytes:
    return through(user("work"), keys=["work"])


def _deciding() -> bytes:
    rule = element(
        "businessRuleTask", "decide", camunda_decisionRef="asked", camunda_resultVariable="answer",
        camunda_mapDecisionResult="singleEntry",
    )  # fmt: skip
    return document(process(start(), rule, end(), path("begun", "decide", "over")))


def _filling() -> bytes:
    return through(user("work", camunda_formRef="asked"), keys=["work"])


def _table(
    rules: str, *, policy: str = "UNIQUE", head: str = "", inputs: str = "amount", more: str = ""
) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}\n'
        f'<definitions xmlns="{_DMN}" id="tables" name="tables" namespace="urn:hostile">\n'
        f'<decision id="asked" name="asked"><decisionTable id="table" hitPolicy="{policy}"{more}>\n'
        f'<input id="i"><inputExpression id="ie" typeRef="number"><text>{inputs}</text></inputExpression></input>\n'
        f'<output id="o" name="answer" typeRef="string"/>\n{rules}\n</decisionTable></decision></definitions>'
    ).encode()


def _rule(test: str, answer: str = '"yes"', key: str = "r") -> str:
    return (
        f'<rule id="{key}"><inputEntry id="{key}i"><text>{test}</text></inputEntry>'
        f'<outputEntry id="{key}o"><text>{answer}</text></outputEntry></rule>'
    )


def _tables() -> Iterator[tuple[str, Any, Any]]:
    yield "an entity", lambda: _table(_rule("&a;"), head='<!DOCTYPE x [<!ENTITY a "1">]>'), REFUSED
    yield (
        "a file",
        lambda: _table(_rule("&a;"), head='<!DOCTYPE x [<!ENTITY a SYSTEM "file://@secret@">]>'),
        REFUSED,
    )
    for name, cell in {
        "a command": "__import__('os').system('touch @canary@')",
        "a loop of FEEL": "for i in 1..1000000000 return i",
        "a function of FEEL": "function() external {}",
        "a range without end": "[1..",
        "a number beyond all": "1e999",
        "a power": "9 ** 9 ** 9",
        "10,000 brackets": "(" * 10_000 + "1" + ")" * 10_000,
        "10,000 nots": "not(" * 10_000 + "1" + ")" * 10_000,
        "a megabyte of numbers": ",".join(["1"] * 250_000),
    }.items():
        yield name, lambda cell=cell: _table(_rule(cell)), REFUSED if name != "a megabyte of numbers" else {}
    yield "a hostile output", lambda: _table(_rule("1", "__import__('os')")), REFUSED
    yield "a hostile input", lambda: _table(_rule("1"), inputs="__import__('os').system('true')"), REFUSED
    yield "a hit policy that is none", lambda: _table(_rule("1"), policy="EVERY"), REFUSED
    yield (
        "5,000 rules",
        lambda: _table("".join(_rule(f"[{n}..{n + 2}]", key=f"r{n}") for n in range(5_000))),
        {},
    )
    yield "a rule twice", lambda: _table(_rule("1") + _rule("2")), {}
    yield "no table", lambda: b"<definitions/>", REFUSED
    yield "100,000 deep", lambda: b"<a>" * 100_000, REFUSED
    yield "NULs", lambda: b"\0" * 1_000, REFUSED


def _form(**fields: Any) -> bytes:
    return json.dumps(
        {"$id": "asked", "type": "object", "x-title": {"zh": "问", "en": "Ask"}, "properties": fields}
    ).encode()


def _forms() -> Iterator[tuple[str, Any, Any]]:
    text = {"type": "string", "x-label": {"zh": "文", "en": "Text"}}
    yield "100,000 deep", lambda: b"[" * 100_000, REFUSED
    yield "100,000 deep and closed", lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, REFUSED
    yield "no JSON", lambda: b"<form/>", REFUSED
    yield "half a character", lambda: b'{"$id": "\xe4\xb8"}', REFUSED
    yield "not a number", lambda: b'{"$id": "asked", "a": NaN}', REFUSED
    yield "a list", lambda: b"[1, 2, 3]", REFUSED
    yield "a pattern that explodes", lambda: _form(a={**text, "pattern": "^(a+)+$"}), REFUSED
    yield "another pattern that explodes", lambda: _form(a={**text, "pattern": "(a|a)*b"}), REFUSED
    yield "a pattern of many repeats", lambda: _form(a={**text, "pattern": "a*" * 50 + "b"}), REFUSED
    yield "a reference to the web", lambda: _form(a={"$ref": "http://127.0.0.1:@port@/a.json"}), REFUSED
    yield "a reference to a file", lambda: _form(a={"$ref": "file://@secret@"}), REFUSED
    yield "a reference to itself", lambda: _form(a={"$ref": "#"}), REFUSED
    yield "a number of a megabyte", lambda: b'{"$id": "asked", "a": ' + b"9" * 1_000_000 + b"}", {}
    yield "5,000 fields", lambda: _form(**{f"f{n}": text for n in range(5_000)}), {}
    yield "names of Python", lambda: _form(**{"__class__": text, "__proto__": text}), {}
    yield (
        "a default that is code",
        lambda: _form(a={**text, "default": "{{ ''.__class__ }}${__import__('os')}"}),
        {},
    )


def _profile(more: str) -> bytes:
    head = 'id = "P"\nfamily = "hostile"\nprocess = "hostile"\ncalendar = "cn"\n'
    return (head + more).encode()


def _profiles() -> Iterator[tuple[str, Any, Any]]:
    yield "lists in lists", lambda: _profile("x = " + "[" * 50_000 + "]" * 50_000), REFUSED
    yield "tables in tables", lambda: _profile("[" + ".".join(["a"] * 20_000) + "]\nb = 1"), REFUSED
    yield "many dotted keys", lambda: _profile("\n".join(f"[a.b{n}.c]" for n in range(5_000))), REFUSED
    yield "not TOML", lambda: _profile("= ="), REFUSED
    yield "half a character", lambda: b'id = "\xe4\xb8"', REFUSED
    yield (
        "a format that reads",
        lambda: _profile('[numbering]\npattern = "{year.__class__}-{number}"'),
        REFUSED,
    )
    yield (
        "a format that fills memory",
        lambda: _profile('[numbering]\npattern = "{year}-{number:0999999999d}"'),
        REFUSED,
    )
    yield "a calendar outside", lambda: _profile("").replace(b'"cn"', b'"../../../../etc"'), REFUSED
    yield (
        "a limit of many days",
        lambda: _profile('[limits.handle]\nid = "T"\nvalue = "999999999999 WD"'),
        REFUSED,
    )
    yield (
        "a limit that is code",
        lambda: _profile('[limits.handle]\nid = "T"\nvalue = "${__import__(\'os\')}"'),
        REFUSED,
    )
    yield "a number of 5,000 digits", lambda: _profile("x = " + "9" * 5_000), REFUSED


def _texts() -> dict[str, bytes]:
    return {
        "texts/zh/due_soon.md": b"{{ ''.__class__.__mro__ }} {% for x in range(1000000000) %}x{% endfor %}",
        "texts/zh/overdue.md": b"{% include '/etc/passwd' %}",
        "texts/en/overdue.md": b"\xff\xfe\x00",
        "labels/en.json": b"[" * 100_000,
        "labels/../../outside.json": b"{}",
        "scenarios/story.toml": b"= =",
        "run.py": b"raise SystemExit",
        "conftest.py": b"raise SystemExit",
    }

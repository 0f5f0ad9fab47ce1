"""Files that attack whoever parses them: entities, DTDs, sizes, encodings."""

import gzip
from collections.abc import Iterator, Mapping
from typing import Any

from drawn import document, element, end, path, process, start, through, user

MEGABYTE = 1_000_000
Given = tuple[str, Any, Mapping[str, Any]]
REFUSED = {"is_refused": True}


def xml_files() -> Iterator[Given]:
    for name, make in _refused().items():
        yield f"xml: {name}", lambda make=make: {"hostile.bpmn": make()}, REFUSED
    for name, make in _allowed().items():
        yield f"xml: {name}", lambda make=make: {"hostile.bpmn": make()}, {}
    for name, make in _large().items():
        yield f"xml: {name}", lambda make=make: {"hostile.bpmn": make()}, REFUSED | {"cpu_seconds": 5.0}


def _doctype(inner: str, use: str = "&a;") -> bytes:
    return document(
        process(start(), end(), path("begun", "over")), doctype=f"<!DOCTYPE definitions {inner}>"
    ).replace(b'name="begun"', f'name="{use}"'.encode())


def _text_entity(inner: str, use: str) -> bytes:
    """The entity where external ones are allowed: in the content of an element."""
    return document(
        process(start("begun", f"<documentation>{use}</documentation>"), end(), path("begun", "over")),
        doctype=f"<!DOCTYPE definitions {inner}>",
    )


def _laughs() -> bytes:
    lines = ['<!ENTITY a0 "ha">'] + [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)]
    return _doctype(f"[{''.join(lines)}]", "&a11;")


def _refused() -> dict[str, Any]:
    big = "x" * 100_000
    sound = through(user("work"), keys=["work"])
    return {
        "an entity": lambda: _doctype('[<!ENTITY a "b">]'),
        "a billion laughs": _laughs,
        "laughs in a text": lambda: _text_entity(
            "[" + '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + "]",
            "&a11;",
        ),
        "quadratic growth": lambda: _doctype(f'[<!ENTITY a "{big}">]', "&a;" * 10_000),
        "an entity that names itself": lambda: _doctype('[<!ENTITY a "&a;">]'),
        "an external entity of a file": lambda: _text_entity('[<!ENTITY a SYSTEM "file://@secret@">]', "&a;"),
        "an external entity by a bare path": lambda: _text_entity('[<!ENTITY a SYSTEM "@secret@">]', "&a;"),
        "an external entity of the web": lambda: _text_entity('[<!ENTITY a SYSTEM "http://127.0.0.1:@port@/a">]', "&a;"),
        "an external DTD of a file": lambda: _doctype('SYSTEM "file://@secret@"', "b"),
        "an external DTD of the web": lambda: _doctype('SYSTEM "http://127.0.0.1:@port@/a.dtd"', "b"),
        "a public DTD": lambda: _doctype('PUBLIC "-//X//Y//EN" "http://127.0.0.1:@port@/a.dtd"', "b"),
        "a parameter entity": lambda: _doctype('[<!ENTITY % p SYSTEM "file://@secret@"> %p;]', "b"),
        "attributes from a DTD": lambda: _doctype('[<!ATTLIST process isExecutable CDATA "true">]', "b"),
        "100,000 elements deep": lambda: b"<a>" * 100_000 + b"</a>" * 100_000,
        "100,000 elements deep, never closed": lambda: b"<a>" * 100_000,
        "a diagram 100,000 deep": lambda: document("<subProcess>" * 100_000 + "</subProcess>" * 100_000),
        "60,000 elements": lambda: document(process(start(), *["<task/>"] * 60_000, end())),
        "5 MB and a little more": lambda: sound + b" " * 5 * MEGABYTE,
        "Latin-1 that says UTF-8": lambda: sound.replace(b'name="work"', 'name="Größe"'.encode("latin-1")),
        "an encoding that is none": lambda: sound.replace(b"UTF-8", b"UTF-99"),
        "half a UTF-8 character": lambda: sound.replace(b'name="work"', b'name="\xe4\xb8"'),
        "a surrogate in UTF-8": lambda: sound.replace(b'name="work"', b'name="\xed\xa0\x80"'),
        "a NUL in a name": lambda: sound.replace(b'name="work"', b'name="wo\0rk"'),
        "a NUL as a reference": lambda: sound.replace(b'name="work"', b'name="&#0;"'),
        "NULs only": lambda: b"\0" * 100_000,
        "nothing": lambda: b"",
        "only a byte order mark": lambda: b"\xef\xbb\xbf",
        "white space": lambda: b" \n" * 10_000,
        "compressed": lambda: gzip.compress(sound),
        "a page of the web": lambda: b"<!doctype html><html><script>alert(1)</script></html>",
        "JSON": lambda: b'{"definitions": {}}',
        "the first half": lambda: sound[: len(sound) // 2],
        "two roots": lambda: sound + sound.split(b"?>", 1)[1],
        "another root": lambda: sound.replace(b"definitions", b"diagram"),
        "another namespace": lambda: sound.replace(b"20100524", b"19990101"),
        "an attribute twice": lambda: sound.replace(b'id="work"', b'id="work" id="work"'),
        "a prefix without namespace": lambda: sound.replace(b'id="work"', b'id="work" zeebe:topic="x"'),
    }  # fmt: skip


def _allowed() -> dict[str, Any]:
    """Odd, and perhaps refused; what counts is that it is harmless and quick."""
    sound = through(user("work"), keys=["work"])
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="@secret@" parse="text"/>'
    return {
        "UTF-16 that says UTF-8": lambda: sound.decode().encode("utf-16"),
        "UTF-7": lambda: sound.replace(b"UTF-8", b"UTF-7").replace(b"<process", b"+ADw-process"),
        "XInclude of a file": lambda: through(
            user("work", f"<documentation>{include}</documentation>"), keys=["work"]
        ),
        "a style sheet": lambda: sound.replace(
            b"?>", b'?><?xml-stylesheet type="text/xsl" href="file://@secret@"?>', 1
        ),
        "a schema from the web": lambda: document(
            process(start(), end(), path("begun", "over")),
            more=' xsi:schemaLocation="http://www.omg.org/spec/BPMN/20100524/MODEL http://127.0.0.1:@port@/a.xsd"',
        ),
        "an import of a file": lambda: document(
            '<import importType="http://www.w3.org/2001/XMLSchema" location="file://@secret@" namespace="urn:a"/>',
            process(start(), end(), path("begun", "over")),
        ),
        "an import from the web": lambda: document(
            '<import importType="http://schemas.xmlsoap.org/wsdl/" location="http://127.0.0.1:@port@/a.wsdl" namespace="a"/>',
            process(start(), end(), path("begun", "over")),
        ),
        "a name of 4 MB": lambda: through(user("work"), keys=["work"]).replace(
            b'name="work"', b'name="' + b"w" * 4 * MEGABYTE + b'"'
        ),
        "a text of 4 MB": lambda: through(
            user("work", f"<documentation>{'w' * 4 * MEGABYTE}</documentation>"), keys=["work"]
        ),
        "a comment of 4 MB": lambda: sound.replace(b"<userTask", b"<!--" + b"c" * 4 * MEGABYTE + b"--><userTask"),
        "4 MB of small comments": lambda: sound.replace(b"<userTask", b"<!---->" * 570_000 + b"<userTask"),
        "4 MB of character references": lambda: sound.replace(b'name="work"', b'name="' + b"&#x4e2d;" * 500_000 + b'"'),
        "100,000 calls": lambda: document(
            process(start(), *(f'<callActivity calledElement="x{n}"/>' for n in range(100_000)), end())
        ),
        "50,000 attributes": lambda: through(user("work"), keys=["work"]).replace(
            b"<userTask", b"<userTask " + b" ".join(b'a%d="1"' % n for n in range(50_000))
        ),
        "20,000 namespaces": lambda: sound.replace(
            b"<userTask", b"<userTask " + b" ".join(b'xmlns:n%d="urn:%d"' % (n, n) for n in range(20_000))
        ),
        "40,000 elements": lambda: document(
            process(start(), *(element("task", f"t{n}") for n in range(40_000)), end(), path("begun", "over"))
        ),
        "90 sub-processes in one another": lambda: through(
            "".join(f'<subProcess id="s{n}">' for n in range(90)) + "</subProcess>" * 90, keys=["s0"]
        ),
        "honest UTF-16": lambda: sound.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        "honest GB18030": lambda: sound.decode().replace("UTF-8", "GB18030").encode("gb18030"),
    }  # fmt: skip


def _large() -> dict[str, Any]:
    return {
        "50 MB of spaces": lambda: through(user("work"), keys=["work"]) + b" " * 50 * MEGABYTE,
        "50 MB of elements": lambda: b"<definitions>" + b"<task/>" * (50 * MEGABYTE // 7) + b"</definitions>",
        "50 MB of depth": lambda: b"<a>" * (50 * MEGABYTE // 3),
    }

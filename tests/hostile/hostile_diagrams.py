"""Diagrams that are no diagrams, or that would run for ever."""

from collections.abc import Iterator
from typing import Any

from drawn import (
    calculating,
    document,
    element,
    end,
    flow,
    path,
    pausing,
    process,
    reminding,
    repeating,
    script,
    start,
    through,
    user,
)
from hostile_xml import REFUSED, Given


def diagrams() -> Iterator[Given]:
    for group, inputs in (
        ("shape", _broken()),
        ("endless", _endless()),
        ("many", _many()),
        ("time", _times()),
    ):
        for name, (make, more) in inputs.items():
            yield f"{group}: {name}", lambda make=make: {"hostile.bpmn": make()}, more


def _at(key: str) -> dict[str, Any]:
    return REFUSED | {"at": key}


def _event(kind: str, ref: str = "") -> str:
    written = f' {kind}Ref="{ref}"' if ref else ""
    return f"<{kind}EventDefinition{written}/>"


def _broken() -> dict[str, Any]:
    sound = process(start(), user("work"), end(), path("begun", "work", "over"))
    return {
        "an id twice": (lambda: through(user("work"), user("work"), keys=["work"]), _at("work")),
        "an id in two processes": (
            lambda: document(sound, sound.replace('process id="hostile"', 'process id="second"')), _at("work")),
        "a process twice": (lambda: document(sound, sound), _at("hostile")),
        "a flow to nowhere": (lambda: document(process(start(), end(), flow("begun", "gone"))), _at("begun_to_gone")),
        "a flow from nowhere": (
            lambda: document(process(start(), end(), path("begun", "over"), flow("gone", "over"))), _at("gone_to_over")),
        "a flow without ends": (
            lambda: document(process(start(), end(), path("begun", "over"), '<sequenceFlow id="loose"/>')), _at("loose")),
        "a flow to itself": (lambda: document(process(start(), user("work"), end(), path("begun", "work", "work", "over"))), {}),
        "a message that is none": (
            lambda: through(element("intermediateCatchEvent", "hear", _event("message", "gone")), keys=["hear"]), _at("hear")),
        "an error that is none": (
            lambda: document(process(start(), end("over", _event("error", "gone")), path("begun", "over"))), _at("over")),
        "a signal that is none": (
            lambda: document(process(start(), end("over", _event("signal", "gone")), path("begun", "over"))), _at("over")),
        "an escalation that is none": (
            lambda: document(process(start(), end("over", _event("escalation", "gone")), path("begun", "over"))), _at("over")),
        "a boundary event on nothing": (
            lambda: document(process(
                start(), user("work"), end(), path("begun", "work", "over"),
                element("boundaryEvent", "edge", "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>",
                        attachedToRef="gone"), flow("edge", "over"))), _at("edge")),
        "a default that is none": (
            lambda: document(process(
                start(), element("exclusiveGateway", "choose", default="gone"), end(), end("other"),
                flow("begun", "choose"), flow("choose", "over"), flow("choose", "other"))), _at("choose")),
        "a lane of nothing": (
            lambda: document(process(
                start(), end(), path("begun", "over"),
                '<laneSet id="lanes"><lane id="lane"><flowNodeRef>gone</flowNodeRef></lane></laneSet>')), {}),
        "a data object that is none, in a sub-process": (
            lambda: through(element(
                "subProcess", "inner", start("in") + '<dataObjectReference id="data" dataObjectRef="gone"/>'
                + user("deep", '<dataInputAssociation id="reads"><sourceRef>data</sourceRef><targetRef>x</targetRef></dataInputAssociation>')
                + end("out") + path("in", "deep", "out")), keys=["inner"]), {}),
        "a link to nowhere": (
            lambda: document(process(
                start(), element("intermediateThrowEvent", "jump", '<linkEventDefinition name="gone"/>'), path("begun", "jump"))),
            _at("jump")),
        "an empty process": (lambda: document(process()), REFUSED),
        "no process": (lambda: document(), REFUSED),
        "500 starts": (
            lambda: document(process(*(start(f"s{n}") for n in range(500)), end(), *(flow(f"s{n}", "over") for n in range(500)))), {}),
        "an id of a megabyte": (lambda: through(user("w" * 1_000_000), keys=["w" * 1_000_000]), {}),
        "an id that climbs out of folders": (lambda: through(user("../../../../etc/passwd"), keys=["../../../../etc/passwd"]), {}),
        "a process id that climbs out of folders": (
            lambda: document(process(start(), end(), path("begun", "over"), key="../../../tmp/x")), {}),
        "ids of Python's own": (lambda: through(user("__class__"), user("__init__"), keys=["__class__", "__init__"]), {}),
        "ids of the engine": (lambda: through(user("Start"), user("End"), user("Root"), keys=["Start", "End", "Root"]), {}),
        "an id like one that is made": (lambda: through(user("work.split.made"), keys=["work.split.made"]), {}),
        "formats in names": (
            lambda: through(user("work"), keys=["work"]).replace(b'name="work"', b'name="%s%n{0.__class__}{x}"'), {}),
        "a terminal's commands in a name": (
            lambda: through(user("work"), keys=["work"]).replace(b'name="work"', b'name="&#x9b;31m&#x202e;"'), {}),
        "markup in a name": (
            lambda: through(user("work"), keys=["work"]).replace(b'name="work"', b'name="&lt;script&gt;alert(1)&lt;/script&gt;"'), {}),
    }  # fmt: skip


def _loop(*work: str, keys: tuple[str, ...], condition: str = "${1 == 1}") -> bytes:
    """Around for ever: the way out is never taken."""
    return document(
        process(
            start(), element("exclusiveGateway", "again"), *work, element("exclusiveGateway", "enough", default="out"), end(),
            path("begun", "again", *keys, "enough"), flow("enough", "over", key="out"),
            flow("enough", "again", condition, key="back"),
        )
    )  # fmt: skip


def _caught_and_thrown(kind: str) -> bytes:
    """Each process is started by what the other one sends at its end."""
    root = "".join(f'<{kind} id="{kind}_{name}" name="{name}"/>' for name in ("ping", "pong"))

    def one(key: str, hears: str, says: str) -> str:
        return process(
            start(f"{key}_begun", _event(kind, f"{kind}_{hears}")),
            end(f"{key}_over", _event(kind, f"{kind}_{says}")),
            path(f"{key}_begun", f"{key}_over"),
            key=key,
        )

    first = process(start(), end("over", _event(kind, f"{kind}_ping")), path("begun", "over"))
    return document(first, one("second", "ping", "pong"), one("third", "pong", "ping"), roots=root)


def _call(key: str, called: str) -> str:
    inside = '<extensionElements><camunda:in variables="all"/></extensionElements>'
    return element("callActivity", key, inside, calledElement=called)


def _calling(key: str, called: str) -> str:
    return process(
        start(f"{key}_begun"), _call(f"{key}_call", called), end(f"{key}_over"),
        path(f"{key}_begun", f"{key}_call", f"{key}_over"), key=key,
    )  # fmt: skip


def _endless() -> dict[str, Any]:
    wait = "<timerEventDefinition><timeDuration>PT{}S</timeDuration></timerEventDefinition>"
    return {
        "gateways only": (
            lambda: document(process(
                start(), element("exclusiveGateway", "one"), element("exclusiveGateway", "two"), end(),
                path("begun", "one", "two", "one"))), REFUSED),
        "gateways with a way out": (lambda: _loop(keys=()), REFUSED),
        "a script": (lambda: _loop(script("count", "n = coalesce(n, 0) + 1"), keys=("count",)), REFUSED),
        "a script that doubles a text": (
            lambda: _loop(script("grow", 'text = coalesce(text, "ha") + coalesce(text, "ha")'), keys=("grow",)), REFUSED),
        "a script that doubles a list": (
            lambda: _loop(script("grow", "all = [coalesce(all, 1), coalesce(all, 1)]"), keys=("grow",)), REFUSED),
        "a number that squares itself": (
            lambda: _loop(script("grow", "n = coalesce(n, 3) * coalesce(n, 3)"), keys=("grow",)), REFUSED),
        "user tasks": (lambda: _loop(user("work"), keys=("work",)), REFUSED),
        "service tasks": (
            lambda: _loop(element("serviceTask", "work", camunda_type="external", camunda_topic="x"), keys=("work",)), REFUSED),
        "timers of no length": (
            lambda: _loop(element("intermediateCatchEvent", "pause", wait.format(0)), keys=("pause",)), REFUSED),
        "timers of a second": (
            lambda: _loop(element("intermediateCatchEvent", "pause", wait.format(1)), keys=("pause",)), REFUSED),
        "a task that leads to itself": (
            lambda: document(process(start(), user("work"), path("begun", "work", "work"))), {}),
        "a script that leads to itself": (
            lambda: document(process(start(), script("work", "n = 1"), path("begun", "work", "work"))), {}),
        "a process that calls itself": (lambda: document(_calling("hostile", "hostile")), _at("hostile_call")),
        "two processes that call each other": (
            lambda: document(_calling("hostile", "second"), _calling("second", "hostile")), REFUSED),
        "three processes that call each other": (
            lambda: document(_calling("hostile", "b"), _calling("b", "c"), _calling("c", "hostile")), REFUSED),
        "a call that an expression names": (
            lambda: document(_calling("hostile", '${"hostile"}')), REFUSED),
        "messages that answer each other": (lambda: _caught_and_thrown("message"), {}),
        "signals that answer each other": (lambda: _caught_and_thrown("signal"), {}),
        "a signal that its own process is started by": (
            lambda: document(
                process(start("begun"), end("over", _event("signal", "again")), path("begun", "over")),
                process(start("b"), end("o", _event("signal", "again")), path("b", "o"), key="second").replace(
                    "</startEvent>", _event("signal", "again") + "</startEvent>"),
                roots='<signal id="again" name="again"/>'), {}),
        "an error that its catcher throws again": (
            lambda: document(
                process(
                    start(),
                    element("subProcess", "inner", start("in") + end("bad", _event("error", "e")) + path("in", "bad")),
                    element("boundaryEvent", "caught", _event("error", "e"), attachedToRef="inner"),
                    end(), path("begun", "inner", "over"), flow("caught", "inner")),
                roots='<error id="e" name="e" errorCode="e"/>'), {}),
    }  # fmt: skip


def _split_again(levels: int) -> bytes:
    """Each level takes both ways and lets both through: twice the tokens each time."""
    drawn, last = [], "begun"
    for n in range(levels):
        split, merge = f"split{n}", f"merge{n}"
        drawn += [
            element("parallelGateway", split), element("exclusiveGateway", merge), path(last, split),
            element("task", f"one{n}"), path(split, f"one{n}", merge),
            element("task", f"two{n}"), path(split, f"two{n}", merge),
        ]  # fmt: skip
        last = merge
    return document(process(start(), *drawn, user("work"), end(), path(last, "work", "over")))


def _digraph(kind: str, nodes: int) -> bytes:
    keys = [f"g{n}" for n in range(nodes)]
    flows = [
        flow(a, b, "${1 == 2}" if kind != "parallelGateway" else "") for a in keys for b in keys if a != b
    ]
    drawn = [
        element(kind, key, default=f"{key}_out") if kind != "parallelGateway" else element(kind, key)
        for key in keys
    ]
    outs = [flow(key, "over", key=f"{key}_out") for key in keys]
    return document(process(start(), *drawn, end(), flow("begun", "g0"), *flows, *outs))


def _ladder(levels: int, kind: str) -> bytes:
    """Two rails with rungs: 2**levels ways from top to bottom."""
    drawn, flows = [], [flow("begun", "a0")]
    for n in range(levels):
        for rail in "ab":
            drawn.append(element(kind, f"{rail}{n}", default=f"{rail}{n}_first"))
            if n + 1 < levels:
                flows += [
                    flow(f"{rail}{n}", f"a{n + 1}", key=f"{rail}{n}_first"),
                    flow(f"{rail}{n}", f"b{n + 1}", "${1 == 1}", key=f"{rail}{n}_second"),
                ]
            else:
                flows.append(flow(f"{rail}{n}", "over", key=f"{rail}{n}_first"))
    drawn = [one for one in drawn if 'id="b0"' not in one]
    flows = [one for one in flows if 'sourceRef="b0"' not in one]
    return document(process(start(), *drawn, end(), *flows))


def _chain(kind: Any, length: int) -> bytes:
    keys = [f"t{n}" for n in range(length)]
    return through(*(kind(key) for key in keys), keys=keys)


def _many() -> dict[str, Any]:
    def assign(key: str) -> str:
        return script(key, "n = 1")

    return {
        "2,000 scripts in a row": (lambda: _chain(assign, 2_000), {}),
        "400 scripts in a row": (lambda: _chain(assign, 400), {}),
        "8,000 tasks in a row": (lambda: _chain(lambda key: element("task", key), 8_000), {}),
        "1,000 user tasks in a row": (lambda: _chain(user, 1_000), {}),
        "8 splits, each taken by all": (lambda: _split_again(8), {}),
        "30 splits, each taken by all": (lambda: _split_again(30), REFUSED),
        "a fan of 2,000 branches": (
            lambda: document(process(
                start(), element("parallelGateway", "split"), end(), flow("begun", "split"),
                *(user(f"t{n}") + flow("split", f"t{n}") + flow(f"t{n}", "over") for n in range(2_000)))), REFUSED),
        "50 exclusive gateways, all connected": (lambda: _digraph("exclusiveGateway", 50), {}),
        "40 inclusive gateways, all connected": (lambda: _digraph("inclusiveGateway", 40), {}),
        "40 parallel gateways, all connected": (lambda: _digraph("parallelGateway", 40), {}),
        "a ladder of 60 exclusive gateways": (lambda: _ladder(60, "exclusiveGateway"), {}),
        "a ladder of 40 inclusive gateways": (lambda: _ladder(40, "inclusiveGateway"), {}),
        "a call chain of 100 processes": (
            lambda: document(*(_calling(f"p{n}", f"p{n + 1}") for n in range(100)),
                             process(start("z"), end("zz"), path("z", "zz"), key="p100")), {}),
        "300 boundary events on one task": (
            lambda: document(process(
                start(), user("work"), end(), path("begun", "work", "over"),
                *(element("boundaryEvent", f"b{n}", "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>",
                          attachedToRef="work", cancelActivity="false") + end(f"e{n}") + flow(f"b{n}", f"e{n}") for n in range(300)))),
            {}),
        "a thousand million iterations": (lambda: repeating("1000000000"), REFUSED),
        "a thousand million iterations, one by one": (lambda: repeating("1000000000", in_turn=True), REFUSED),
        "a thousand million scripts": (
            lambda: through(script("work", "n = 1").replace(
                "</scriptTask>", "<multiInstanceLoopCharacteristics><loopCardinality>1000000000</loopCardinality>"
                "</multiInstanceLoopCharacteristics></scriptTask>"), keys=["work"]), REFUSED),
        "minus one iterations": (lambda: repeating("-1", in_turn=True), {}),
        "iterations that an expression counts": (lambda: repeating("${1000000 * 1000000}"), REFUSED),
        "iterations of half a number": (lambda: repeating("${2.5}"), {}),
        "iterations of a text": (lambda: repeating("many"), REFUSED),
        "iterations over a text": (lambda: repeating(collection='${"abc"}', elementVariable="x"), REFUSED),
        "iterations of iterations": (
            lambda: through(element(
                "subProcess", "inner", start("in") + user(
                    "deep", "<multiInstanceLoopCharacteristics><loopCardinality>100</loopCardinality></multiInstanceLoopCharacteristics>")
                + end("out") + path("in", "deep", "out")
                + "<multiInstanceLoopCharacteristics><loopCardinality>100</loopCardinality></multiInstanceLoopCharacteristics>"),
                keys=["inner"]), REFUSED),
        "a hostile completion condition": (
            lambda: repeating("3", more="<completionCondition>__import__('os').system('true')</completionCondition>"), _at("work")),
        "a loop without end": (
            lambda: through(user("work", "<standardLoopCharacteristics/>"), keys=["work"]), {}),
        "a loop whose condition holds for ever": (
            lambda: through(user("work", "<standardLoopCharacteristics><loopCondition>${1 == 1}</loopCondition>"
                                 "</standardLoopCharacteristics>"), keys=["work"]), REFUSED),
        "a loop of a thousand million": (
            lambda: through(user("work", '<standardLoopCharacteristics loopMaximum="1000000000"/>'), keys=["work"]), REFUSED),
    }  # fmt: skip


def _times() -> dict[str, Any]:
    return {
        "R999999999/PT0.001S": (lambda: reminding("R999999999/PT0.001S"), {}),
        "R/PT0S": (lambda: reminding("R/PT0S"), _at("remind")),
        "R/PT1S": (lambda: reminding("R/PT1S"), {}),
        "R-1/PT1S": (lambda: reminding("R-1/PT1S"), _at("remind")),
        "R99999999999999999999/PT1H": (lambda: reminding("R99999999999999999999/PT1H"), {}),
        "many hours": (lambda: pausing("PT99999999999999999999H"), REFUSED),
        "many years": (lambda: pausing("P999999Y"), REFUSED),
        "many working days": (lambda: pausing("999999999 WD"), REFUSED),
        "a hundred years of working days": (lambda: pausing("25000 WD"), {}),
        "a year that no calendar has": (lambda: pausing("99999-01-01T00:00:00Z", "Date"), _at("pause")),
        "the first day": (lambda: pausing("0001-01-01T00:00:00+14:00", "Date"), {}),
        "the last day": (lambda: pausing("9999-12-31T23:59:59-14:00", "Date"), {}),
        "less than nothing": (lambda: pausing("PT-5H"), _at("pause")),
        "cron": (lambda: reminding("* * * * * ?"), _at("remind")),
        "9,000 digits": (lambda: pausing("PT" + "9" * 9_000 + "H"), _at("pause")),
        "a megabyte of digits": (lambda: pausing("PT" + "9" * 1_000_000 + "H"), REFUSED),
        "a megabyte of parts": (lambda: pausing("P" + "1D" * 500_000), REFUSED),
        "Python": (lambda: pausing("__import__('os').system('true')"), _at("pause")),
        "an expression of Python": (lambda: pausing("${__import__('os').system('true')}"), _at("pause")),
        "an expression that is no time": (lambda: pausing("${[1, 2]}"), REFUSED),
        "infinity": (lambda: pausing("PTinfH"), _at("pause")),
        "a number that is none": (lambda: pausing("PTnanS"), _at("pause")),
        "digits of another script": (lambda: pausing("PT\u0665H"), _at("pause")),
    }  # fmt: skip


def deep_script(levels: int) -> bytes:
    return calculating("n = " + "(" * levels + "1" + ")" * levels)

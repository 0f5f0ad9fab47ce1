"""Each kind of event at each place where BPMN or its schema can draw one, as a tiny model with and without its trigger."""

from collections.abc import Iterator

from families import boundary, catch, caught, end, gateway, process, throw, timer, user

from tests.conformance.construct import Case, Construct, case, construct, counter
from tests.conformance.drawing import body, conditional, event_body, link, plain, several, task

HOUR = timer("PT1H")
PARALLEL = "parallel multiple"
DEFINITIONS = {
    "none": "",
    "message": caught("message", "news"),
    "timer": HOUR,
    "conditional": conditional("late = true"),
    "signal": caught("signal", "stop"),
    "error": caught("error", "broken"),
    "escalation": caught("escalation", "broken"),
    "cancel": plain("cancel"),
    "compensation": plain("compensate"),
    "terminate": plain("terminate"),
    "link": link("over"),
    "multiple": caught("signal", "stop") + caught("signal", "halt"),
    PARALLEL: caught("signal", "stop") + caught("signal", "halt"),
    "multiple messages": caught("message", "news") + caught("message", "more"),
}
# What happens outside so that the event comes; the others are thrown by the case itself.
TRIGGERS = {
    "message": ("send news",),
    "timer": ("clock",),
    "conditional": ("ask0 late=true",),
    "signal": ("signal stop",),
    "multiple": ("signal halt",),
    PARALLEL: ("signal halt", "signal stop"),
    "multiple messages": ("send more",),
}
THROWN = ("error", "escalation", "cancel")


def event_rows() -> Iterator[Construct]:
    for kind, event in DEFINITIONS.items():
        yield _start(kind, event)
        for interrupts in (True, False):
            yield _event_sub_process(kind, event, interrupts=interrupts)
        yield _catch(kind, event)
        for interrupts in (True, False):
            yield _boundary(kind, event, interrupts=interrupts)
        yield _throw(kind, event)
        yield _end(kind, event)


def _row(place: str, kind: str, content: str, *cases: Case) -> Construct:
    return construct("events", f"{place}: {kind}", content, *cases)


def _start(kind: str, event: str) -> Construct:
    flow = "begun -> task1 -> done"
    if kind == "none":
        return _row("start", kind, process("main", flow, task("task1")), case("task1 > done"))
    begun = _one("begun", "startEvent", kind, event)
    return _row(
        "start", kind, process("main", flow, begun, task("task1")),
        case("task1 > done", "nobody", *TRIGGERS.get(kind, ())), counter("| nothing begun", "nobody"),
    )  # fmt: skip


def _event_sub_process(kind: str, event: str, *, interrupts: bool) -> Construct:
    told = _one("told", "startEvent", kind, event, f"isInterrupting='{str(interrupts).lower()}'")
    handler = event_body("handler", "told -> task1 -> handled", told, task("task1"))
    place = f"event sub-process, {'interrupting' if interrupts else 'not interrupting'}"
    if kind in THROWN:
        thrown = end("stop", event) if interrupts else throw("stop", event)
        after = "" if interrupts else "; stop -> ask1"
        model = process(
            "main",
            f"begun -> is_stop; is_stop -> stop ? wanted = \"stop\"; is_stop -> ask1; ask1 -> done{after}",
            gateway("is_stop", default="ask1"), user("ask1"), thrown, handler,
        )  # fmt: skip
        came = (
            case("stop > task1 > handled", wanted="stop")
            if interrupts
            else case("task1 > handled > ask1 > done", "ask1", wanted="stop")
        )
        return _row(place, kind, model, came, counter("ask1 > done", "ask1", wanted="go"))
    model = process(
        "main",
        "begun -> split; split -> ask0 -> done0; split -> ask1 -> done1",
        gateway("split", "parallel"),
        user("ask0"),
        user("ask1"),
        handler,
    )
    acts = TRIGGERS.get(kind, ())
    before = "ask0 > done0 > " if kind == "conditional" else ""
    rest = () if interrupts else ("ask1",) if before else ("ask0", "ask1")
    left = "" if interrupts else " > ask1 > done1" if before else " > ask0 > done0 > ask1 > done1"
    both = "ask0 > done0 > ask1 > done1"
    if kind == "conditional":
        came = case(
            "ask0 > task1 > handled" if interrupts else "ask0, done0, task1, handled > ask1 > done1",
            *acts,
            *rest,
            late=False,
        )
        return _row(place, kind, model, came, counter(both, "ask0", "ask1", late=False))
    return _row(
        place, kind, model, case(f"task1 > handled{left}", *acts, *rest), counter(both, "ask0", "ask1")
    )


def _catch(kind: str, event: str) -> Construct:
    wait = _one("wait", "intermediateCatchEvent", kind, event)
    if kind == "link":
        model = process(
            "main",
            "begun -> task2 -> out; wait -> task1 -> done",
            task("task2"),
            throw("out", event),
            wait,
            task("task1"),
        )
        return _row("catch", kind, model, case("task2 > task1 > done"))
    model = process(
        "main", "begun -> split; split -> ask0 -> done0; split -> wait -> task1 -> done",
        gateway("split", "parallel"), user("ask0"), wait, task("task1"),
    )  # fmt: skip
    if kind == "conditional":
        return _row(
            "catch", kind, model, case("ask0, done0, task1, done", "ask0 late=true", late=False),
            counter("ask0 > done0 | waiting", "ask0", late=False),
        )  # fmt: skip
    return _row(
        "catch", kind, model, case("task1 > done > ask0 > done0", *TRIGGERS.get(kind, ()), "ask0"),
        counter("ask0 > done0 | waiting", "ask0"),
    )  # fmt: skip


def _boundary(kind: str, event: str, *, interrupts: bool) -> Construct:
    place = f"boundary, {'interrupting' if interrupts else 'not interrupting'}"
    parallel = " parallelMultiple='true'" if kind == PARALLEL else ""
    sits = boundary("caught", "inner", event, cancels=interrupts).replace(
        " attachedToRef", f"{parallel} attachedToRef"
    )
    flow = "begun -> inner -> done; caught -> task1 -> gone"
    if kind in THROWN:
        thrown = end("stop", event) if interrupts or kind == "cancel" else throw("stop", event)
        after = "" if "endEvent" in thrown else "; stop -> ask1"
        inner = body(
            "inner", f"in -> is_stop; is_stop -> stop ? wanted = \"stop\"; is_stop -> ask1; ask1 -> out{after}",
            gateway("is_stop", default="ask1"), user("ask1"), thrown, kind="transaction" if kind == "cancel" else "subProcess",
        )  # fmt: skip
        came = (
            case("stop > task1 > gone", wanted="stop")
            if interrupts
            else case("task1 > gone > ask1 > out > done", "ask1", wanted="stop")
        )
        return _row(
            place,
            kind,
            process("main", flow, inner, sits, task("task1")),
            came,
            counter("ask1 > out > done", "ask1", wanted="go"),
        )
    inner = body("inner", "in -> ask0 -> ask1 -> out", user("ask0"), user("ask1"))
    model = process("main", flow, inner, sits, task("task1"))
    if kind == "conditional":
        came = case(
            "ask0 > task1 > gone" if interrupts else "ask0 > task1 > gone > ask1 > out > done",
            "ask0 late=true",
            *([] if interrupts else ["ask1"]),
            late=False,
        )
        return _row(place, kind, model, came, counter("ask0 > ask1 > out > done", "ask0", "ask1", late=False))
    stays = "" if interrupts else " > ask0 > ask1 > out > done"
    came = case(f"task1 > gone{stays}", *TRIGGERS.get(kind, ()), *([] if interrupts else ["ask0", "ask1"]))
    return _row(place, kind, model, came, counter("ask0 > ask1 > out > done", "ask0", "ask1"))


HEARS = "begun -> split; split -> wait -> task2 -> heard; split -> ask0 -> tell -> "


def _hearing(kind: str) -> str:
    return catch("wait", DEFINITIONS["message" if "message" in kind else "signal"])


def _throw(kind: str, event: str) -> Construct:
    tell = _one("tell", "intermediateThrowEvent", kind, event)
    if kind in ("message", "signal", "multiple", PARALLEL, "multiple messages"):
        model = process(
            "main",
            f"{HEARS}task1 -> done",
            gateway("split", "parallel"),
            user("ask0"),
            tell,
            task("task1"),
            task("task2"),
            _hearing(kind),
        )
        return _row(
            "throw", kind, model, case("ask0 > task1, done, task2, heard", "ask0"), counter("| waiting")
        )
    if kind in THROWN:
        model = process(
            "main", "begun -> inner -> done; caught -> task2 -> told", body("inner", "in -> tell -> task1 -> out", tell, task("task1")),
            boundary("caught", "inner", event, cancels=False), task("task2"),
        )  # fmt: skip
        return _row("throw", kind, model, case("task2, told, task1, out > done"))
    if kind == "link":
        model = process(
            "main",
            "begun -> task2 -> tell; in -> task1 -> done",
            task("task2"),
            tell,
            catch("in", event),
            task("task1"),
        )
        return _row("throw", kind, model, case("task2 > task1 > done"))
    return _row(
        "throw",
        kind,
        process("main", "begun -> tell -> task1 -> done", tell, task("task1")),
        case("task1 > done"),
    )


def _end(kind: str, event: str) -> Construct:
    tell = _one("tell", "endEvent", kind, event)
    if kind in ("message", "signal", "multiple", PARALLEL, "multiple messages"):
        model = process(
            "main",
            HEARS.removesuffix(" -> "),
            gateway("split", "parallel"),
            user("ask0"),
            tell,
            task("task2"),
            _hearing(kind),
        )
        return _row("end", kind, model, case("ask0 > tell, task2, heard", "ask0"), counter("| waiting"))
    if kind in THROWN:
        model = process(
            "main", "begun -> inner -> done; caught -> task2 -> told",
            body("inner", "in -> task1 -> tell", tell, task("task1"), kind="transaction" if kind == "cancel" else "subProcess"),
            boundary("caught", "inner", event), task("task2"),
        )  # fmt: skip
        return _row("end", kind, model, case("task1 > tell > task2 > told"))
    if kind == "terminate":
        model = process(
            "main",
            "begun -> split; split -> ask0 -> done; split -> ask1 -> tell",
            gateway("split", "parallel"),
            user("ask0"),
            user("ask1"),
            tell,
        )
        return _row("end", kind, model, case("ask1 > tell", "ask1"), counter("ask0 > done | waiting", "ask0"))
    return _row(
        "end", kind, process("main", "begun -> task1 -> tell", tell, task("task1")), case("task1 > tell")
    )


def _one(key: str, tag: str, kind: str, event: str, attributes: str = "") -> str:
    return several(key, tag, event, all_of_them=kind == PARALLEL, attributes=attributes)

"""Events: each kind as start, catch, throw, boundary and end, interrupting or not, alone and in event sub-processes.

Each model has a counter-case in which the trigger does not come.
"""

from families import boundary, catch, caught, end, gateway, process, sub_process, throw, timer, user

from tests.conformance.construct import Group, case, counter
from tests.conformance.drawing import body, conditional, event_body, link, plain, several, start, task

EVENTS = Group("events")
STOPS = 'wanted = "stop"'


def on_inner(event: str, inner: str, *inside: str, cancels: bool = True, kind: str = "subProcess") -> str:
    """begun → inner → task2 → done; the boundary event on inner leads to task1 → gone."""
    return process(
        "main", "begun -> inner -> task2 -> done; caught -> task1 -> gone",
        body("inner", inner, *inside, kind=kind), boundary("caught", "inner", event, cancels=cancels),
        task("task1"), task("task2"),
    )  # fmt: skip


def with_handler(event: str, main: str, *elements: str, interrupts: bool = True) -> str:
    """A process with an event sub-process told → task1 → handled."""
    handler = event_body(
        "handler", "told -> task1 -> handled", start("told", event, interrupts=interrupts), task("task1")
    )
    return process("main", main, *elements, handler)


def choice(yes: str, no: str, *, name: str = "is_stop") -> str:
    return f"begun -> {name}; {name} -> {yes} ? {STOPS}; {name} -> {no}"


IS_STOP = gateway("is_stop", default="ask")
INSIDE_STOP = 'in -> is_stop; is_stop -> stop ? wanted = "stop"; is_stop -> ask -> out'
STOP, GO = {"wanted": "stop"}, {"wanted": "go"}

EVENTS.runs(
    "Cancel_Event",
    on_inner(
        plain("cancel"), INSIDE_STOP, IS_STOP, user("ask"), end("stop", plain("cancel")), kind="transaction"
    ),
    case("stop > task1 > gone", **STOP),
    counter("ask > out > task2 > done", "ask", **GO),
)

COMPENSATED = (
    task("task1")
    + boundary("undo", "task1", plain("compensate"))
    + task("task2", attributes="isForCompensation='true'")
    + "<association id='undone_by' sourceRef='undo' targetRef='task2' associationDirection='One'/>"
)
for name, flow, elements in (
    ("Compensation_BoundaryEvent_SubProcess", "begun -> inner -> stop", (
        body("inner", "in -> task3 -> out", task("task3")), boundary("undo", "inner", plain("compensate")),
        task("task2", attributes="isForCompensation='true'"), end("stop", plain("compensate")),
    )),
    ("Compensation_EndEvent_SubProcess", "begun -> inner -> done", (
        body("inner", "in -> task1 -> stop", COMPENSATED, end("stop", plain("compensate"))),
    )),
    ("Compensation_EndEvent_TopLevel", "begun -> task1 -> stop", (COMPENSATED, end("stop", plain("compensate")))),
    ("Compensation_IntermediateEvent", "begun -> task1 -> stop -> done", (COMPENSATED, throw("stop", plain("compensate")))),
    ("Compensation_StartEvent_EventSubProcess", "begun -> inner -> stop", (
        body("inner", "in -> task1 -> out", task("task1"), event_body("handler", "told -> task2 -> handled", start("told", plain("compensate")), task("task2"))),
        end("stop", plain("compensate")),
    )),
    ("Compensation_TriggeredByCancel", "begun -> inner -> done; caught -> task4 -> gone", (
        body("inner", "in -> task1 -> stop", COMPENSATED, end("stop", plain("cancel")), kind="transaction"),
        boundary("caught", "inner", plain("cancel")), task("task4"),
    )),
):  # fmt: skip
    EVENTS.refused(
        name, "unsupported-element", process("main", flow, *elements), case("task1 > task2 > done")
    )

TWO_ASKED = ("in -> ask1 -> ask2 -> out", user("ask1"), user("ask2"))
LATE = conditional("late = true")
EVENTS.runs(
    "Conditional_BoundaryEvent_SubProcess_Interrupting",
    on_inner(LATE, *TWO_ASKED),
    case("ask1 > task1 > gone", "ask1 late=true", late=False),
    counter("ask1 > ask2 > out > task2 > done", "ask1 late=false", "ask2", late=False),
)
EVENTS.runs(
    "Conditional_BoundaryEvent_SubProcess_NonInterrupting",
    on_inner(LATE, *TWO_ASKED, cancels=False),
    case("ask1 > task1 > gone > ask2 > out > task2 > done", "ask1 late=true", "ask2", late=False),
    counter("ask1 > ask2 > out > task2 > done", "ask1 late=false", "ask2", late=False),
)
EVENTS.runs(
    "Conditional_IntermediateEvent",
    process(
        "main", "begun -> split; split -> ask -> done; split -> wait -> task1 -> gone",
        gateway("split", "parallel"), user("ask"), catch("wait", LATE), task("task1"),
    ),
    case("ask > done, task1, gone", "ask late=true", late=False),
    case("task1 > gone > ask > done", "ask", late=True),
    counter("ask > done | waiting", "ask late=false", late=False),
)  # fmt: skip
EVENTS.runs(
    "Conditional_StartEvent_EventSubProcess_Interrupting",
    with_handler(LATE, "begun -> ask1 -> ask2 -> done", *TWO_ASKED[1:]),
    case("ask1 > task1 > handled", "ask1 late=true", late=False),
    counter("ask1 > ask2 > done", "ask1", "ask2", late=False),
)
EVENTS.runs(
    "Conditional_StartEvent_EventSubProcess_NonInterrupting",
    with_handler(LATE, "begun -> ask1 -> ask2 -> done", *TWO_ASKED[1:], interrupts=False),
    case("ask1 > task1 > handled > ask2 > done", "ask1 late=true", "ask2", late=False),
    counter("ask1 > ask2 > done", "ask1", "ask2", late=False),
)

for event in ("error", "escalation"):
    thrown, Kind = caught(event, "broken"), event.capitalize()
    EVENTS.runs(
        f"{Kind}_BoundaryEvent_SubProcess_Interrupting",
        on_inner(thrown, INSIDE_STOP, IS_STOP, user("ask"), end("stop", thrown)),
        case("stop > task1 > gone", **STOP),
        counter("ask > out > task2 > done", "ask", **GO),
    )
    EVENTS.runs(
        f"{Kind}_StartEvent_EventSubProcess_Interrupting",
        with_handler(
            thrown, "begun -> split; split -> ask2 -> done2; split -> is_stop; " + choice("stop", "ask")[len("begun -> is_stop; "):] + "; ask -> done",
            gateway("split", "parallel"), IS_STOP, user("ask"), user("ask2"), end("stop", thrown),
        ),
        case("stop > task1 > handled", **STOP),
        counter("ask > done > ask2 > done2", "ask", "ask2", **GO),
    )  # fmt: skip
EVENTS.runs(
    "Error_BoundaryEvent_Transaction_Interrupting",
    on_inner(caught("error", "broken"), INSIDE_STOP, IS_STOP, user("ask"), end("stop", caught("error", "broken")), kind="transaction"),
    case("stop > task1 > gone", **STOP),
    counter("ask > out > task2 > done", "ask", **GO),
)  # fmt: skip
# Nobody could catch it: it takes all other branches away, which tells it from a plain end.
ENDS = (
    "begun -> split; split -> ask2 -> done2; split -> ask -> is_stop; is_stop -> stop ? " + STOPS + "; is_stop -> done",
    gateway("split", "parallel"), user("ask"), user("ask2"), gateway("is_stop", default="done"),
)  # fmt: skip
EVENTS.runs(
    "Error_EndEvent_TopLevel",
    process("main", *ENDS, end("stop", caught("error", "broken"))),
    case("ask > stop", "ask", **STOP),
    counter("ask > done > ask2 > done2", "ask", "ask2", **GO),
)
ESCALATED = caught("escalation", "broken")
ESCALATES = 'in -> is_stop; is_stop -> tell ? wanted = "stop"; is_stop -> ask; tell -> ask -> out'
EVENTS.runs(
    "Escalation_BoundaryEvent_SubProcess_NonInterrupting",
    on_inner(ESCALATED, ESCALATES, IS_STOP, user("ask"), throw("tell", ESCALATED), cancels=False),
    case("task1 > gone > ask > out > task2 > done", "ask", **STOP),
    counter("ask > out > task2 > done", "ask", **GO),
)
EVENTS.runs(
    "Escalation_EndEvent_SubProcess",
    process("main", "begun -> inner -> task2 -> done; caught -> task3 -> gone",
            sub_process("inner", "in -> task1 -> stop", task("task1"), end("stop", ESCALATED)),
            boundary("caught", "inner", caught("escalation", "other"), cancels=False), task("task2"), task("task3")),
    case("task1 > stop > task2 > done"),
)  # fmt: skip
EVENTS.runs(
    "Escalation_EndEvent_TopLevel",
    process("main", "begun -> task1 -> stop", task("task1"), end("stop", ESCALATED)),
    case("task1 > stop"),
)
EVENTS.runs(
    "Escalation_IntermediateThrowEvent",
    process("main", "begun -> tell -> task1 -> done", throw("tell", ESCALATED), task("task1")),
    case("task1 > done"),
)
EVENTS.runs(
    "Escalation_StartEvent_EventSubProcess_NonInterrupting",
    with_handler(ESCALATED, "begun -> is_stop; is_stop -> tell ? " + STOPS + "; is_stop -> ask; tell -> ask -> done",
                 IS_STOP, user("ask"), throw("tell", ESCALATED), interrupts=False),
    case("task1 > handled > ask > done", "ask", **STOP),
    counter("ask > done", "ask", **GO),
)  # fmt: skip

EVENTS.runs(
    "Link_Event",
    process("main", "begun -> task1 -> out; in -> task2 -> done", task("task1"), task("task2"),
            throw("out", link("over")), catch("in", link("over"))),
    case("task1 > task2 > done"),
)  # fmt: skip

# Only commands begin cases.
EVENTS.refused(
    "Message_StartEvent",
    "unsupported-element",
    process("main", "begun -> task1 -> done", start("begun", caught("message", "news")), task("task1")),
    case("task1 > done", "nobody", "send news"),
    counter("| nothing begun", "nobody", "send other"),
)
EVENTS.runs(
    "Message_IntermediateEvent",
    process(
        "main", "begun -> wait -> task1 -> done", catch("wait", caught("message", "news")), task("task1")
    ),
    case("task1 > done", "send news"),
    counter("| waiting"),
)
EVENTS.runs(
    "Message_EndEvent",
    process("main", "begun -> split; split -> told; split -> wait -> done", gateway("split", "parallel"),
            end("told", caught("message", "news")), catch("wait", caught("message", "news"))),
    case("told > done"),
)  # fmt: skip

SIGNAL = caught("signal", "stop")
for suffix, cancels in (("Interrupting", True), ("NonInterrupting", False)):
    EVENTS.runs(
        f"Signal_BoundaryEvent_SubProcess_{suffix}",
        on_inner(SIGNAL, "in -> ask1 -> out", user("ask1"), cancels=cancels),
        case(
            "task1 > gone" if cancels else "task1 > gone > ask1 > out > task2 > done",
            "signal stop",
            *([] if cancels else ["ask1"]),
        ),
        counter("ask1 > out > task2 > done", "signal other", "ask1"),
    )
    EVENTS.runs(
        f"Signal_StartEvent_EventSubProcess_{suffix}",
        with_handler(SIGNAL, "begun -> ask1 -> done", user("ask1"), interrupts=cancels),
        case(
            "task1 > handled" if cancels else "task1 > handled > ask1 > done",
            "signal stop",
            *([] if cancels else ["ask1"]),
        ),
        counter("ask1 > done", "signal other", "ask1"),
    )
# A signal is heard in the whole case that sends it, and by others.
EVENTS.runs(
    "Signal_EndEvent_SubProcess",
    process("main", "begun -> split; split -> inner -> done; split -> wait -> task1 -> heard", gateway("split", "parallel"),
            sub_process("inner", "in -> ask -> told", user("ask"), end("told", SIGNAL)), catch("wait", SIGNAL), task("task1")),
    case("ask > told > done, task1, heard", "ask"),
    counter("| waiting"),
)  # fmt: skip
EVENTS.runs(
    "Signal_IntermediateEvent_ThrowAndCatch",
    process("main", "begun -> split; split -> ask -> tell -> done; split -> wait -> task1 -> heard", gateway("split", "parallel"),
            user("ask"), throw("tell", SIGNAL), catch("wait", SIGNAL), task("task1")),
    case("ask > done, task1, heard", "ask"),
    counter("| waiting"),
)  # fmt: skip
LISTENER = process("{}", "signalled -> task2 -> listened", start("signalled", SIGNAL), task("task2"))
TELLS = process("main", "begun -> is_stop; is_stop -> told ? " + STOPS + "; is_stop -> task1 -> done",
                gateway("is_stop", default="task1"), end("told", SIGNAL), task("task1"))  # fmt: skip
# Only commands begin cases.
EVENTS.refused(
    "Signal_StartEvent",
    "unsupported-element",
    TELLS, LISTENER.replace("{}", "signal_start_listener"),
    case("told > task2 > listened", **STOP),
    counter("task1 > done", **GO),
)  # fmt: skip
EVENTS.runs(
    "Signal_EndEvent",
    process("main", "begun -> split; split -> wait -> task2 -> listened; split -> ask -> task1 -> told",
            gateway("split", "parallel"), user("ask"), catch("wait", SIGNAL), task("task1"), task("task2"), end("told", SIGNAL)),
    case("ask > task1 > told > task2 > listened", "ask"),
    counter("| waiting"),
)  # fmt: skip
EVENTS.runs(
    "Signal_IntermediateEvent",
    process("main", "begun -> wait -> task1 -> done", catch("wait", SIGNAL), task("task1")),
    case("task1 > done", "signal stop"),
    counter("| waiting", "signal other"),
)
EVENTS.runs(
    "Terminate_Event",
    process("main", "begun -> split; split -> ask1 -> done; split -> ask2 -> stop", gateway("split", "parallel"),
            user("ask1"), user("ask2"), end("stop", plain("terminate"))),
    case("ask2 > stop", "ask2"),
    counter("ask1 > done | waiting", "ask1"),
)  # fmt: skip

HOUR = timer("PT1H")
EVENTS.runs(
    "Timer_IntermediateEvent",
    process("main", "begun -> wait -> task1 -> done", catch("wait", HOUR), task("task1")),
    case("task1 > done", "clock"),
    counter("| waiting"),
)
for name, event, flow_of, cancels in (
    ("Timer_BoundaryEvent_SubProcess_NonInterrupting", HOUR, None, False),
    ("Timer_BoundaryEvent_SubProcess_Interrupting", HOUR, None, True),
    ("Timer_BoundaryEvent_SubProcess_TimeCycle", timer("R3/PT1H", "Cycle"), 3, False),
):
    rounds = flow_of or 1
    told = " > ".join(["task1 > gone"] * rounds)
    EVENTS.runs(
        name,
        on_inner(event, "in -> ask1 -> out", user("ask1"), cancels=cancels),
        case(
            told if cancels else f"{told} > ask1 > out > task2 > done",
            *["clock"] * rounds,
            *([] if cancels else ["ask1"]),
        ),
        counter("ask1 > out > task2 > done", "ask1"),
    )
EVENTS.runs(
    "Timer_BoundaryEvent_SubProcess_Interrupting_Activity",
    process("main", "begun -> ask -> done; late -> task1 -> gone", user("ask"), boundary("late", "ask", HOUR), task("task1")),
    case("task1 > gone", "clock"),
    counter("ask > done", "ask"),
)  # fmt: skip
for name, event, interrupts, rounds in (
    ("Timer_StartEvent_EventSubProcess_NonInterrupting", HOUR, False, 1),
    ("Timer_StartEvent_TimeCycle_EventSubProcess_NonInterrupting", timer("R3/PT1H", "Cycle"), False, 3),
    ("Timer_StartEvent_EventSubProcess_Interrupting", HOUR, True, 1),
):
    told = " > ".join(["task1 > handled"] * rounds)
    EVENTS.runs(
        name,
        with_handler(event, "begun -> ask1 -> done", user("ask1"), interrupts=interrupts),
        case(
            told if interrupts else f"{told} > ask1 > done",
            *["clock"] * rounds,
            *([] if interrupts else ["ask1"]),
        ),
        counter("ask1 > done", "ask1"),
    )
# A token waits once: for the first round.
EVENTS.runs(
    "Timer_IntermediateTimeCycleEvent",
    process(
        "main", "begun -> wait -> task1 -> done", catch("wait", timer("R3/PT1H", "Cycle")), task("task1")
    ),
    case("task1 > done", "clock"),
    counter("| waiting"),
)

FIRST, SECOND = caught("signal", "first"), caught("signal", "second")
AND_WAITS = "begun -> wait -> task1 -> done"
EITHER = process("main", AND_WAITS, several("wait", "intermediateCatchEvent", FIRST, SECOND), task("task1"))
ALL = process(
    "main",
    AND_WAITS,
    several("wait", "intermediateCatchEvent", FIRST, SECOND, all_of_them=True),
    task("task1"),
)
EVENTS.runs(
    "Multiple_Parallel_IntermediateEvent",
    ALL,
    case("task1 > done", "signal first", "signal second"),
    case("task1 > done", "signal second", "signal first"),
    counter("| waiting", "signal first", "signal first"),
)
EVENTS.runs(
    "Multiple_IntermediateEvent_ThrowFirstEventDefinition",
    EITHER,
    case("task1 > done", "signal first"),
    counter("| waiting"),
)
EVENTS.runs(
    "Multiple_IntermediateEvent_ThrowLastEventDefinition",
    EITHER,
    case("task1 > done", "signal second"),
    counter("| waiting"),
)
EVENTS.runs(
    "Multiple_IntermediateThrowEvent",
    process("main", "begun -> split; split -> ask -> tell -> done; split -> wait1 -> task1 -> heard1; split -> wait2 -> task2 -> heard2",
            gateway("split", "parallel"), user("ask"), several("tell", "intermediateThrowEvent", FIRST, SECOND),
            catch("wait1", FIRST), catch("wait2", SECOND), task("task1"), task("task2")),
    case("ask > done, task1, heard1, task2, heard2", "ask"),
    counter("| waiting"),
)  # fmt: skip
EVENTS.runs(
    "Multiple_IntermediateEvent_MissingEvent",
    EITHER,
    case("task1 > done", "signal first"),
    counter("| waiting", "signal third"),
)
EVENTS.runs(
    "Multiple_Parallel_IntermediateEvent_MissingEvent",
    ALL,
    case("| waiting", "signal first"),
    case("| waiting", "signal second"),
    case("task1 > done", "signal first", "signal second"),
    counter("| waiting"),
)

REFERENCE = "<eventDefinitionRef>told_by</eventDefinitionRef>"


def root(event: str) -> str:
    return event.replace("EventDefinition", "EventDefinition id='told_by'", 1)


EVENTS.runs(
    "EventDefinitionRef_Error_EndEvent_TopLevel",
    process("main", *ENDS, end("stop", REFERENCE)),
    case("ask > stop", "ask", **STOP),
    counter("ask > done > ask2 > done2", "ask", "ask2", **GO),
    roots=root(caught("error", "broken")),
)
EVENTS.runs(
    "EventDefinitionRef_Error_StartEvent_EventSubProcess_Interrupting",
    with_handler(REFERENCE, choice("stop", "ask") + "; ask -> done", IS_STOP, user("ask"), end("stop", caught("error", "broken"))),
    case("stop > task1 > handled", **STOP),
    counter("ask > done", "ask", **GO),
    roots=root(caught("error", "broken")),
)  # fmt: skip
EVENTS.runs(
    "EventDefinitionRef_Signal_BoundaryEvent_SubProcess_NonInterrupting",
    on_inner(REFERENCE, "in -> ask1 -> out", user("ask1"), cancels=False),
    case("task1 > gone > ask1 > out > task2 > done", "signal stop", "ask1"),
    counter("ask1 > out > task2 > done", "ask1"),
    roots=root(SIGNAL),
)
EVENTS.runs(
    "EventDefinitionRef_Timer_IntermediateEvent",
    process("main", "begun -> wait -> task1 -> done", catch("wait", REFERENCE), task("task1")),
    case("task1 > done", "clock"),
    counter("| waiting"),
    roots=root(HOUR),
)

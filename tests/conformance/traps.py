"""What the library gets wrong without a word, each as a tiny model that shows it gone or refused.

Told from the outside: by the rule of BPMN, not by the library.
"""

import re

from families import (
    boundary,
    call,
    catch,
    caught,
    end,
    gateway,
    process,
    script,
    sub_process,
    throw,
    timer,
    user,
)

from tests.conformance.construct import Construct, case, construct, counter, process_key
from tests.conformance.drawing import body, event_body, many, repeat, start, task
from tests.conformance.event_rows import HOUR

ASK = user("ask")
LINE = "begun -> ask -> task1 -> done"
TOLD = case("ask > task1 > done", "ask")


def _named(what: str, was: str, now: str) -> Construct:
    """The line with an element of an id that the library keeps for itself."""
    name = f"{what} called {now}"
    now = f"{process_key(name)}.EndJoin" if now == "EndJoin" else now
    drawn, expected = (re.sub(rf"\b{was}\b", now, text) for text in (LINE, TOLD.expected))
    ask = now if was == "ask" else "ask"
    return construct("traps", name, process("main", drawn, user(ask), task("task1")), case(expected, ask))


def _end_named(kind: str, event: str, caught_by: str = "") -> Construct:
    inner = body(
        "inner", "in -> split; split -> ask -> out; split -> ask1 -> End",
        gateway("split", "parallel"), ASK, user("ask1"), end("End", event),
    )  # fmt: skip
    if caught_by:
        model = process(
            "main",
            "begun -> inner -> done; caught -> task1 -> gone",
            inner,
            boundary("caught", "inner", caught_by),
            task("task1"),
        )
        return construct(
            "traps", f"an end event of {kind} called End", model, case("ask1 > End > task1 > gone", "ask1")
        )
    model = process("main", "begun -> inner -> done", inner)
    return construct("traps", f"an end event of {kind} called End", model, case("ask1 > End > done", "ask1"))


COMMENT = process(
    "main", "begun -> is_so; is_so -> task1 ? 1 == 1 and 1 == 2; is_so -> done; task1 -> wrong",
    gateway("is_so", default="done"), task("task1"),
).replace("1 == 1 and", "1 == 1<!-- a comment --> and")  # fmt: skip
TWO_BRANCHES = "begun -> split; split -> ask1 -> join; split -> ask2 -> join; join -> is_both; is_both -> task1 ? {}; is_both -> lost; task1 -> done"


def _branches(what: str, condition: str, *acts: str, **given: object) -> Construct:
    """Both orders of two branches keep what each has written."""
    model = process(
        "main", TWO_BRANCHES.format(condition), gateway("split", "parallel"), gateway("join", "parallel"),
        user("ask1"), user("ask2"), gateway("is_both", default="lost"), task("task1"),
    )  # fmt: skip
    one, two = acts
    return construct(
        "traps", what, model, case("ask1, ask2 > task1 > done", one, two, **given), case("ask2, ask1 > task1 > done", two, one, **given),
    )  # fmt: skip


ROUND = ("ask1", "ask2")


def _repeated(kind: str) -> Construct:
    condition, default = (" ? true", "; split -> none") if kind == "inclusive" else ("", "")
    model = process(
        "main",
        f"begun -> enter; enter -> split; split -> ask1{condition}; split -> ask2{condition}{default}; "
        "ask1 -> join; ask2 -> join; join -> is_over; is_over -> done ? over; is_over -> enter",
        gateway("enter"), gateway("split", kind, "none" if default else ""), gateway("join", kind),
        user("ask1"), user("ask2"), gateway("is_over", default="enter"),
    )  # fmt: skip
    told = " > ".join(["ask1 > ask2"] * 3)
    return construct(
        "traps", f"a join of a {kind} gateway in a loop", model,
        case(f"{told} > done", *ROUND, *ROUND, "ask1", "ask2 over=true", over=False),
        counter(f"{told} > ask1 | waiting", *ROUND, *ROUND, *ROUND, "ask1", over=False),
    )  # fmt: skip


def _idle(kind: str, event: str) -> Construct:
    handler = event_body("handler", "told -> task1 -> handled", start("told", event), task("task1"))
    return construct(
        "traps", f"an event sub-process of a {kind} that does not come", process("main", "begun -> ask -> done", ASK, handler, ""),
        counter("ask > done", "ask", late=False),
    )  # fmt: skip


# conformance of third-party models: wrong without an error
SILENT = (
    construct("traps", "a sequence flow without an id", process("main", "begun -> ask -> task1 -> done", ASK, task("task1")).replace(" id='ask_task1'", ""), TOLD),
    construct("traps", "a node without a way on", process("main", "begun -> ask -> task1", ASK, task("task1")), case("ask > task1", "ask")),
    *(_named("a start event", "begun", name) for name in ("Start", "End", "Root", "EndJoin")),
    *(_named("a task", "ask", name) for name in ("Start", "End", "Root")),
    _end_named("terminate", "<terminateEventDefinition/>"),
    _end_named("error", caught("error", "broken"), caught("error", "broken")),
    *(
        _idle(kind, event)
        for kind, event in {
            "timer": HOUR, "message": caught("message", "news"), "signal": caught("signal", "stop"),
            "condition": "<conditionalEventDefinition><condition>late</condition></conditionalEventDefinition>",
        }.items()
    ),
    construct(
        "traps", "two timers behind one event gateway, the longer drawn first",
        process("main", "begun -> wait; wait -> long -> task1 -> done1; wait -> short -> task2 -> done2",
                gateway("wait", "eventBased"), catch("long", timer("PT1H")), catch("short", timer("PT20M")), task("task1"), task("task2")),
        case("task2 > done2", "clock"),
    ),
    construct(
        "traps", "a condition on the only flow out of an activity",
        process("main", "begun -> task1; task1 -> task2 ? false; task2 -> done", task("task1"), task("task2")), refused_by="no-default",
    ),
    construct(
        "traps", "an interrupting boundary event that comes from inside",
        process("main", "begun -> inner -> done; caught -> task2 -> gone",
                sub_process("inner", "in -> tell -> task1 -> out", throw("tell", caught("signal", "stop")), task("task1")),
                boundary("caught", "inner", caught("signal", "stop")), task("task2")),
        case("task2 > gone"),
    ),
    construct(
        "traps", "an extension that borrows the id of an element",
        process("main", LINE, ASK, task("task1").replace("<script>", "<extensionElements><camunda:formField id='ask'/></extensionElements><script>")), TOLD
    ),
    construct("traps", "a comment inside a condition", COMMENT, case("done")),
    construct("traps", "isExecutable is 1", process("main", LINE, ASK, task("task1")).replace('isExecutable="true"', 'isExecutable="1"'), TOLD),
    construct("traps", "white space around references", process("main", LINE, ASK, task("task1")).replace("sourceRef='ask'", "sourceRef='\n ask '"), TOLD),
    construct("traps", "a part that nothing leads to", process("main", "begun -> ask -> done; alone -> task1 -> alone", ASK, task("task1"), gateway("alone")), refused_by="unreachable"),
    construct("traps", "two flows that meet in one multi-instance", process("main", "begun -> task1; also_begun -> task1; task1 -> done", task("task1", many("2"))), refused_by="several-starts"),
    construct("traps", "a cycle timer written as cron", process("main", "begun -> ask -> done; late -> task1 -> gone", ASK, boundary("late", "ask", timer("0 0 9 * * ?", "Cycle"), cancels=False), task("task1")), refused_by="bad-timer"),
    *(
        construct(
            "traps", f"a reference to {kind} that does not exist",
            process("main", "begun -> inner -> done; caught -> task1 -> gone", sub_process("inner", "in -> ask -> out", ASK),
                    boundary("caught", "inner", f"<{kind}EventDefinition {kind}Ref='nothing'/>"), task("task1")),
            refused_by=rule,
        )
        for kind, rule in {"message": "no-message", "signal": "dangling-reference", "error": "dangling-reference", "escalation": "dangling-reference"}.items()
    ),
    construct("traps", "a missing call inside a sub-process", process("main", "begun -> inner -> done", sub_process("inner", "in -> call_it -> out", call("call_it", "nowhere"))), refused_by="unknown-call"),
    construct("traps", "a circle of tasks without a way out", process("main", "begun -> enter; enter -> task1 -> task2 -> enter; task2 -> done", gateway("enter"), task("task1"), task("task2")).replace("<endEvent", "<endEvent").replace("<sequenceFlow id='task2_done' sourceRef='task2' targetRef='done'></sequenceFlow>", ""), refused_by="loop-without-exit"),
    construct("traps", "two loop markers", process("main", "begun -> task1 -> done", task("task1", repeat("false") + many("2"))), refused_by="schema"),
    construct("traps", "an ad-hoc sub-process without a completion condition", process("main", "begun -> inner -> done", body("inner", "", task("task1"), kind="adHocSubProcess")), refused_by="unsupported-element"),
    construct(
        "traps", "a number of instances below zero that a variable gives",
        process("main", "begun -> ask -> task1 -> done", ASK, task("task1", many("count", in_turn=True))), case("| incident", "ask count=-1", count=1), counter("ask > task1 > done", "ask", count=1),
    ),
    construct("traps", "a process that does not say whether it is executable", process("main", LINE, ASK, task("task1")).replace(' isExecutable="true"', ""), refused_by="no-process"),
)  # fmt: skip

# the library itself: elements, timers, data
LIBRARY = (
    _branches("what two parallel branches write, each a variable", "refund = 1 and reply = 1", "ask1 refund=1", "ask2 reply=1", refund=0, reply=0),
    construct(
        "traps", "a data line that would copy one variable to another",
        process("main", "begun -> task1 -> done", "<dataObject id='amount' name='amount'/><dataObjectReference id='amount_here' dataObjectRef='amount'/>",
                task("task1", "<ioSpecification><dataOutput id='given' name='total'/><inputSet/><outputSet><dataOutputRefs>given</dataOutputRefs></outputSet></ioSpecification>"
                     "<dataOutputAssociation><sourceRef>given</sourceRef><targetRef>amount_here</targetRef></dataOutputAssociation>")),
        refused_by="not-executed",
    ),
    construct(
        "traps", "what two parallel branches add to one list",
        process("main", TWO_BRANCHES.format("len(items) = 2").replace("> ask", "> add").replace("; ask", "; add"), gateway("split", "parallel"), gateway("join", "parallel"),
                script("add1", 'items = items + ["a"]'), script("add2", 'items = items + ["b"]'), gateway("is_both", default="lost"), task("task1")),
        case("add1, add2 > task1 > done", items=[]),
    ),
    _repeated("parallel"),
    _repeated("inclusive"),
    construct(
        "traps", "a value that looks like one of the engine's own",
        process("main", "begun -> ask -> is_kept; is_kept -> task1 ? value.days = 1; is_kept -> lost; task1 -> done", ASK, gateway("is_kept", default="lost"), task("task1")),
        case("ask > task1 > done", "restart", "ask", value={"typename": "timedelta", "days": 1}),
    ),
    construct(
        "traps", "an event sub-process that came in one case and not in the next",
        process("main", "begun -> ask -> done", ASK, event_body("handler", "told -> task1 -> handled", start("told", caught("message", "news"), interrupts=False), task("task1"))),
        case("task1 > handled > ask > done", "send news", "ask"), counter("ask > done", "ask"), counter("| waiting", "restart"),
    ),
    construct(
        "traps", "an event sub-process of a called process",
        process("main", "begun -> call_it -> done", call("call_it", "trap_called")),
        process("trap_called", "in -> ask -> out", ASK, event_body("handler", "told -> task1 -> handled", start("told", HOUR), task("task1"))),
        case("task1 > handled > done", "clock"), counter("ask > out > done", "ask"),
    ),
    construct("traps", "a start that leads nowhere", process("main", "begun -> done", "").replace("<sequenceFlow id='begun_done' sourceRef='begun' targetRef='done'></sequenceFlow>", ""), refused_by="dead-end"),
    construct("traps", "a service task that no handler is named for", process("main", "begun -> one -> done", task("one", kind="serviceTask")), refused_by="no-topic"),
    construct("traps", "an exclusive gateway where nothing may hold", process("main", "begun -> is_so; is_so -> task1 ? late; is_so -> task2 ? early; task1 -> done; task2 -> done2", gateway("is_so"), task("task1"), task("task2")), refused_by="no-default"),
    construct(
        "traps", "a data object used two levels down",
        process("main", "begun -> outer -> done", "<dataObject id='note'/><dataObjectReference id='note_here' dataObjectRef='note'/>",
                sub_process("outer", "in -> inner -> out", sub_process("inner", "in2 -> task1 -> out2", task("task1", "<ioSpecification><dataInput id='seen' name='note'/><inputSet><dataInputRefs>seen</dataInputRefs></inputSet><outputSet/></ioSpecification><dataInputAssociation><sourceRef>note_here</sourceRef><targetRef>seen</targetRef></dataInputAssociation>")))),
        case("task1 > out2 > out > done"),
    ),
    *(
        construct("traps", f"a timer of {text}", process("main", "begun -> wait -> done", catch("wait", timer(text))), refused_by="bad-timer")
        for text in ("P", "48H", "P2D3", "PT")
    ),
    construct("traps", "a timer as everybody writes it", process("main", "begun -> wait -> done", catch("wait", timer("PT1H"))), case("done", "clock"), counter("| waiting")),
    construct("traps", "a condition that cannot be read", process("main", "begun -> is_so; is_so -> task1 ? import os; is_so -> done; task1 -> done2", gateway("is_so", default="done"), task("task1")), refused_by="bad-expression"),
    construct("traps", "a flow to an element that does not exist", process("main", LINE, ASK, task("task1")).replace("targetRef='task1'", "targetRef='nowhere'"), refused_by="dangling-flow"),
    construct(
        "traps", "the branch of a repeating timer when the task is done",
        process("main", "begun -> ask -> done; late -> task1 -> gone", ASK, boundary("late", "ask", timer("R3/PT1H", "Cycle"), cancels=False), task("task1")),
        case("task1 > gone > task1 > gone > ask > done", "clock", "clock", "ask"), counter("ask > done", "ask"),
    ),
)  # fmt: skip

THROWN_FROM_MANY = "begun -> inner -> done; caught -> task1 -> gone"
IS_BAD = ("in -> ask -> is_bad; is_bad -> stop ? bad; is_bad -> out", ASK, gateway("is_bad", default="out"))

# what is around takes away what is inside, and the other way round
LEVELS = (
    *(
        construct(
            "traps", f"{kind} that one of several sub-processes throws",
            process("main", THROWN_FROM_MANY, sub_process("inner", "in -> ask -> stop", ASK, end("stop", caught(kind, "out")), inside=marker),
                    boundary("caught", "inner", caught(kind, "out")), task("task1")),
            case("ask > stop > task1 > gone", "ask"),
        )
        for kind, marker in {"error": many("2"), "signal": many("2"), "escalation": many("2", in_turn=True)}.items()
    ),
    construct(
        "traps", "an error in the second round of a sub-process",
        process("main", THROWN_FROM_MANY, sub_process("inner", *IS_BAD, end("stop", caught("error", "out")), inside=repeat("true", most="3")),
                boundary("caught", "inner", caught("error", "out")), task("task1")),
        case("ask > out > ask > stop > task1 > gone", "ask bad=false", "ask bad=true", bad=False),
        counter("ask > out > ask > out > ask > out > done", "ask", "ask", "ask", bad=False),
    ),
    construct(
        "traps", "an error that an iteration handles itself",
        process("main", "begun -> inner -> done", sub_process(
            "inner", *IS_BAD, end("stop", caught("error", "out")),
            event_body("handler", "told -> task1 -> handled", start("told", caught("error", "out")), task("task1")), inside=many("2", in_turn=True),
        )),
        case("ask > stop > task1 > handled > ask > out > done", "ask bad=true", "ask bad=false", bad=False),
        counter("ask > out > ask > out > done", "ask", "ask", bad=False),
    ),
    construct(
        "traps", "an error of a called process",
        process("main", THROWN_FROM_MANY.replace("inner", "call_it"), call("call_it", "trap_failing"), boundary("caught", "call_it", caught("error", "out")), task("task1")),
        process("trap_failing", "in -> ask -> stop", ASK, end("stop", caught("error", "out"))),
        case("ask > stop > task1 > gone", "ask"),
    ),
    construct(
        "traps", "an escalation two levels out",
        process("main", "begun -> outer -> done; caught -> task2 -> told",
                sub_process("outer", "a -> inner -> b", sub_process("inner", "in -> tell -> task1 -> out", throw("tell", caught("escalation", "out")), task("task1"))),
                boundary("caught", "outer", caught("escalation", "out"), cancels=False), task("task2")),
        case("task2, told, task1, out, b > done"),
    ),
    construct(
        "traps", "a terminating end inside a sub-process",
        process("main", "begun -> inner -> task1 -> done",
                sub_process("inner", "in -> split; split -> ask -> out; split -> ask1 -> stop", gateway("split", "parallel"), ASK, user("ask1"), end("stop", "<terminateEventDefinition/>")), task("task1")),
        case("ask1 > stop > task1 > done", "ask1"), counter("ask > out | waiting", "ask"),
    ),
    construct(
        "traps", "an event sub-process that interrupts the one who throws",
        process("main", "begun -> ask -> tell -> task2 -> done", ASK, throw("tell", caught("signal", "stop")), task("task2"),
                event_body("handler", "told -> task1 -> handled", start("told", caught("signal", "stop")), task("task1"))),
        case("ask > task1 > handled", "ask"), counter("| waiting"),
    ),
    construct(
        "traps", "an event sub-process in the body of a loop",
        process("main", "begun -> again; again -> inner -> is_over; is_over -> again; is_over -> done ? over", gateway("again"),
                sub_process("inner", "in -> ask -> out", ASK, event_body("handler", "told -> task1 -> handled", start("told", caught("message", "news"), interrupts=False), task("task1"))),
                gateway("is_over", default="again")),
        case("task1 > handled > ask > out > task1 > handled > ask > out > done", "send news", "ask", "send news", "ask over=true", over=False),
        counter("ask > out > ask > out > done", "ask", "ask over=true", over=False),
    ),
    construct(
        "traps", "work of an event sub-process that outlives the rest",
        process("main", "begun -> ask -> done", ASK, event_body("handler", "told -> ask1 -> handled", start("told", caught("message", "news"), interrupts=False), user("ask1"))),
        case("ask > done > ask1 > handled", "send news", "ask", "ask1"), counter("ask > done", "ask"),
    ),
)  # fmt: skip

TRAPS = (*SILENT, *LIBRARY, *LEVELS)

"""Control-flow patterns, as far as BPMN can draw them."""

from families import boundary, caught, end, gateway, process, script, user

from tests.conformance.construct import Group, case, counter
from tests.conformance.drawing import body, many, plain, task
from tests.conformance.gateways import (
    CHOICES,
    COMPLEX_JOIN,
    DEFERRED,
    SEVERAL,
    TASKS,
    both,
    split_and_join,
    waiting_for,
)

PATTERNS = Group("patterns")
A, B, C = (f'contains(wanted, "{letter}")' for letter in "abc")
INPUTS = ("a", "b", "c", "ab", "ac", "bc", "abc")
CHOSEN = "abc"


def tasks_of(wanted: str) -> list[str]:
    return [f"task{CHOSEN.index(letter) + 1}" for letter in wanted]


PATTERNS.runs(
    "WCP01_Sequence",
    process("main", "begun -> task1 -> task2 -> done", *TASKS[:2]),
    case("task1 > task2 > done"),
)
PATTERNS.runs(
    "WCP02_ParallelSplit",
    process("main", "begun -> split; split -> task1 -> one; split -> task2 -> two", gateway("split", "parallel"), *TASKS[:2]),
    case("task1, task2, one, two"),
)  # fmt: skip
PATTERNS.runs("WCP03_Synchronization", both("parallel"), case("task1, task2 > task4 > done"))
PATTERNS.runs("WCP04_ExclusiveChoice", split_and_join("exclusive", "exclusive"), *CHOICES)
THREE = (
    f"begun -> split; split -> task1 ? {A}; split -> task2 ? {B}; split -> task3; "
    "task1 -> join; task2 -> join; task3 -> join; join -> task4 -> done"
)
PATTERNS.runs(
    "WCP05_SimpleMerge",
    process("main", THREE, gateway("split", "exclusive", "task3"), gateway("join"), *TASKS, task("task4")),
    *(case(f"{tasks_of(wanted)[0]} > task4 > done", wanted=wanted) for wanted in INPUTS),
)
CHOICE = f"split -> task1 ? {A}; split -> task2 ? {B}; split -> task3 ? {C}; task1 -> done1; task2 -> done2; task3 -> done3"
MULTI = tuple(
    case(", ".join([*tasks_of(wanted), *(f"done{one[-1]}" for one in tasks_of(wanted))]), wanted=wanted)
    for wanted in INPUTS
)
PATTERNS.runs(
    "WCP06_MultiChoice_InclusiveGateway",
    process(
        "main", f"begun -> split; {CHOICE}; split -> none", gateway("split", "inclusive", "none"), *TASKS
    ),
    *MULTI,
    counter("none", wanted=""),
)
PATTERNS.runs(
    "WCP06_MultiChoice_Implicit",
    process("main", f"begun -> split; {CHOICE}; split -> none", task("split", attributes="default='split_none'"), *TASKS),
    *(case(f"split > {one.expected}", wanted=one.given["wanted"]) for one in MULTI),
    counter("split > none", wanted=""),
)  # fmt: skip
PATTERNS.refused(
    "WCP06_MultiChoice_ComplexGateway",
    "unsupported-element",
    process("main", f"begun -> split; {CHOICE}", gateway("split", "complex"), *TASKS),
    *MULTI,
)
PATTERNS.runs("WCP07_StructuredSynchronizingMerge", split_and_join("inclusive", "inclusive"), *SEVERAL[:3])
MERGED = THREE.replace("split -> task3;", f"split -> task3 ? {C}; split -> none;")
PATTERNS.runs(
    "WCP08_MultiMerge",
    process("main", MERGED, gateway("split", "inclusive", "none"), gateway("join"), *TASKS, task("task4")),
    *(case(", ".join([*tasks_of(wanted), *["task4", "done"] * len(wanted)]), wanted=wanted) for wanted in INPUTS),
)  # fmt: skip
PATTERNS.refused(
    "WCP09_Structured_Discriminator_ComplexGateway",
    "unsupported-element",
    process(
        "main", "begun -> split; split -> task1 -> join; split -> task2 -> join; join -> done",
        gateway("split", "parallel"), COMPLEX_JOIN.replace(">=", "&gt;="), *TASKS[:2],
    ),
    case("task1, task2, done"),
)  # fmt: skip
for name, behavior in (
    ("WCP09_Structured_Discriminator_MultiInstance", "One"),
    ("WCP12_MultipleInstancesWithoutSynchronization", "None"),
):
    PATTERNS.refused(
        name,
        "not-executed",
        process(
            "main", "begun -> task1 -> task2 -> done", task("task1", many(behavior=behavior)), task("task2")
        ),
        case("task1 > task1 > task1 > task2 > done"),
    )
PATTERNS.runs(
    "WCP10_ArbitraryCycles",
    process(
        "main",
        "begun -> enter; enter -> task1 -> is_again; is_again -> enter ? rounds < wanted; is_again -> middle; "
        "middle -> task2 -> is_back; is_back -> middle ? rounds < back; is_back -> done",
        gateway("enter"), gateway("middle"), gateway("is_again", default="middle"), gateway("is_back", default="done"),
        script("task1", "rounds = rounds + 1"), script("task2", "rounds = rounds + 1"),
    ),
    case("task1 > task2 > done", rounds=0, wanted=1, back=1),
    case("task1 > task1 > task2 > done", rounds=0, wanted=2, back=1),
    case("task1 > task2 > task2 > task2 > done", rounds=0, wanted=1, back=4),
)  # fmt: skip
PATTERNS.runs(
    "WCP11_ImplicitTermination",
    process(
        "main", "begun -> split; split -> task1 -> one; split -> ask -> two",
        gateway("split", "parallel"), task("task1"), user("ask"),
    ),
    case("task1 > one > ask > two", "ask"),
    counter("task1 > one | waiting"),
)  # fmt: skip
PATTERNS.runs(
    "WCP13_MultipleInstancesWithAPrioriDesignTimeKnowledge",
    process("main", "begun -> task1 -> task2 -> done", task("task1", many("3")), task("task2")),
    case("task1 > task1 > task1 > task2 > done"),
)
PATTERNS.runs(
    "WCP14_MultipleInstancesWithAPrioriRuntimeKnowledge",
    process("main", "begun -> task1 -> task2 -> done", task("task1", many("count")), task("task2")),
    case("task1 > task1 > task1 > task2 > done", count=3),
    case("task1 > task2 > done", count=1),
    counter("task2 > done", count=0),
)
PATTERNS.runs(
    "WCP16_DeferredChoice", waiting_for(caught("message", "first"), caught("message", "second")), *DEFERRED
)
PATTERNS.refused(
    "WCP17_InterleavedParallelRouting",
    "unsupported-element",
    process(
        "main",
        "begun -> inner -> done",
        body("inner", "", task("task1"), task("task2"), kind="adHocSubProcess", attributes="ordering='Sequential'"),
    ),
    case("task1, task2 > done"),
)  # fmt: skip
PATTERNS.runs(
    "WCP19_CancelTask",
    process(
        "main", "begun -> ask -> done; withdrawn -> task1 -> gone",
        user("ask"), boundary("withdrawn", "ask", caught("message", "no_more")), task("task1"),
    ),
    case("task1 > gone", "send no_more"),
    counter("ask > done", "ask"),
)  # fmt: skip


def cancelled_case(event: str, catch: str, *, kind: str = "subProcess") -> str:
    """Two branches of one scope; the end of the second takes the first away."""
    return process(
        "main", "begun -> inner -> done; caught -> task1 -> gone",
        body(
            "inner", "in -> split; split -> ask -> out; split -> is_on; is_on -> stop ? wanted = \"stop\"; is_on -> on",
            gateway("split", "parallel"), user("ask"), gateway("is_on", default="on"), end("stop", event), kind=kind,
        ),
        boundary("caught", "inner", catch), task("task1"),
    )  # fmt: skip


PATTERNS.runs(
    "WCP20_CancelCaseError",
    cancelled_case(caught("error", "broken"), caught("error", "broken")),
    case("stop > task1 > gone", wanted="stop"),
    counter("on > ask > out > done", "ask", wanted="go"),
)
PATTERNS.runs(
    "WCP20_CancelCaseCancel",
    cancelled_case(plain("cancel"), plain("cancel"), kind="transaction"),
    case("stop > task1 > gone", wanted="stop"),
    counter("on > ask > out > done", "ask", wanted="go"),
)
PATTERNS.runs(
    "WCP20_CancelCaseTerminate",
    process(
        "main", "begun -> split; split -> ask -> done; split -> is_on; is_on -> stop ? wanted = \"stop\"; is_on -> on",
        gateway("split", "parallel"), user("ask"), gateway("is_on", default="on"), end("stop", plain("terminate")),
    ),
    case("stop", wanted="stop"),
    counter("on > ask > done", "ask", wanted="go"),
)  # fmt: skip

"""Tasks, sub-processes, calls, loops and instances, quantities of tokens."""

from families import call, caught, gateway, process, script, sub_process

from tests.conformance.construct import Group, case, counter
from tests.conformance.drawing import body, flow, many, repeat, task

ACTIVITIES = Group("activities")

ACTIVITIES.runs(
    "CallActivity_Process",
    process("main", "begun -> task1 -> call_it -> task3 -> done", task("task1"), call("call_it", "called"), task("task3")),
    process("called", "called_begun -> task2 -> called_done", task("task2")),
    case("task1 > task2 > called_done > task3 > done"),
)  # fmt: skip
ACTIVITIES.runs(
    "CallActivity_GlobalTask",
    process("main", "begun -> call_it -> is_set; is_set -> task1 ? said = \"yes\"; is_set -> task2; task1 -> done; task2 -> missed",
            call("call_it", "global_task"), gateway("is_set", default="task2"), task("task1"), task("task2")),
    case("global_task_task > task1 > done", said="no"),
    roots="<globalScriptTask id='global_task' name='global_task'><script>said = \"yes\"</script></globalScriptTask>",
)  # fmt: skip
ACTIVITIES.runs(
    "MultiInstance_SubProcess",
    process(
        "main",
        "begun -> each -> task2 -> done",
        sub_process("each", "in -> task1 -> out", task("task1"), inside=many()),
        task("task2"),
    ),
    case("task1, out, task1, out, task1, out > task2 > done"),
)
for name, marker in {
    "MultiInstance_Task": many("count"),
    "MultiInstance_Sequential": many("count", in_turn=True),
    "MultiInstance_AllBehavior": many("count", behavior="All"),
    "MultiInstance_Parallel": many("count"),
}.items():
    ACTIVITIES.runs(
        name,
        process("main", "begun -> task1 -> task2 -> done", task("task1", marker), task("task2")),
        case("task1 > task1 > task1 > task2 > done", count=3),
        counter("task2 > done", count=0),
    )
for behavior in ("None", "One", "Complex"):
    ACTIVITIES.refused(
        f"MultiInstance_{behavior}Behavior",
        "not-executed",
        process("main", "begun -> task1 -> task2 -> done", task("task1", many(behavior=behavior)), task("task2")),
        case("task1 > task1 > task1 > task2 > done"),
    )  # fmt: skip
LOOPING = "rounds < wanted"
COUNTED = script("task1", "rounds = rounds + 1")


def _counted(loop: str) -> str:
    return COUNTED.replace("<script>", f"{loop}<script>")


def _times(times: int) -> str:
    return " > ".join(["task1"] * times + ["task2", "done"])


ACTIVITIES.runs(
    "Loop_SubProcess",
    process(
        "main",
        "begun -> again -> task2 -> done",
        sub_process("again", "in -> task1 -> out", COUNTED, inside=repeat(LOOPING, before=True, most="4")),
        task("task2"),
    ),
    case("task1 > out > task2 > done", rounds=0, wanted=1),
    case("task1 > out > task1 > out > task2 > done", rounds=0, wanted=2),
    case("task1 > out > task1 > out > task1 > out > task1 > out > task2 > done", rounds=0, wanted=9),
    counter("task2 > done", rounds=5, wanted=1),
)
ACTIVITIES.runs(
    "Loop_Task",
    process("main", "begun -> task1 -> task2 -> done", _counted(repeat(LOOPING, before=True, most="4")), task("task2")),
    case(_times(1), rounds=0, wanted=1),
    case(_times(2), rounds=0, wanted=2),
    case(_times(4), rounds=0, wanted=9),
    counter(_times(0), rounds=5, wanted=1),
)  # fmt: skip
ACTIVITIES.runs(
    "Loop_ConditionOnly",
    process("main", "begun -> task1 -> task2 -> done", _counted(repeat(LOOPING)), task("task2")),
    case(_times(1), rounds=0, wanted=1),
    case(_times(2), rounds=0, wanted=2),
    case(_times(3), rounds=0, wanted=3),
)
ACTIVITIES.runs(
    "Loop_Maximum",
    process("main", "begun -> task1 -> task2 -> done", _counted(repeat("true", most="3")), task("task2")),
    case(_times(3), rounds=0),
)
ACTIVITIES.runs(
    "Loop_NoIteration_TestBeforeFalse",
    process("main", "begun -> task1 -> task2 -> done", _counted(repeat("false")), task("task2")),
    case(_times(1), rounds=0),
)
ACTIVITIES.runs(
    "Loop_NoIteration_TestBeforeTrue",
    process("main", "begun -> task1 -> task2 -> done", _counted(repeat("false", before=True)), task("task2")),
    case(_times(0), rounds=0),
)
ACTIVITIES.runs(
    "SubProcess",
    process("main", "begun -> inner -> task2 -> done", sub_process("inner", "in -> task1 -> out", task("task1")), task("task2")),
    case("task1 > out > task2 > done"),
)  # fmt: skip
ACTIVITIES.runs(
    "Transaction",
    process("main", "begun -> inner -> task2 -> done", body("inner", "in -> task1 -> out", task("task1"), kind="transaction"), task("task2")),
    case("task1 > out > task2 > done"),
)  # fmt: skip
for ordering in ("Sequential", "Parallel"):
    ACTIVITIES.refused(
        f"AdHocSubProcess_{ordering}",
        "unsupported-element",
        process(
            "main",
            "begun -> inner -> done",
            body("inner", "", task("task1"), task("task2"), kind="adHocSubProcess", attributes=f"ordering='{ordering}'"),
        ),
        case("task1, task2 > done"),
    )  # fmt: skip
for name, produced, needed in (
    ("Token_Cardinality_Explicit", 2, 2),
    ("Token_Cardinality_Default", 2, 1),
):
    ACTIVITIES.refused(
        name,
        "not-executed",
        process(
            "main",
            "begun -> task1 -> task2 -> task3 -> done",
            task("task1", attributes=f"completionQuantity='{produced}'"),
            task("task2"),
            task("task3", attributes=f"startQuantity='{needed}'"),
        ),
        case("task1 > task2 > task2 > task3 > done"),
    )
TWICE = flow("one", "task1", "task2") + flow("two", "task1", "task2")
ACTIVITIES.runs(
    "Token_Cardinality_Split_Default",
    process("main", "begun -> task1; task2 -> done", task("task1"), task("task2"), TWICE),
    case("task1 > task2, task2, done, done"),
)
ACTIVITIES.refused(
    "Token_Cardinality_Split_Explicit",
    "not-executed",
    process("main", "begun -> task1; task2 -> done", task("task1"), task("task2", attributes="startQuantity='2'"), TWICE),
    case("task1 > task2 > done"),
)  # fmt: skip
ACTIVITIES.runs(
    "SendTask",
    process(
        "main",
        "begun -> both; both -> tell -> told; both -> heard -> done",
        gateway("both", "parallel"),
        task("tell", attributes="messageRef='message_news'", kind="sendTask"),
        f"<intermediateCatchEvent id='heard' name='heard'>{caught('message', 'news')}</intermediateCatchEvent>",
    ),
    case("tell, told > done"),
)
ACTIVITIES.runs(
    "ReceiveTask",
    process("main", "begun -> hear -> done", task("hear", attributes="messageRef='message_news'", kind="receiveTask")),
    case("hear > done", "send news"),
    counter(" | waiting"),
)  # fmt: skip
# Only commands begin cases.
ACTIVITIES.refused(
    "ReceiveTask_Instantiate",
    "unsupported-element",
    process(
        "main", "hear -> done",
        task("hear", attributes="messageRef='message_news' instantiate='true'", kind="receiveTask"),
    ),
    case("hear > done", "nobody", "send news"),
    counter("| nothing begun", "nobody", "send other"),
)  # fmt: skip

QUANTITIES = Group("errors")
for name, rule, marker in (
    ("LoopTask_NegativeLoopMaximum", "bad-loop", repeat("true", most="-1")),
    ("MultiInstanceTask_NegativeLoopCardinality", "bad-count", many("-1")),
):
    QUANTITIES.refused(
        name,
        rule,
        process("main", "begun -> task1 -> task2 -> done", task("task1", marker), task("task2")),
        case(" | incident"),
    )
for name, quantity in {
    "Token_StartQuantity_Two": "startQuantity='2'",
    "Token_StartQuantity_Zero": "startQuantity='0'",
    "Token_CompletionQuantity_Zero": "completionQuantity='0'",
}.items():
    QUANTITIES.refused(
        name,
        "not-executed",
        process("main", "begun -> task1 -> task2 -> done", task("task1"), task("task2", attributes=quantity)),
        case("task1 | hang"),
    )

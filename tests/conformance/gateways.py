"""Gateways alone and mixed, and what stands between a split and a join of another kind."""

from families import catch, caught, gateway, process, timer, user

from tests.conformance.construct import Case, Group, case, counter
from tests.conformance.drawing import task

GATEWAYS = Group("gateways")
ERRORS = Group("errors")
A, B = 'contains(wanted, "a")', 'contains(wanted, "b")'
TASKS = (task("task1"), task("task2"), task("task3"))


def split_and_join(split: str, join: str, *, default: bool = True, join_kind: str = "") -> str:
    """begun → split → task1 (a), task2 (b), task3 (default) → join → task4 → done."""
    third = "split -> task3 -> join" if default else ""
    return process(
        "main",
        f"begun -> split; split -> task1 ? {A}; split -> task2 ? {B}; {third}; "
        "task1 -> join; task2 -> join; join -> task4 -> done".replace("; ;", ";"),
        gateway("split", split, "task3" if default else ""),
        gateway("join", join),
        *(TASKS if default else TASKS[:2]),
        task("task4"),
    )


CHOICES = (
    case("task1 > task4 > done", wanted="a"),
    case("task2 > task4 > done", wanted="b"),
    case("task1 > task4 > done", wanted="ab"),
    case("task3 > task4 > done", wanted="c"),
)
SEVERAL = (
    case("task1 > task4 > done", wanted="a"),
    case("task2 > task4 > done", wanted="b"),
    case("task1, task2 > task4 > done", wanted="ab"),
    case("task3 > task4 > done", wanted="c"),
)
GATEWAYS.runs("ExclusiveGateway", split_and_join("exclusive", "exclusive"), *CHOICES)
GATEWAYS.runs(
    "ExclusiveGateway_Default",
    process(
        "main",
        f"begun -> split; split -> task1 ? {A}; split -> task2 ? {B}; split -> task3; task1 -> one; task2 -> two; task3 -> three",
        gateway("split", "exclusive", "task3"),
        *TASKS,
    ),
    case("task1 > one", wanted="a"),
    case("task2 > two", wanted="b"),
    case("task1 > one", wanted="ab"),
    case("task3 > three", wanted="c"),
)
GATEWAYS.runs(
    "ExclusiveDiverging_InclusiveConverging", split_and_join("exclusive", "inclusive"), *CHOICES[:3]
)
BOTH = "begun -> split; split -> task1; split -> task2; task1 -> join; task2 -> join; join -> task4 -> done"


def both(join: str) -> str:
    return process(
        "main", BOTH, gateway("split", "parallel"), gateway("join", join), *TASKS[:2], task("task4")
    )


GATEWAYS.runs("ParallelGateway", both("parallel"), case("task1, task2 > task4 > done"))
GATEWAYS.runs("InclusiveGateway", split_and_join("inclusive", "inclusive"), *SEVERAL)
GATEWAYS.runs("InclusiveGateway_Default", split_and_join("inclusive", "inclusive"), SEVERAL[3], *SEVERAL[:3])
GATEWAYS.runs(
    "InclusiveDiverging_ExclusiveConverging",
    split_and_join("inclusive", "exclusive"),
    *SEVERAL[:2],
    case("task1, task2, task4, task4, done, done", wanted="ab"),
)
GATEWAYS.runs(
    "ParallelDiverging_ExclusiveConverging", both("exclusive"), case("task1, task2, task4, task4, done, done")
)
GATEWAYS.runs("ParallelDiverging_InclusiveConverging", both("inclusive"), case("task1, task2 > task4 > done"))
GATEWAYS.runs(
    "ParallelGateway_TrueParallelism",
    process(
        "main",
        "begun -> split; split -> ask1 -> join; split -> ask2 -> join; join -> done",
        gateway("split", "parallel"), gateway("join", "parallel"), user("ask1"), user("ask2"),
    ),
    case("ask2 > ask1 > done", "ask2", "ask1"),
    case("ask1 > ask2 > done", "ask1", "ask2"),
    counter("ask1 | waiting", "ask1"),
)  # fmt: skip
GATEWAYS.runs(
    "ExclusiveGatewayMixed",
    process(
        "main",
        f"begun -> split; split -> task1 ? {A}; split -> task2; task1 -> mixed; task2 -> mixed; "
        f"mixed -> task3 ? {B}; mixed -> task4; task3 -> done; task4 -> done",
        gateway("split", "exclusive", "task2"), gateway("mixed", "exclusive", "task4"), *TASKS, task("task4"),
    ),
    case("task1 > task4 > done", wanted="a"),
    case("task2 > task3 > done", wanted="b"),
    case("task1 > task3 > done", wanted="ab"),
)  # fmt: skip
COMPLEX_JOIN = "<complexGateway id='join' name='join'><activationCondition>activationCount >= 1</activationCondition></complexGateway>"
GATEWAYS.refused(
    "ComplexGateway",
    "unsupported-element",
    process(
        "main", BOTH, gateway("split", "parallel"), COMPLEX_JOIN.replace(">=", "&gt;="), *TASKS[:2], task("task4")
    ),
    case("task1, task2, task4, done"),
)  # fmt: skip


def waiting_for(*events: str) -> str:
    flows = "; ".join(f"wait -> heard{n} -> task{n} -> done{n}" for n in range(1, len(events) + 1))
    return process(
        "main", f"begun -> wait; {flows}", gateway("wait", "eventBased"),
        *(catch(f"heard{n}", event) for n, event in enumerate(events, 1)), *TASKS[: len(events)],
    )  # fmt: skip


DEFERRED: tuple[Case, ...] = (
    case("task1 > done1", "send first"),
    case("task2 > done2", "send second"),
    counter(" | waiting"),
)
GATEWAYS.runs(
    "EventBasedGateway_Signals",
    waiting_for(caught("signal", "first"), caught("signal", "second")),
    case("task1 > done1", "signal first"),
    case("task2 > done2", "signal second"),
    counter(" | waiting", "signal third"),
)
GATEWAYS.runs(
    "EventBasedGateway_Timer",
    waiting_for(timer("PT2H"), timer("PT1H")),
    case("task2 > done2", "clock"),
    counter(" | waiting"),
)

ERRORS.refused(
    "ParallelGateway_Conditions",
    "condition-ignored",
    process(
        "main",
        f"begun -> split; split -> task1 ? {A}; split -> task2 ? {B}; task1 -> one; task2 -> two",
        gateway("split", "parallel"), *TASKS[:2],
    ),
    *(case("task1, task2, one, two", wanted=wanted) for wanted in ("a", "b", "ab", "c")),
)  # fmt: skip
ERRORS.refused(
    "ExclusiveDiverging_ParallelConverging",
    "join-never",
    split_and_join("exclusive", "parallel"),
    case("task1 | hang", wanted="a"),
)
ERRORS.refused(
    "InclusiveDiverging_ParallelConverging",
    "join-never",
    split_and_join("inclusive", "parallel", default=True),
    case("task1 | hang", wanted="a"),
    case("task2 | hang", wanted="b"),
    case("task1, task2 | hang", wanted="ab"),
)

"""Every other element and attribute of BPMN as a tiny model: tasks, sub-processes, gateways, flows, data, pools, notes."""

from collections.abc import Iterator

from families import boundary, call, catch, caught, gateway, process, service, sub_process, timer, user

from tests.conformance.activities import LOOPING, _counted
from tests.conformance.construct import Case, Construct, case, construct, counter
from tests.conformance.drawing import body, event_body, flow, many, repeat, start, task
from tests.conformance.event_rows import HOUR
from tests.conformance.gateways import COMPLEX_JOIN, TASKS, both, split_and_join, waiting_for

LINE = "begun -> one -> task1 -> done"
PASSES = case("one > task1 > done")
WORKED = case("one > task1 > done", "one")


def _line(
    what: str, element: str, *cases: Case, roots: str = "", more: str = "", group: str = ""
) -> Construct:
    """The element with the id `one` stands between the start and task1."""
    return construct(
        group, what, process("main", LINE, element, task("task1"), more), *(cases or (PASSES,)), roots=roots
    )


def task_rows() -> Iterator[Construct]:
    yield _line("task", task("one", kind="task"), WORKED, counter("| waiting"), group="tasks")
    yield _line("userTask", user("one"), WORKED, counter("| waiting"), group="tasks")
    yield _line("manualTask", task("one", kind="manualTask"), WORKED, counter("| waiting"), group="tasks")
    yield _line("scriptTask", task("one"), group="tasks")
    yield _line(
        "scriptTask in another language", task("one", attributes="scriptFormat='groovy'"), group="tasks"
    )
    yield _line("serviceTask with a topic", service("one", "record"), group="tasks")
    yield _line("serviceTask without a topic", task("one", kind="serviceTask"), group="tasks")
    yield _line(
        "sendTask with a message",
        task("one", attributes="messageRef='message_news'", kind="sendTask"),
        group="tasks",
    )
    yield _line(
        "receiveTask", task("one", attributes="messageRef='message_news'", kind="receiveTask"),
        case("one > task1 > done", "send news"), counter("| waiting"), group="tasks",
    )  # fmt: skip
    yield construct(
        "tasks", "receiveTask that starts the process",
        process("main", "one -> done", task("one", attributes="messageRef='message_news' instantiate='true'", kind="receiveTask")),
        case("one > done", "nobody", "send news"), counter("| nothing begun", "nobody"),
    )  # fmt: skip
    yield _line("businessRuleTask without a decision", task("one", kind="businessRuleTask"), group="tasks")
    for kind, inside in (
        ("globalUserTask", ""), ("globalManualTask", ""), ("globalTask", ""), ("globalScriptTask", "<script>ran = true</script>"),
    ):  # fmt: skip
        key, groups = (
            f"called_{kind.lower()}",
            "camunda:candidateGroups='first_receiver'" if "User" in kind else "",
        )
        acts, counters = ((), ()) if inside else ((f"{key}_task",), (counter("| waiting"),))
        yield _line(
            kind, call("one", key), case(f"{key}_task > task1 > done", *acts), *counters,
            roots=f"<{kind} id='{key}' name='{key}' {groups}>{inside}</{kind}>", group="tasks",
        )  # fmt: skip
    yield _line("isForCompensation", task("one", attributes="isForCompensation='true'"), group="tasks")
    yield _line("startQuantity", task("one", attributes="startQuantity='2'"), group="tasks")
    yield _line("completionQuantity", task("one", attributes="completionQuantity='2'"), group="tasks")
    yield _line(
        "ioSpecification",
        task(
            "one",
            "<ioSpecification><dataInput id='d_in' name='seen'/><inputSet><dataInputRefs>d_in</dataInputRefs></inputSet><outputSet/></ioSpecification>",
        ),
        group="tasks",
    )
    yield _line(
        "resource roles",
        user(
            "one",
            inside="<potentialOwner id='owner'><resourceAssignmentExpression><formalExpression>staff</formalExpression></resourceAssignmentExpression></potentialOwner>",
        ),
        WORKED,
        group="tasks",
    )


def loop_rows() -> Iterator[Construct]:
    for what, marker in (
        ("multi-instance, parallel", many("count")),
        ("multi-instance, sequential", many("count", in_turn=True)),
        (
            "multi-instance over a collection",
            "<multiInstanceLoopCharacteristics camunda:collection='items' camunda:elementVariable='item'/>",
        ),
        (
            "multi-instance over loopDataInputRef",
            "<multiInstanceLoopCharacteristics><loopDataInputRef>items</loopDataInputRef></multiInstanceLoopCharacteristics>",
        ),
    ):
        yield _line(
            what, task("one", marker), case("one > one > task1 > done", count=2, items=[1, 2]),
            counter("task1 > done", count=0, items=[]), group="loops",
        )  # fmt: skip
    yield _line(
        "completionCondition", task("one", many("3", in_turn=True, inside="<completionCondition>nrOfCompletedInstances = enough</completionCondition>")),
        case("one > one > task1 > done", enough=2), counter("one > one > one > task1 > done", enough=9), group="loops",
    )  # fmt: skip
    for behavior in ("None", "One", "Complex"):
        yield _line(
            f"multi-instance, behavior {behavior}", task("one", many(behavior=behavior)), group="loops"
        )
    again = case("task1 > task1 > done", rounds=0, wanted=2)
    for what, loop, cases in (
        (
            "standard loop, tested before",
            repeat(LOOPING, before=True),
            (again, counter("done", rounds=5, wanted=1)),
        ),
        (
            "standard loop, tested after",
            repeat(LOOPING),
            (again, counter("task1 > done", rounds=5, wanted=1)),
        ),
        (
            "standard loop with loopMaximum",
            repeat("true", most="2"),
            (case("task1 > task1 > done", rounds=0),),
        ),
    ):
        yield construct("loops", what, process("main", "begun -> task1 -> done", _counted(loop)), *cases)


def scope_rows() -> Iterator[Construct]:
    inner = ("in -> one -> out", task("one"))
    through = case("one > out > task1 > done")
    yield construct(
        "scopes", "process with a recurring rule at its start, begun by hand",
        process("main", LINE, start("begun", timer("every week by friday", "Cycle")), task("one"), task("task1")), PASSES,
    )  # fmt: skip
    yield construct(
        "scopes",
        "subProcess",
        process("main", "begun -> inner -> task1 -> done", sub_process("inner", *inner), task("task1")),
        through,
    )
    yield construct(
        "scopes", "subProcess without start and end",
        process("main", "begun -> inner -> task1 -> done", body("inner", "", task("one")), task("task1")), PASSES,
    )  # fmt: skip
    yield construct(
        "scopes", "transaction",
        process("main", "begun -> inner -> task1 -> done", body("inner", *inner, kind="transaction"), task("task1")), through,
    )  # fmt: skip
    for ordering in ("Parallel", "Sequential"):
        yield construct(
            "scopes", f"adHocSubProcess, {ordering.lower()}",
            process("main", "begun -> inner -> done", body("inner", "", task("one"), kind="adHocSubProcess", attributes=f"ordering='{ordering}'")),
            case("one > done"),
        )  # fmt: skip
    yield construct(
        "scopes", "callActivity",
        process("main", "begun -> call_it -> task1 -> done", call("call_it", "row_called"), task("task1")),
        process("row_called", "in -> one -> out", task("one")), through,
    )  # fmt: skip
    yield construct(
        "scopes", "event sub-process inside a sub-process",
        process(
            "main", "begun -> inner -> done",
            sub_process("inner", "in -> ask -> out", user("ask"), event_body("handler", "told -> task1 -> handled", start("told", HOUR), task("task1"))),
        ),
        case("task1 > handled > done", "clock"), counter("ask > out > done", "ask"),
    )  # fmt: skip
    yield construct(
        "scopes",
        "process without start and end",
        process("main", "one -> task1", task("one"), task("task1")),
        case("one > task1"),
    )
    yield construct(
        "scopes", "several start events",
        process("main", "begun -> one -> done; also_begun -> one", task("one")), case("one, one, done, done"),
    )  # fmt: skip
    yield construct(
        "scopes",
        "process that is not executable",
        process("main", LINE, task("one"), task("task1")).replace(
            'isExecutable="true"', 'isExecutable="false"'
        ),
        PASSES,
    )


def gateway_rows() -> Iterator[Construct]:
    chosen = case("task1 > task4 > done", wanted="a")
    yield construct(
        "gateways",
        "exclusiveGateway",
        split_and_join("exclusive", "exclusive"),
        chosen,
        counter("task3 > task4 > done", wanted=""),
    )
    yield construct(
        "gateways",
        "inclusiveGateway",
        split_and_join("inclusive", "inclusive"),
        case("task1, task2 > task4 > done", wanted="ab"),
        counter("task3 > task4 > done", wanted=""),
    )
    yield construct("gateways", "parallelGateway", both("parallel"), case("task1, task2 > task4 > done"))
    yield construct(
        "gateways", "eventBasedGateway", waiting_for(caught("message", "first"), HOUR),
        case("task1 > done1", "send first"), case("task2 > done2", "clock"), counter("| waiting"),
    )  # fmt: skip
    for what, attributes in (
        ("that starts the process", "instantiate='true'"),
        ("of type Parallel", "instantiate='true' eventGatewayType='Parallel'"),
    ):
        yield construct(
            "gateways", f"eventBasedGateway {what}",
            process(
                "main", "wait -> heard -> task1 -> done", f"<eventBasedGateway id='wait' name='wait' {attributes}/>",
                catch("heard", caught("message", "news")), task("task1"),
            ),
            case("task1 > done", "nobody", "send news"), counter("| nothing begun", "nobody"),
        )  # fmt: skip
    yield construct(
        "gateways", "complexGateway",
        process("main", "begun -> split; split -> task1 -> join; split -> task2 -> join; join -> done", gateway("split", "parallel"), COMPLEX_JOIN.replace(">=", "&gt;="), *TASKS[:2]),
        case("task1, task2, done"),
    )  # fmt: skip
    yield construct(
        "gateways",
        "exclusiveGateway without a default",
        split_and_join("exclusive", "exclusive", default=False),
        chosen,
    )
    yield construct(
        "gateways", "conditions behind a parallelGateway",
        process("main", "begun -> split; split -> task1 ? wanted = 1; split -> task2 ? wanted = 2; task1 -> one; task2 -> two", gateway("split", "parallel"), *TASKS[:2]),
        case("task1, task2, one, two", wanted=1),
    )  # fmt: skip


def flow_rows() -> Iterator[Construct]:
    two = (task("task1"), task("task2"))
    either = "begun -> one; one -> task1 ? amount > 5; one -> task2; task1 -> done1; task2 -> done2"
    yield construct(
        "flows", "several flows out of a task",
        process("main", "begun -> one; one -> task1 -> done1; one -> task2 -> done2", task("one"), *two), case("one > task1, task2, done1, done2"),
    )  # fmt: skip
    yield construct(
        "flows", "condition on a flow out of a task", process("main", either, task("one"), *two),
        case("one > task1, task2, done1, done2", amount=6), counter("one > task2 > done2", amount=1),
    )  # fmt: skip
    yield construct(
        "flows", "default flow of a task", process("main", either, task("one", attributes="default='one_task2'"), *two),
        case("one > task1 > done1", amount=6), counter("one > task2 > done2", amount=1),
    )  # fmt: skip
    yield construct(
        "flows", "the only flow of a task with a condition",
        process("main", "begun -> one; one -> task1 ? amount > 5; task1 -> done", task("one"), task("task1")),
        case("one > task1 > done", amount=6), counter("one", amount=1),
    )  # fmt: skip
    yield construct(
        "flows", "sequenceFlow without an id",
        process("main", "begun -> one; task1 -> done", task("one"), task("task1"), flow("lost", "one", "task1").replace(" id='lost'", "")), PASSES,
    )  # fmt: skip
    yield construct(
        "flows", "white space around references", process("main", LINE, task("one"), task("task1")).replace("targetRef='task1'", "targetRef=' task1 '"), PASSES,
    )  # fmt: skip


def data_rows() -> Iterator[Construct]:
    line = "<dataOutputAssociation><sourceRef>written</sourceRef><targetRef>note_here</targetRef>{}</dataOutputAssociation>"
    io = "<ioSpecification><dataOutput id='written' name='note'/><inputSet/><outputSet><dataOutputRefs>written</dataOutputRefs></outputSet></ioSpecification>"
    objects = "<dataObject id='note'/><dataObjectReference id='note_here' dataObjectRef='note'/>"
    yield _line("dataObject", task("one"), more=objects, group="data")
    yield _line("dataObject with lines", task("one", io + line.format("")), more=objects, group="data")
    assigned = "<assignment><from>a</from><to>b</to></assignment>"
    yield _line(
        "data association with an assignment",
        task("one", io + line.format(assigned)),
        more=objects,
        group="data",
    )
    yield _line(
        "dataStore",
        task("one"),
        more="<dataStoreReference id='kept_here' dataStoreRef='kept'/>",
        roots="<dataStore id='kept' name='kept'/>",
        group="data",
    )
    yield _line("property", task("one", "<property id='kept' name='kept'/>"), group="data")
    yield _line(
        "itemDefinition",
        task("one"),
        roots="<itemDefinition id='kind_of' structureRef='text'/>",
        group="data",
    )


def drawing_rows() -> Iterator[Construct]:
    yield _line(
        "lane",
        task("one"),
        more="<laneSet id='lanes'><lane id='front' name='front'><flowNodeRef>one</flowNodeRef></lane></laneSet>",
        group="drawing",
    )
    pools = "<participant id='we' name='we' processRef='main'/><participant id='they' name='they'/>"
    yield _line(
        "participant",
        task("one"),
        roots=f"<collaboration id='pools'>{pools}</collaboration>".replace("'main'", '"main"'),
        group="drawing",
    )
    sent = "<messageFlow id='sent' sourceRef='one' targetRef='they'/>"
    yield _line(
        "messageFlow",
        task("one"),
        roots=f"<collaboration id='pools'>{pools}{sent}</collaboration>".replace("'main'", '"main"'),
        group="drawing",
    )
    yield _line(
        "textAnnotation and association",
        task("one"),
        more="<textAnnotation id='note'><text>read me</text></textAnnotation><association id='to_note' sourceRef='one' targetRef='note'/>",
        group="drawing",
    )
    yield _line("group", task("one"), more="<group id='around'/>", group="drawing")
    yield _line("documentation", task("one", "<documentation>why</documentation>"), group="drawing")
    yield _line(
        "monitoring and auditing", task("one", "<auditing id='a'/><monitoring id='m'/>"), group="drawing"
    )
    yield _line("resource", task("one"), roots="<resource id='staff' name='staff'/>", group="drawing")
    yield _line(
        "conversation",
        task("one"),
        roots="<collaboration id='talk'><participant id='we' name='we'/><conversation id='c'/></collaboration>",
        group="drawing",
    )
    yield _line(
        "choreography",
        task("one"),
        roots="<choreography id='dance'><participant id='we' name='we'/><participant id='they' name='they'/><startEvent id='c_begun'/></choreography>",
        group="drawing",
    )
    key = "<correlationKey id='k' name='k'><correlationPropertyRef>number</correlationPropertyRef></correlationKey>"
    prop = "<correlationProperty id='number' name='number'><correlationPropertyRetrievalExpression messageRef='message_news'><messagePath>number</messagePath></correlationPropertyRetrievalExpression></correlationProperty>"
    yield _line(
        "correlation of messages",
        task("one"),
        roots=f"{prop}<collaboration id='talk'>{pools}{key}</collaboration>".replace("'main'", '"main"'),
        group="drawing",
    )


HOSTS = {
    "userTask": (user("ask"), "ask", ("ask",)),
    "receiveTask": (
        task("ask", attributes="messageRef='message_news'", kind="receiveTask"),
        "ask",
        ("send news",),
    ),
    "subProcess": (sub_process("ask", "in -> ask1 -> out", user("ask1")), "ask1 > out", ("ask1",)),
    "transaction": (
        body("ask", "in -> ask1 -> out", user("ask1"), kind="transaction"),
        "ask1 > out",
        ("ask1",),
    ),
    "multi-instance": (user("ask", inside=many("2")), "ask > ask", ("ask", "ask")),
    "multi-instance, sequential": (user("ask", inside=many("2", in_turn=True)), "ask > ask", ("ask", "ask")),
    "standard loop": (user("ask", inside=repeat("again")), "ask", ("ask",)),
}


def host_rows() -> Iterator[Construct]:
    """A timer on each kind of host: it comes, or the host is done before. Then nothing of either is left."""
    for host, (drawn, left, acts) in HOSTS.items():
        for cancels in (True, False):
            model = process(
                "main", "begun -> ask -> done; late -> task1 -> gone", drawn, boundary("late", "ask", HOUR, cancels=cancels), task("task1"),
            )  # fmt: skip
            came = (
                case("task1 > gone", "clock", again=False)
                if cancels
                else case(f"task1 > gone > {left} > done", "clock", *acts, again=False)
            )
            yield construct(
                "hosts",
                f"{host}, {'interrupted' if cancels else 'not interrupted'}",
                model,
                came,
                counter(f"{left} > done", *acts, again=False),
            )
    called = process("host_called", "in -> ask1 -> out", user("ask1"))
    model = process(
        "main",
        "begun -> ask -> done; late -> task1 -> gone",
        call("ask", "host_called"),
        boundary("late", "ask", HOUR),
        task("task1"),
    )
    yield construct(
        "hosts",
        "callActivity, interrupted",
        model,
        called,
        case("task1 > gone", "clock"),
        counter("ask1 > out > done", "ask1"),
    )


AREAS = {
    "Tasks": task_rows, "Loops and instances": loop_rows, "Processes and sub-processes": scope_rows,
    "Gateways": gateway_rows, "Boundary events by what they sit on": host_rows, "Flows": flow_rows, "Data": data_rows, "Pools, lanes, notes": drawing_rows,
}  # fmt: skip

"""Lanes, pools, sequence flows with and without conditions; and data."""

from families import gateway, process, script

from tests.conformance.construct import Group, case, counter
from tests.conformance.drawing import task

BASICS = Group("basics")
DATA = Group("data")
LANES = (
    "<laneSet id='lanes'><lane id='front' name='front'><flowNodeRef> task1 </flowNodeRef></lane>"
    "<lane id='back' name='back'><flowNodeRef>task2</flowNodeRef></lane></laneSet>"
)

BASICS.runs(
    "Lanes",
    process("main", "begun -> task1 -> task2 -> done", LANES, task("task1"), task("task2")),
    case("task1 > task2 > done"),
)
BASICS.runs(
    "Participant",
    process("main", "begun -> task1 -> done", task("task1")),
    case("task1 > done"),
    roots=(
        '<collaboration id="pools"><participant id="we" name="we" processRef="main"/>'
        '<participant id="they" name="they"/></collaboration>'
    ),
)
BASICS.runs(
    "SequenceFlow",
    process("main", "begun -> task1 -> task2 -> done", task("task1"), task("task2")),
    case("task1 > task2 > done"),
)
CHOICE = "begun -> task1; task1 -> task2 ? amount > 5; task1 -> task3; task2 -> done2; task3 -> done3"
BASICS.runs(
    "SequenceFlow_Conditional",
    process("main", CHOICE, task("task1"), task("task2"), task("task3")),
    case("task1 > task2, task3, done2, done3", amount=6),
    counter("task1 > task3 > done3", amount=1),
)
DEFAULT = task("task1", attributes="default='task1_task3'")
BASICS.runs(
    "SequenceFlow_ConditionalDefault",
    process("main", CHOICE, DEFAULT, task("task2"), task("task3")),
    case("task1 > task2 > done2", amount=6),
    counter("task1 > task3 > done3", amount=1),
)
BASICS.runs(
    "SequenceFlow_ConditionalDefault_Normal",
    process(
        "main", f"{CHOICE}; task1 -> task4 -> done4", DEFAULT, task("task2"), task("task3"), task("task4")
    ),
    case("task1 > task2, task4, done2, done4", amount=6),
    # The default is for the conditions; a flow without one is taken in any case.
    counter("task1 > task3, task4, done3, done4", amount=1),
)
# A data object is a variable of its name; what a task says in its script is what crosses the line.
DATA.runs(
    "DataObject_ReadWrite_String",
    process(
        "main",
        "begun -> write -> is_read; is_read -> task1 ? note = \"text\"; is_read -> task2; task1 -> done; task2 -> missed",
        "<dataObject id='note'/><dataObjectReference id='note_here' dataObjectRef='note'/>",
        "<scriptTask id='write' name='write'><ioSpecification><dataOutput id='written' name='note'/><inputSet/>"
        "<outputSet><dataOutputRefs>written</dataOutputRefs></outputSet></ioSpecification><dataOutputAssociation>"
        "<sourceRef>written</sourceRef><targetRef>note_here</targetRef></dataOutputAssociation>"
        '<script>note = "text"</script></scriptTask>',
        gateway("is_read", default="task2"), task("task1"), task("task2"),
    ),
    case("write > task1 > done", note="empty"),
)  # fmt: skip
DATA.runs(
    "Property_ReadWrite_String",
    process(
        "main",
        'begun -> write -> is_read; is_read -> task1 ? note = "text"; is_read -> task2; task1 -> done; task2 -> missed',
        "<property id='note' name='note'/>",
        script("write", 'note = "text"'),
        "<exclusiveGateway id='is_read' default='is_read_task2'/>",
        task("task1"),
        task("task2"),
    ),
    case("write > task1 > done", note="empty"),
)

"""Legal ways to write that the engine misreads: white space, `1` for yes, prefixes, references to definitions."""

from bpmn_stories import HEAD, flows, process
from rewritten import found, notes, rewritten, told

from engine.diagrams import read_diagram

START, END = '<startEvent id="received"/>', '<endEvent id="closed"/>'


def test_white_space_around_references_is_none():
    drawn = process(
        START + '<userTask id=" handle "/>' + END
        + '<sequenceFlow id="a" sourceRef="received " targetRef="\n handle"/><sequenceFlow id="b" sourceRef="handle" targetRef=" closed"/>'
    )  # fmt: skip

    assert told(drawn).complete("handle").changes.ended.element_id == "closed"
    assert ("text", "a") in notes(drawn)


def test_one_is_yes():
    drawn = f'<process id="p" isExecutable="1">{START}{END}{flows("received>closed")}</process>'

    assert found(rewritten(drawn).root, "p").get("isExecutable") == "true"
    assert notes(drawn) == [("text", "p")]


def test_a_prefix_of_the_file_is_left_out_of_references():
    drawn = process(
        START + '<receiveTask id="wait" messageRef="own:m"/>' + END + flows("received>wait", "wait>closed")
    ).replace("<process", '<process xmlns:own="t"')

    root = rewritten(drawn, extra='<message id="m" name="reply"/>').root

    assert found(root, "wait").get("messageRef") == "m"


def test_an_expression_is_no_prefix():
    drawn = process(START + '<callActivity id="call" calledElement="${a:b}"/>' + END)

    assert found(rewritten(drawn).root, "call").get("calledElement") == "${a:b}"


def test_a_definition_at_the_root_is_put_where_it_is_named():
    drawn = process(
        START + '<intermediateCatchEvent id="pause"><eventDefinitionRef> wait </eventDefinitionRef></intermediateCatchEvent>'
        + END + flows("received>pause", "pause>closed")
    )  # fmt: skip
    extra = '<timerEventDefinition id="wait"><timeDuration>PT1H</timeDuration></timerEventDefinition>'

    story = told(drawn, extra=extra)

    assert story.places("timer") == ["pause"]
    assert notes(drawn, extra=extra) == [("event-definition", "pause")]
    assert story.fire("pause").run.is_completed


def test_a_comment_does_not_cut_a_condition():
    drawn = (
        f"{HEAD}<process id='p' isExecutable='true'>{START}<exclusiveGateway id='choice' default='f2_choice'/>{END}"
        + flows("received>choice", "choice>closed?1 == 1<!-- whatever --> and 1 == 2", "choice>closed")
        + "</process></definitions>"
    )

    read = read_diagram(drawn.encode(), "p.bpmn").processes[0]

    assert read.flows["f1_choice"].condition == "1 == 1 and 1 == 2"

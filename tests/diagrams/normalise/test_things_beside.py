"""What stands beside the flow: drawn data, global tasks, extensions with borrowed ids."""

from bpmn_stories import flows, process
from rewritten import found, notes, rewritten, told

START, END = '<startEvent id="received"/>', '<endEvent id="closed"/>'


def with_data(inner: str = "") -> str:
    line = f"<sourceRef>order_ref</sourceRef><targetRef>taken</targetRef>{inner}"
    task = (
        '<userTask id="handle"><ioSpecification><dataInput id="taken"/><inputSet><dataInputRefs>taken</dataInputRefs></inputSet>'
        f"<outputSet/></ioSpecification><dataInputAssociation>{line}</dataInputAssociation></userTask>"
    )
    return process(
        '<dataObject id="order"/><dataObjectReference id="order_ref" dataObjectRef="order"/>'
        + START + task + END + flows("received>handle", "handle>closed")
    )  # fmt: skip


def test_data_that_is_only_drawn_is_left_out():
    drawn, store = with_data(), '<dataStore id="archive"/>'

    assert notes(drawn) == [("data", "handle")]
    root = rewritten(drawn, extra=store).root
    assert not [
        one for tag in ("dataObject", "dataStore", "ioSpecification") for one in root.iter(f"{{*}}{tag}")
    ]
    assert told(drawn, extra=store).complete("handle").run.is_completed


def test_data_that_moves_is_left_to_lint():
    drawn = with_data("<assignment><from>1</from><to>2</to></assignment>")

    assert notes(drawn) == []
    assert rewritten(drawn).root.find(".//{*}dataInputAssociation") is not None


def test_a_global_task_is_a_process_of_one_step():
    drawn = process(
        START
        + '<callActivity id="ask" calledElement="ask_customer"/>'
        + END
        + flows("received>ask", "ask>closed")
    )
    extra = '<globalUserTask id="ask_customer" name="Ask"/>'

    story = told(drawn, extra=extra)

    assert story.places() == ["ask_customer_task"]
    assert story.complete("ask_customer_task").log == ["received", "ask_customer_task", "ask", "closed"]
    assert notes(drawn, extra=extra) == [("global-task", "ask_customer")]


def test_an_extension_cannot_borrow_the_id_of_an_element():
    field = '<extensionElements><c:formField xmlns:c="http://camunda.org/schema/1.0/bpmn" id="reply"/></extensionElements>'
    drawn = process(
        START + f'<userTask id="handle">{field}</userTask><userTask id="reply"/>' + END
        + flows("received>handle", "handle>reply", "reply>closed")
    )  # fmt: skip

    assert told(drawn).complete("handle").places() == ["reply"]
    assert notes(drawn) == [("extension-id", "reply")]
    assert found(rewritten(drawn).root, "reply").tag.endswith("userTask")


def iterated(inner: str) -> str:
    loop = f"<multiInstanceLoopCharacteristics>{inner}</multiInstanceLoopCharacteristics>"
    return process(
        START + f'<userTask id="ask">{loop}</userTask>' + END + flows("received>ask", "ask>closed")
    )


def test_a_list_may_be_named_as_the_standard_does():
    drawn = iterated('<loopDataInputRef>people</loopDataInputRef><inputDataItem name="person"/>')

    story = told(drawn, people=["a", "b"])

    assert story.places() == ["ask", "ask"]
    assert {scope["person"] for key, scope in story.scopes.items() if key != "case"} == {"a", "b"}
    assert notes(drawn) == [("collection", "ask")]


def test_a_list_that_is_a_data_object_or_gives_something_back_is_left_to_lint():
    named = '<dataObjectReference id="people"/>' + iterated("<loopDataInputRef>people</loopDataInputRef>")
    given = iterated("<loopDataInputRef>people</loopDataInputRef><loopDataOutputRef>x</loopDataOutputRef>")

    assert notes(named) == []
    assert notes(given) == []

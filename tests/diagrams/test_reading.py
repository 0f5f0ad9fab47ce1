"""Reading a diagram: every convention of design section 4, and a model that survives JSON."""

import orjson
import pytest
from drawings import (
    SOUND,
    definitions,
    end,
    extension,
    flows,
    line,
    node,
    process,
    properties,
    read,
    start,
    task,
)

from engine.diagrams import ProcessModel, TimerText, VariableMapping, parse_xml
from engine.spiff import compile_process, restore_process


@pytest.fixture(scope="module")
def sound() -> ProcessModel:
    return read(definitions(SOUND)).processes[0]


def test_it_reads_a_process(sound):
    assert (sound.id, sound.name, sound.is_executable, sound.version_tag, sound.history_ttl) == (
        "answer_complaint", "答复投诉", True, "1", "P5Y",
    )  # fmt: skip
    assert sound.file == "complaint.bpmn"
    assert sound.lanes == {"staff": "经办"}
    assert [one.id for one in sound.start_events()] == ["received"]
    assert {one.id for one in sound.user_tasks()} == {"handle", "reply_customer", "approve"}


def test_it_reads_a_user_task(sound):
    found = sound.elements["reply_customer"]

    assert (found.kind, found.lane, found.assignee, found.candidate_groups) == (
        "userTask",
        "staff",
        "${names[0]}",
        "first_receiver",
    )
    assert (found.form_ref, found.due_date, found.follow_up_date, found.priority) == (
        "reply",
        "2 WD",
        "PT4H",
        "70",
    )
    assert found.source == ("CMP-01/T2",)
    assert (found.sla, found.sla_warn, found.sla_ladder, found.sla_pausable) == (
        "handle",
        "75%, 1 WD",
        "steep",
        "no",
    )
    assert found.incoming == ("both_to_reply_customer",)
    assert found.outgoing == ("reply_customer_to_both_done",)


def test_it_reads_boundary_events_and_timers(sound):
    late = sound.elements["reply_overdue"]

    assert (late.attached_to, late.cancels, late.timer) == (
        "reply_customer",
        False,
        TimerText("duration", '${limit("handle")}'),
    )
    assert sound.elements["customer_unreachable"].error_code == "unreachable"
    assert sound.elements["customer_unreachable"].cancels


def test_it_reads_work_for_handlers_and_decisions(sound):
    work, choose = sound.elements["notify_head"], sound.elements["find_level"]

    assert (work.implementation, work.topic, work.retry_cycle) == ("external", "notify", "R3/PT10M")
    assert (work.inputs, work.outputs) == ({"fee": "${fee}"}, {"sent": "${done}"})
    assert (choose.decision_ref, choose.result_variable, choose.map_decision_result) == (
        "level",
        "level",
        "singleEntry",
    )
    assert sound.elements["set_fee"].script == "fee = round(amount * 0.015, 2)"


def test_it_reads_calls_messages_and_iterations(sound):
    call = sound.elements["call_back"]
    loop = sound.elements["approve"].multi_instance

    assert call.called_element == "call_customer"
    assert call.in_mappings == (
        VariableMapping(source="level", target="level"),
        VariableMapping(source_expression="${amount}", target="amount"),
    )
    assert call.out_mappings == (VariableMapping(variables="all"),)
    assert sound.elements["customer_replied"].message_name == "customer_replied"
    assert sound.elements["told_late"].escalation_code == "late"
    assert (loop.is_sequential, loop.collection, loop.element_variable) == (False, "names", "approver")
    assert loop.completion_condition == "${nrOfCompletedInstances >= 2}"


def test_it_knows_what_is_inside_of_what(sound):
    assert sound.elements["handle"].parent_id == "handle_large"
    assert list(sound.enclosing("handle")) == ["handle_large"]
    assert list(sound.enclosing("reply_customer")) == []


def test_it_reads_conditions_and_default_flows(sound):
    assert sound.flows["is_large_to_handle_large"].condition == "amount > 1000"
    assert sound.elements["is_large"].default_flow == "is_large_to_both"


def test_register_ids_lead_to_their_elements(sound):
    assert sound.sources == {"CMP-01/T2": ("reply_customer",)}
    assert [one.id for one in sound.clocked_elements()] == ["reply_customer"]


def test_the_process_itself_may_carry_a_clock():
    found = read(definitions(process(properties(sla="handle", source="CMP-01/T2") + line(task())))).processes[
        0
    ]

    assert [one.id for one in found.clocked_elements()] == ["answer_complaint"]
    assert found.sources["CMP-01/T2"] == ("answer_complaint",)


def test_it_survives_json(sound):
    again = ProcessModel.from_data(orjson.loads(orjson.dumps(sound.to_data())))

    assert again == sound
    assert again.to_data() == sound.to_data()


def test_a_model_stored_before_flows_had_languages_can_still_be_read(sound):
    data = orjson.loads(orjson.dumps(sound.to_data()))
    for flow in data["flows"]:
        del flow["condition_language"], flow["foreign"]

    assert ProcessModel.from_data(data) == sound


def test_what_is_sound_can_be_compiled_and_restored():
    root = parse_xml(definitions(SOUND), "complaint.bpmn")

    compiled = restore_process(
        "answer_complaint", compile_process("answer_complaint", {"complaint.bpmn": root})
    )

    assert compiled.process_key == "answer_complaint"
    assert "call_customer" in compiled.called


def test_a_lane_reference_may_have_spaces_around_it():
    drawn = (
        '<bpmn:laneSet><bpmn:lane id="staff"><bpmn:flowNodeRef>\n  reply_customer\n </bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>'
        + line(task())
    )

    assert read(drawn).processes[0].elements["reply_customer"].lane == "staff"


def test_a_condition_that_a_comment_cuts_is_read_whole():
    drawn = (
        start() + task() + end() + flows("received>reply_customer", "reply_customer>closed?amount &gt; 1")
    ).replace("amount &gt; 1", "amount &gt; 1<!-- large --> and false")

    assert read(drawn).processes[0].flows["reply_customer_to_closed"].condition == "amount > 1 and false"


def test_a_script_in_cdata_is_read_as_written():
    drawn = line(
        node("scriptTask", "set", "<bpmn:script><![CDATA[large = amount > 1 && amount < 9]]></bpmn:script>")
    )

    assert read(drawn).processes[0].elements["set"].script == "large = amount > 1 && amount < 9"


def test_any_prefix_will_do():
    plain = (
        definitions(process(line(task())))
        .replace(b"bpmn:", b"")
        .replace(b"xmlns:bpmn", b"xmlns")
        .replace(b'xmlns:bpmn="', b'xmlns="')
    )

    assert read(plain).processes[0].elements.keys() == {"received", "reply_customer", "closed"}


def test_parameters_keep_their_names_and_order():
    inner = extension(
        "<camunda:inputOutput>" + "".join(f'<camunda:inputParameter name="p{number}"> {number} </camunda:inputParameter>' for number in range(5)) + "</camunda:inputOutput>"
    )  # fmt: skip

    found = read(line(node("serviceTask", "work", inner, 'camunda:type="external" camunda:topic="notify"')))

    assert list(found.processes[0].elements["work"].inputs.items()) == [
        (f"p{number}", str(number)) for number in range(5)
    ]


def test_behind_an_event_gateway_the_event_that_names_the_message_catches_it(sound):
    assert sound.catcher("waiting", "customer_replied").id == "customer_replied"
    assert sound.catcher("waiting", "other").id == "waiting"
    assert sound.catcher("customer_replied", "customer_replied").id == "customer_replied"
    assert sound.catcher("nowhere", "customer_replied") is None

"""Two versions of a diagram side by side: what an owner changed, in words, and nothing that only moved on the paper."""

import pytest
from families import boundary, diagram, gateway, process, service, sub_process, timer, user

from engine.diagrams import read_diagram
from engine.diagrams.diff import compare_processes

FLOW = "received -> ask -> tell -> done"


def models(*processes):
    content = processes[0] if isinstance(processes[0], bytes) else diagram(*processes)
    return {one.id: one for one in read_diagram(content, "drawn.bpmn").processes}


def said(old, new, locale="en"):
    """`old` and `new`: processes, or the bytes of a diagram."""
    return [one.says(locale) for one in compare_processes(models(old), models(new))]


def test_the_same_diagram_has_no_change_wherever_its_lines_stand():
    one = process("asking", FLOW, user("ask"), user("tell"))
    other = process("asking", FLOW, user("tell"), "\n\n", user("ask"))

    assert said(one, other) == []


def test_what_was_added_and_removed_is_named_with_the_flows():
    before = process("asking", FLOW, user("ask"), user("tell"))
    after = process("asking", "received -> ask -> thank -> done", user("ask"), service("thank", "record"))

    assert said(before, after) == [
        "Removed user task “tell” (tell).",
        "Added service task “thank” (thank).",
        "Removed flow “ask → tell”.",
        "Removed flow “tell → done”.",
        "Added flow “ask → thank”.",
        "Added flow “thank → done”.",
    ]
    assert said(before, after, "zh")[:2] == ["删除用户任务“tell”（tell）。", "新增服务任务“thank”（thank）。"]


@pytest.mark.parametrize(
    ("before", "after", "en", "zh"),
    [
        (
            user("ask"),
            user("ask", "outlet_head"),
            "Changed user task “ask” (ask): roles that may take it: “first_receiver” → “outlet_head”.",
            "修改用户任务“ask”（ask）：可办理角色：“first_receiver”→“outlet_head”。",
        ),
        (
            user("ask", sla="handle"),
            user("ask", sla="answer"),
            "Changed user task “ask” (ask): limit: “handle” → “answer”.",
            "修改用户任务“ask”（ask）：时限：“handle”→“answer”。",
        ),
        (
            user("ask"),
            user("ask").replace("name='ask'", "name='问'"),
            "Changed user task “ask” (ask): name: “ask” → “问”.",
            "修改用户任务“ask”（ask）：名称：“ask”→“问”。",
        ),
        (
            user("ask"),
            user("ask", formRef="judge"),
            "Changed user task “ask” (ask): form: none → “judge”.",
            "修改用户任务“ask”（ask）：表单：无→“judge”。",
        ),
    ],
)
def test_a_changed_element_says_what_was_and_what_is(before, after, en, zh):
    flow = "received -> ask -> done"

    assert said(process("asking", flow, before), process("asking", flow, after)) == [en]
    assert said(process("asking", flow, before), process("asking", flow, after), "zh") == [zh]


def test_a_deadline_and_whether_it_interrupts():
    def drawn(text, cancels):
        late = boundary("late", "ask", timer(text), cancels=cancels)
        return process(
            "asking", "received -> ask -> done; late -> press -> pressed", user("ask"), late, user("press")
        )

    assert said(drawn("PT48H", False), drawn("PT24H", True)) == [
        "Changed boundary event “late” (late): interrupts: “✗” → “✓”; "
        "timer: “duration PT48H” → “duration PT24H”."
    ]


def test_a_condition_on_a_flow_and_where_the_default_leads():
    def drawn(amount, default):
        return process(
            "asking",
            f"received -> choose -> ask ? amount > {amount}; choose -> tell; ask -> done; tell -> done",
            gateway("choose", default=default), user("ask"), user("tell"),
        )  # fmt: skip

    before, after = models(drawn(5, "tell")), models(drawn(9, "tell"))

    (change,) = compare_processes(before, after)

    assert change.says("en") == "Changed flow “choose → ask”: condition: “amount > 5” → “amount > 9”."
    assert change.touches == (("asking", "choose"),)


def test_an_element_that_moved_into_a_sub_process():
    before = process("asking", FLOW, user("ask"), user("tell"))
    after = process(
        "asking", "received -> within -> tell -> done",
        sub_process("within", "begun -> ask -> over", user("ask")), user("tell"),
    )  # fmt: skip

    assert "Moved user task “ask” (ask): sub-process around it: none → “within”." in said(before, after)


def test_an_element_that_moved_to_another_lane_and_a_lane_with_a_new_name():
    def drawn(first, second):
        lanes = "".join(
            f"<lane id='{key}' name='{name}'>{''.join(f'<flowNodeRef>{one}</flowNodeRef>' for one in ones)}</lane>"
            for key, name, ones in (first, second)
        )
        body = process("asking", FLOW, user("ask"), user("tell"))
        return body.replace("<startEvent", f"<laneSet id='lanes'>{lanes}</laneSet><startEvent", 1)

    before = drawn(("l1", "Desk", ["ask"]), ("l2", "Office", ["tell"]))
    after = drawn(("l1", "Front desk", ["ask", "tell"]), ("l2", "Office", []))

    assert said(before, after) == [
        "Changed lane “Desk”: name: “Desk” → “Front desk”.",
        "Moved user task “tell” (tell): lane: “Office” → “Front desk”.",
    ]


def test_a_new_id_alone_is_no_removal():
    before = process("asking", FLOW, user("ask"), user("tell"))
    after = process(
        "asking", "received -> ask -> Activity_0x1 -> done",
        user("ask"), user("Activity_0x1").replace("name='Activity_0x1'", "name='tell'"),
    )  # fmt: skip

    changes = compare_processes(models(before), models(after))

    assert [(one.what, one.id, one.new_id) for one in changes] == [("renumbered", "tell", "Activity_0x1")]
    assert changes[0].says("en") == "User task “tell” (tell) has the new id “Activity_0x1”."
    assert changes[0].says("zh") == "用户任务“tell”（tell）改编号为“Activity_0x1”。"


def test_two_elements_that_look_alike_are_not_guessed_at():
    def drawn(one, other):
        tasks = [user(key).replace(f"name='{key}'", "name='same'") for key in (one, other)]
        return process(
            "asking",
            f"received -> fork -> {one} -> join -> done; fork -> {other} -> join",
            gateway("fork", "parallel"), gateway("join", "parallel"), *tasks,
        )  # fmt: skip

    changes = compare_processes(models(drawn("a1", "a2")), models(drawn("b1", "b2")))

    assert "renumbered" not in {one.what for one in changes}


def test_a_removed_process_touches_all_that_stand_in_it():
    one, two = (
        process("asking", "a -> ask -> b", user("ask")),
        process("telling", "c -> tell -> d", user("tell")),
    )

    changes = compare_processes(models(one, two), models(one))

    assert [(one.what, one.thing, one.id) for one in changes] == [("removed", "process", "telling")]
    assert ("telling", "tell") in changes[0].touches


def test_what_a_rewrite_added_is_no_change():
    """Two flows out of a task are an implicit split; the engine's made gateway is nobody's drawing."""
    before = process("asking", "received -> ask -> tell -> done", user("ask"), user("tell"))
    after = process(
        "asking",
        "received -> ask -> tell -> done; ask -> log -> logged",
        user("ask"),
        user("tell"),
        user("log"),
    )

    told = said(before, after)

    assert not [one for one in told if "made" in one]
    assert "Added flow “ask → log”." in told
    assert "Changed flow “ask → tell”" not in " ".join(told)

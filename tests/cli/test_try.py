"""`huiyin try`: a process owner walks a diagram before anybody works with it."""

import json
from pathlib import Path
from typing import Any

import pytest
from engines import PROCESSES
from families import (
    boundary,
    catch,
    caught,
    diagram,
    end,
    gateway,
    process,
    script,
    service,
    sub_process,
    timer,
    user,
)
from families import (
    call as call_activity,
)


@pytest.fixture
def draw(tmp_path: Path) -> Any:
    def one(*processes: str) -> Path:
        file = tmp_path / "drawn.bpmn"
        file.write_bytes(diagram(*processes))
        return file

    return one


def tried(call: Any, *arguments: Any) -> dict[str, Any]:
    said = call("try", *arguments, "--json")
    answer = json.loads(said.out[-1])
    assert said.code == (0 if answer["outcome"] in ("completed", "waiting") else 1)
    assert set(answer) == {"deployed", "error", "outcome", "visited"}
    return answer


def asking(*more: str) -> str:
    return process(
        "asking", "asked -> answer -> send -> answered", user("answer"), service("send", "post"), *more
    )


def test_it_does_the_work_of_people_and_of_workers(call: Any, draw: Any) -> None:
    assert tried(call, draw(asking())) == {
        "deployed": True,
        "error": "",
        "outcome": "completed",
        "visited": {"answer": 1, "answered": 1, "asked": 1, "send": 1},
    }


REMINDED = process(
    "asking", "asked -> answer -> answered; late -> told; often -> noted",
    user("answer"),
    boundary("late", "answer", timer("PT1H")),
    boundary("often", "answer", timer("R5/PT10M", "Cycle"), cancels=False),
)  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("default", {"asked": 1, "answer": 1, "answered": 1}),
        ("timers_first", {"asked": 1, "answer": 1, "often": 5, "noted": 5, "late": 1, "told": 1}),
        ("timers_3_then_tasks", {"asked": 1, "answer": 1, "often": 3, "noted": 3, "answered": 1}),
    ],
)
def test_a_policy_says_whether_timers_or_people_come_first(
    call: Any, draw: Any, policy: str, expected: dict[str, int]
) -> None:
    answer = tried(call, draw(REMINDED), "--policy", policy)

    assert answer["outcome"] == "completed"
    assert answer["visited"] == expected


def test_the_clock_moves_to_a_timer_when_nothing_else_can(call: Any, draw: Any) -> None:
    said = call("try", draw(process("waiting", "begun -> pause -> over", catch("pause", timer("PT48H")))))

    assert said.code == 0
    assert "2026-01-07 09:00:00 · timer fired · pause “pause”" in said.out


def test_a_message_that_nobody_sends_is_waited_for(call: Any, draw: Any) -> None:
    answer = tried(
        call,
        draw(process("asking", "asked -> reply -> answered", catch("reply", caught("message", "reply")))),
    )

    assert answer["outcome"] == "waiting"
    assert answer["visited"] == {"asked": 1, "reply": 1}


def test_a_failing_step_is_told_with_its_place_and_with_what_came_before_it(call: Any, draw: Any) -> None:
    file = draw(
        process(
            "sum", "begun -> count -> add -> over", script("count", "n = 1"), script("add", "n = n + name")
        )
    )

    answer = tried(call, file)

    assert answer["deployed"]
    assert answer["outcome"] == "error"
    assert answer["error"].startswith("drawn.bpmn:3: add “add”: ")
    assert answer["visited"] == {"begun": 1, "count": 1, "add": 1}


def test_an_error_that_nobody_catches_is_told(call: Any, draw: Any) -> None:
    stock = sub_process("stock", "counted -> missing", end("missing", caught("error", "no_stock")))
    answer = tried(call, draw(process("asking", "asked -> stock -> answered", stock)))

    assert answer["outcome"] == "error"
    assert "no_stock" in answer["error"]


def test_a_diagram_that_would_be_refused_is_not_started(call: Any, draw: Any) -> None:
    file = draw(process("asking", "asked -> choose; choose -> one; choose -> two", gateway("choose")))

    answer = tried(call, file)

    assert not answer["deployed"]
    assert answer["outcome"] == "not_startable"
    assert "choose" in answer["error"]


def test_a_loop_without_end_is_ended_and_the_bound_is_named(call: Any, draw: Any) -> None:
    file = draw(
        process(
            "rework", "begun -> again -> work -> is_good -> over; is_good -> again ? not good",
            gateway("again"), user("work"), gateway("is_good", default="over"),
        )
    )  # fmt: skip

    answer = tried(call, file)

    assert answer["outcome"] == "error"
    assert "(bound: " in answer["error"]


def test_names_that_nothing_sets_are_empty_and_data_fills_them(call: Any, draw: Any, tmp_path: Path) -> None:
    file = draw(
        process(
            "buying",
            "asked -> is_dear -> bought; is_dear -> refused ? dear",
            gateway("is_dear", default="bought"),
        )
    )
    data = tmp_path / "data.json"
    data.write_text('{"dear": true}')

    assert "bought" in tried(call, file)["visited"]
    assert "refused" in tried(call, file, "--data", data)["visited"]


def test_names_of_conditional_events_and_of_loops_may_be_empty_too(call: Any, draw: Any) -> None:
    waits = "<conditionalEventDefinition><condition>is_ready = 1</condition></conditionalEventDefinition>"
    again = "<standardLoopCharacteristics loopMaximum='3'><loopCondition>is_wrong</loopCondition></standardLoopCharacteristics>"
    drawn = process(
        "asking",
        "asked -> answer -> wait -> answered",
        user("answer", inside=again),
        f"<intermediateCatchEvent id='wait' name='wait'>{waits}</intermediateCatchEvent>",
    )

    answer = tried(call, draw(drawn))

    assert answer["outcome"] == "waiting"
    assert answer["visited"] == {"answer": 1, "asked": 1, "wait": 1}


def test_nobody_need_be_able_to_hold_a_task(call: Any, draw: Any) -> None:
    held_by_nobody = user("answer").replace(" camunda:candidateGroups='first_receiver'", "")
    file = draw(process("asking", "asked -> answer -> answered", held_by_nobody))

    assert tried(call, file)["outcome"] == "completed"


@pytest.mark.parametrize("kind", ["serviceTask", "sendTask", "manualTask", "task"])
def test_a_sketch_may_leave_open_who_does_a_step(call: Any, draw: Any, kind: str) -> None:
    sketch = process("asking", "asked -> do -> answered", f"<{kind} id='do' name='do'/>")

    assert tried(call, draw(sketch))["visited"] == {"answered": 1, "asked": 1, "do": 1}


def test_a_family_is_tried_with_its_forms_tables_and_limits(call: Any) -> None:
    whole = tried(call, PROCESSES / "complaint")
    one_file = tried(call, PROCESSES / "complaint" / "complaint_closing.bpmn")

    assert (whole["outcome"], whole["error"]) == (one_file["outcome"], one_file["error"]) == ("completed", "")
    assert "record_complaint" in whole["visited"]
    assert "filed" in one_file["visited"]


def test_a_called_process_is_looked_for_in_the_files_beside(call: Any, tmp_path: Path) -> None:
    caller, called = tmp_path / "caller.bpmn", tmp_path / "other.bpmn"
    caller.write_bytes(diagram(process("caller", "begun -> ask -> over", call_activity("ask", "asking"))))

    alone = tried(call, caller)
    called.write_bytes(diagram(asking()))
    together = tried(call, caller)

    assert not alone["deployed"]
    assert "ask" in alone["error"]
    assert together["outcome"] == "completed"
    assert "answer" in together["visited"]


def test_one_of_several_processes_may_be_named(call: Any, draw: Any) -> None:
    file = draw(asking(), process("other", "begun -> over"))

    assert tried(call, file, "--process", "other")["visited"] == {"begun": 1, "over": 1}
    said = call("try", file, "--process", "third")
    assert said.code == 1
    assert "third" in said.err[0]


def test_no_handler_of_the_installation_is_called(
    call: Any, draw: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.commands.due import call_handler
    from handlers import HANDLERS

    def never(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(call_handler, "call_handler", never)
    topic = next(one.topic for one in HANDLERS if not one.in_transaction)
    file = draw(process("asking", "asked -> send -> answered", service("send", topic)))

    assert tried(call, file)["outcome"] == "completed"


def test_the_walk_can_be_read_in_chinese(call: Any, draw: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_LOCALE", "zh")

    said = call("try", draw(asking()))

    assert said.out == [
        "2026-01-05 09:00:00 · 登记 · asking",
        "2026-01-05 09:00:00 · 办结 · answer “answer”",
        "2026-01-05 09:00:00 · 由外部程序完成 · send “send”",
        "事项已办结。",
    ]

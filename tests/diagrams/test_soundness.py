"""Joins that wait for ever and work that is done twice: found by playing all token games of a scope."""

import time

import pytest
from drawings import boundary, end, event, flows, lint, node, start, task, timer


def way(key: str, kind: str = "exclusiveGateway", default: str = "") -> str:
    return node(kind, key, attributes=f'default="{key}_to_{default}"' if default else "")


def both(key: str = "both") -> str:
    return way(key, "parallelGateway")


def told(drawn: str, *rules: str) -> set[tuple[str, str | None]]:
    wanted = rules or ("join-never", "join-may-wait", "tokens-doubled")
    return {(one.rule, one.element_id) for one in lint(drawn) if one.rule in wanted}


TWO_BRANCHES = start() + both() + task("a") + task("b") + both("joined") + end()

STUCK = {
    "a choice joined as if it were parallel": (
        start() + way("way", default="b") + task("a") + task("b") + both("joined") + end()
        + flows("received>way", "way>a?amount = 1", "way>b", "a>joined", "b>joined", "joined>closed")
    ),
    "a choice far upstream": (
        start() + way("way", default="b") + both("split_a") + task("a") + task("aa") + way("merged") + task("b") + both("joined") + end()
        + end("aside") + flows(
            "received>way", "way>split_a?amount = 1", "way>b", "split_a>a", "split_a>aa", "aa>aside", "a>merged", "merged>joined", "b>joined", "joined>closed",
        )
    ),
    "a branch that leaves before the join": (
        TWO_BRANCHES + way("gave_up", default="joined") + end("dropped")
        + flows("received>both", "both>a", "both>b", "a>gave_up", "gave_up>dropped?amount = 1", "gave_up>joined", "b>joined", "joined>closed")
    ),
    "a deadline that leads around the join": (
        TWO_BRANCHES + boundary("late", "a", timer()) + end("expired")
        + flows("received>both", "both>a", "both>b", "a>joined", "b>joined", "joined>closed", "late>expired")
    ),
    "some of many, joined as if all were taken": (
        start() + way("way", "inclusiveGateway", "b") + task("a") + task("b") + both("joined") + end()
        + flows("received>way", "way>a?amount = 1", "way>b", "a>joined", "b>joined", "joined>closed")
    ),
    "events, joined as if all happened": (
        start() + way("waiting", "eventBasedGateway") + event("a", timer()) + event("b", '<bpmn:messageEventDefinition messageRef="m"/>') + both("joined") + end()
        + flows("received>waiting", "waiting>a", "waiting>b", "a>joined", "b>joined", "joined>closed")
    ),
    "a join that waits for what comes after it": (
        start() + both("joined") + task("a") + both("split") + end()
        + flows("received>joined", "joined>a", "a>split", "split>joined", "split>closed")
    ),
}  # fmt: skip


@pytest.mark.parametrize("drawn", STUCK.values(), ids=STUCK.keys())
def test_a_join_that_cannot_complete_is_an_error(drawn):
    assert ("join-never", "joined") in told(drawn)


def test_the_choice_that_leaves_it_waiting_is_named():
    (found,) = [
        one for one in lint(STUCK["a deadline that leads around the join"]) if one.rule == "join-never"
    ]

    assert "(late)" in found.reason["en"]
    assert "（late）" in found.reason["zh"]


def test_inside_a_sub_process_it_is_found_too():
    inner = (
        node("startEvent", "in")
        + way("way", default="b")
        + task("a")
        + task("b")
        + both("joined")
        + end("out")
    )
    inner += flows("in>way", "way>a?amount = 1", "way>b", "a>joined", "b>joined", "joined>out")
    drawn = start() + node("subProcess", "inner", inner) + end() + flows("received>inner", "inner>closed")

    assert told(drawn) == {("join-never", "joined")}


SOUND = {
    "branches that join": TWO_BRANCHES + flows("received>both", "both>a", "both>b", "a>joined", "b>joined", "joined>closed"),
    "branches that end for themselves": (
        start() + both() + task("a") + task("b") + end() + end("also_closed") + flows("received>both", "both>a", "both>b", "a>closed", "b>also_closed")
    ),
    "branches that end at one end event": (
        start() + both() + task("a") + task("b") + end() + flows("received>both", "both>a", "both>b", "a>closed", "b>closed")
    ),
    "a branch that ends everything instead of joining": (
        TWO_BRANCHES + boundary("late", "a", timer()) + end("expired", "<bpmn:terminateEventDefinition/>")
        + flows("received>both", "both>a", "both>b", "a>joined", "b>joined", "joined>closed", "late>expired")
    ),
    "a choice inside a branch": (
        TWO_BRANCHES + way("way", default="d") + task("c") + task("d") + way("merged")
        + flows("received>both", "both>a", "both>b", "a>way", "way>c?amount = 1", "way>d", "c>merged", "d>merged", "merged>joined", "b>joined", "joined>closed")
    ),
    "a reminder that goes its own way": (
        start() + task("a") + boundary("late", "a", timer(), cancels=False) + task("remind") + end() + end("reminded")
        + flows("received>a", "a>closed", "late>remind", "remind>reminded")
    ),
    "some of many, joined by what comes": (
        start() + way("way", "inclusiveGateway", "c") + task("a") + task("b") + task("c") + way("joined", "inclusiveGateway") + end()
        + flows("received>way", "way>a?amount = 1", "way>b?amount = 2", "way>c", "a>joined", "b>joined", "c>joined", "joined>closed")
    ),
    "parallel branches joined by what comes": (
        start() + both() + task("a") + task("b") + way("joined", "inclusiveGateway") + end()
        + flows("received>both", "both>a", "both>b", "a>joined", "b>joined", "joined>closed")
    ),
    "a loop that is done again": (
        start() + way("again") + task("a") + way("is_done", default="closed") + end()
        + flows("received>again", "again>a", "a>is_done", "is_done>again?amount = 1", "is_done>closed")
    ),
}  # fmt: skip


@pytest.mark.parametrize("drawn", SOUND.values(), ids=SOUND.keys())
def test_what_is_sound_is_left_alone(drawn):
    assert told(drawn) == set()


DOUBLED = {
    "parallel branches that only merge": (
        start() + both() + task("a") + task("b") + way("merged") + task("c") + end()
        + flows("received>both", "both>a", "both>b", "a>merged", "b>merged", "merged>c", "c>closed")
    ),
    "a reminder that comes back to the main path": (
        start() + task("a") + boundary("late", "a", timer(), cancels=False) + task("remind") + way("merged") + task("c") + end()
        + flows("received>a", "a>merged", "late>remind", "remind>merged", "merged>c", "c>closed")
    ),
}  # fmt: skip


@pytest.mark.parametrize("drawn", DOUBLED.values(), ids=DOUBLED.keys())
def test_work_that_is_done_twice_is_a_warning(drawn):
    assert ("tokens-doubled", "merged") in told(drawn)


LOOP_OF_TOKENS = start() + way("merged") + both() + task("a") + end()
LOOP_OF_TOKENS += flows("received>merged", "merged>both", "both>a", "a>merged", "both>closed")


def test_a_case_that_can_never_end_is_an_error():
    assert told(LOOP_OF_TOKENS, "never-ends") == {("never-ends", "answer_complaint")}


def wide(branches: int, *, joined: str) -> str:
    keys = [f"t{number}" for number in range(branches)]
    drawn = start() + both() + way("joined", joined) + end() + "".join(task(key) for key in keys)
    drawn += "".join(boundary(f"late_{key}", key, timer()) + way(f"again_{key}") for key in keys)
    drawn += flows("received>both", "joined>closed", *(f"both>{key}" for key in keys))
    return drawn + flows(
        *(f"{key}>again_{key}" for key in keys),
        *(f"late_{key}>again_{key}" for key in keys),
        *(f"again_{key}>joined" for key in keys),
    )


def test_many_branches_are_played_in_one_order():
    began = time.process_time()

    assert told(wide(40, joined="parallelGateway")) == set()
    assert time.process_time() - began < 3


def test_what_is_too_entangled_is_not_judged():
    began = time.process_time()
    keys = [f"t{number}" for number in range(14)]
    drawn = (
        start()
        + both()
        + end()
        + "".join(
            way(f"way_{key}", default=f"b_{key}") + way(f"a_{key}") + task(f"b_{key}") + both(f"joined_{key}")
            for key in keys
        )
    )
    drawn += flows("received>both", *(f"both>way_{key}" for key in keys))
    for key in keys:
        drawn += flows(
            f"way_{key}>a_{key}?amount = 1",
            f"way_{key}>b_{key}",
            f"a_{key}>joined_{key}",
            f"b_{key}>joined_{key}",
            f"joined_{key}>closed",
        )

    found = told(drawn)

    assert time.process_time() - began < 3
    assert found == set()


def test_a_net_of_hundreds_of_branches_is_given_up_in_a_moment():
    keys = [f"t{number}" for number in range(150)]
    drawn = start() + both() + way("joined", "inclusiveGateway") + end()
    drawn += "".join(
        way(f"way_{key}", "inclusiveGateway", f"a_{key}")
        + task(f"a_{key}")
        + task(f"b_{key}")
        + task(f"c_{key}")
        for key in keys
    )
    drawn += flows("received>both", "joined>closed", *(f"both>way_{key}" for key in keys))
    for key in keys:
        drawn += flows(f"way_{key}>a_{key}", f"way_{key}>b_{key}?amount = 1", f"way_{key}>c_{key}?amount = 2")
        drawn += flows(*(f"{letter}_{key}>joined" for letter in "abc"))
    began = time.process_time()

    lint(drawn)

    assert time.process_time() - began < 4


def test_a_task_with_hundreds_of_boundary_events_takes_a_moment():
    keys = [f"late_{number}" for number in range(400)]
    drawn = (
        start()
        + task("a")
        + end()
        + "".join(boundary(key, "a", timer(), cancels=number % 2 == 0) for number, key in enumerate(keys))
    )
    drawn += flows("received>a", "a>closed", *(f"{key}>closed" for key in keys))
    began = time.process_time()

    assert told(drawn) == set()
    assert time.process_time() - began < 4

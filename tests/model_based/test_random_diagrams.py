"""Random diagrams, random ways through them, a restart after every step: the engine does what the rule of BPMN says."""

import logging
from collections import Counter
from collections.abc import Iterable

import pytest
from random_diagrams import random_diagram
from random_drawing import Drawn
from random_walk import Order, bodies, walk

# What was once different, or was judged differently: a job that an inclusive join did not see (301), a repeated task
# that heard a condition after its last round (457, 836), an interrupted event gateway (2248).
KEPT = (301, 457, 836, 2248)
BATCH = 25
LONG_PROOF = 5_000


def _walk_all(seeds: Iterable[int], order: Order = "any") -> Counter[str]:
    counts: Counter[str] = Counter()
    for seed in seeds:
        drawn = random_diagram(seed)
        walked = walk(drawn, seed, order=order)
        assert not walked.differences, f"seed {seed}: {walked.differences}\n{walked.path}\n{drawn.xml()}"
        counts["diagrams"] += 1
        counts["steps"] += walked.steps
        counts += _kinds(drawn)
    return counts


def _kinds(drawn: Drawn) -> Counter[str]:
    return Counter(
        f"{node.kind} {node.event or ''}".strip() for body in bodies(drawn) for node in body.nodes.values()
    )


@pytest.mark.parametrize("first", range(0, 200, BATCH))
def test_what_is_drawn_is_what_runs(first):
    counts = _walk_all(range(first, first + BATCH))

    assert counts["diagrams"] == BATCH
    assert counts["steps"] > BATCH


@pytest.mark.parametrize("order", ["first", "last"])
def test_both_orders_of_branches_that_wait_run_as_drawn(order):
    counts = _walk_all(range(200, 250), order)

    assert counts["parallelGateway"] > counts["diagrams"]


@pytest.mark.parametrize("seed", KEPT)
def test_what_once_ran_otherwise_runs_as_drawn(seed):
    assert _walk_all([seed])["steps"]


def test_a_difference_would_be_told():
    """The comparison itself: a rule that forgets one flow is caught."""
    drawn = random_diagram(0)
    body = next(iter(drawn.processes.values()))
    ending = next(key for key, one in body.flows.items() if body.nodes[one.target].kind == "endEvent")
    whole = random_diagram(0)
    del body.flows[ending]

    assert walk(whole, 0).differences == []
    assert walk(drawn, 0, meant=whole).differences


@pytest.mark.soak
def test_five_thousand_random_diagrams():
    logging.getLogger("spiff").setLevel(logging.WARNING)
    counts = _walk_all(range(1_000, 1_000 + LONG_PROOF))

    logging.getLogger(__name__).info(
        "%s; 0 differences", ", ".join(f"{n} {what}" for what, n in counts.most_common())
    )
    assert counts["diagrams"] == LONG_PROOF

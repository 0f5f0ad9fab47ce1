"""Soundness rules beside cases that really run: sound diagrams are left alone, and what gets stuck was told."""

import random

import pytest
from random_diagrams import random_diagram
from random_walk import bodies, walk

from engine.diagrams import LintContext, lint_diagrams, read_diagram

STUCK = {"join-never", "join-may-wait", "never-ends"}
WALKS = 6


def _told(drawn) -> set[str]:
    found = lint_diagrams([read_diagram(drawn.xml().encode(), "p.bpmn")], LintContext())
    return {one.rule for one in found} & {*STUCK, "tokens-doubled"}


def _with_a_wrong_join(seed: int):
    """A random sound diagram, one merge of which is drawn as a parallel join; None where it merges nothing."""
    drawn = random_diagram(seed)
    merges = [
        node
        for body in bodies(drawn)
        for node in body.nodes.values()
        if node.kind in ("exclusiveGateway", "inclusiveGateway") and len(body.out(node.id)) == 1
    ]
    if not merges:
        return None
    random.Random(seed).choice(merges).kind = "parallelGateway"
    return drawn


def _gets_stuck(drawn, seed: int) -> bool:
    walks = (walk(drawn, 1_000 * number + seed) for number in range(WALKS))
    return any("nothing can move" in one for walked in walks for one in walked.differences)


def _look_at(seeds: range) -> int:
    stuck = 0
    for seed in seeds:
        drawn = _with_a_wrong_join(seed)
        if drawn is not None and _gets_stuck(drawn, seed):
            stuck += 1
            assert _told(drawn) & STUCK, f"seed {seed}: {drawn.xml()}"
    return stuck


def test_sound_diagrams_are_left_alone():
    for seed in range(30):
        assert _told(random_diagram(seed)) == set(), f"seed {seed}"


def test_what_gets_stuck_was_told_before():
    assert _look_at(range(16)) > 4


@pytest.mark.soak
def test_whatever_gets_stuck_was_told_before():
    assert _look_at(range(16, 1_000)) > 300

"""On the version that it ran on, a case comes out as it did: whatever stories bring about is replayed from its record."""

from engines import PROCESSES
from replayed_stories import replay_stories


def test_cases_of_returned_goods_are_reproduced_and_come_out_the_same() -> None:
    """Messages from outside, pauses, timers, called parts, refusals; tests/soak replays the stories of all families."""
    outcomes = replay_stories(*sorted((PROCESSES / "return_approval" / "scenarios").glob("ret05*.toml")))
    assert len(outcomes) >= 5
    assert {name: one for name, one in outcomes.items() if one.why_not or one.differences} == {}

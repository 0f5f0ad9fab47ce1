"""The 136 constructs of BPMN: each runs as the standard says, or is refused with the rule that refuses it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import pytest
from databases import Databases
from engines import FRIDAY

from engine.model import VirtualClock
from engine.store import Store
from tests.conformance.construct import Construct
from tests.conformance.driving import World, said_once, verdict_of
from tests.conformance.models import CONSTRUCTS

RUNS = "runs as specified"
LEAST_RUNNING = 105
Verdicts = Callable[[Construct], tuple[str, Sequence[str]]]  # the verdict, and what differs


@pytest.fixture(scope="module")
def verdicts(databases: Databases, settled_tables: Store) -> Iterator[Verdicts]:
    store = databases.copy_of(settled_tables)
    world = World(store, VirtualClock(FRIDAY))
    yield said_once(lambda construct: verdict_of(world, construct))
    databases.throw_away(store)


def test_there_are_as_many_models_as_constructs():
    groups = Counter(one.group for one in CONSTRUCTS)
    assert groups == {
        "activities": 27,
        "basics": 6,
        "data": 2,
        "errors": 8,
        "events": 56,
        "gateways": 14,
        "patterns": 23,
    }
    assert len({one.name for one in CONSTRUCTS}) == 136


def test_what_an_event_does_is_told_from_an_accident():
    """Each event that may or may not come has a case in which it does not."""
    always = {
        "Escalation_EndEvent_SubProcess",
        "Escalation_EndEvent_TopLevel",
        "Escalation_IntermediateThrowEvent",
    }
    always |= {"Link_Event", "Message_EndEvent", "Signal_EndEvent"}  # What they throw is thrown each time.
    for one in CONSTRUCTS:
        if one.group == "events" and not one.refused_by and one.name not in always:
            assert any(case.is_counter for case in one.cases), one.name


@pytest.mark.parametrize("construct", CONSTRUCTS, ids=lambda one: one.name)
def test_it_does_what_the_standard_says_or_is_refused(construct: Construct, verdicts: Verdicts):
    verdict, different = verdicts(construct)

    wanted = f"refused by {construct.refused_by}" if construct.refused_by else RUNS
    assert verdict == wanted, f"{construct.name}: {verdict}, where it should be: {wanted}. {different}"


def test_nothing_is_wrong_hangs_or_runs_by_accident(verdicts: Verdicts):
    """`pytest -s` prints the table."""
    counted = Counter(verdicts(one)[0].partition(" by ")[0] for one in CONSTRUCTS)
    for one in CONSTRUCTS:
        verdict, different = verdicts(one)
        print(f"{one.group:<11}{one.name:<68}{verdict} {'; '.join(different)}")  # noqa: T201
    print(dict(counted))  # noqa: T201

    assert set(counted) == {RUNS, "refused"}
    assert counted[RUNS] >= LEAST_RUNNING

"""What stories leave out is told, and a story passes only the branch that it took."""

from dataclasses import replace

from rehearsals import FAMILY, HANDLERS, PROCESSES

from engine.rehearsal import coverage_of, ids_passed, run_stories
from engine.rehearsal.carriers import Carrier


def passed_by(*stories):
    result = run_stories(
        [FAMILY / "scenarios" / f"{name}.toml" for name in stories],
        processes_folder=PROCESSES, handlers=HANDLERS, report=lambda _: None,
    )  # fmt: skip
    assert result.is_ok
    return {one.element_id: one.stories for one in result.coverage()["family"]}


def test_a_branch_is_passed_only_by_the_story_that_takes_it():
    passed = passed_by("handler", "major")

    assert passed["major_yes"] == ("major",)
    assert passed["major_no"] == ("handler",)


def test_what_no_story_passes_is_listed_without_any():
    passed = passed_by("handler")

    assert passed["major_yes"] == ()


def test_a_building_block_is_left_to_its_own_stories(theatre):
    theatre.play(FAMILY / "scenarios" / "handler.toml")
    own = theatre.releases()["family"].models["small_matter"]
    called = replace(own, file="blocks/small_matter.bpmn")

    assert coverage_of([own], [])
    assert coverage_of([called], []) == []


def test_an_id_counts_only_when_its_place_was_come_to(theatre):
    story = FAMILY / "scenarios" / "handler.toml"
    played = theatre.play(story)
    release = theatre.releases()["family"]
    taken, left_out = (
        next(element for process, element in played.outcome.visited()),
        next(
            element
            for element in release.models["small_matter"].elements
            if element not in {one for _, one, _ in played.outcome.history}
        ),
    )
    carriers = [
        Carrier("D-01", "family/small_matter.bpmn", taken),
        Carrier("D-02", "family/small_matter.bpmn", left_out),
    ]

    assert ids_passed(carriers, release, played.profile_id, played.outcome) >= {"D-01"}
    assert "D-02" not in ids_passed(carriers, release, played.profile_id, played.outcome)

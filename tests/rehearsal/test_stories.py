"""Stories of the small family must pass; what is printed is what a process owner reads."""

from pathlib import Path

import pytest
from rehearsals import FAMILY, GIVEN, HANDLERS, PROCESSES

from engine.model import InvalidInput
from engine.rehearsal import find_stories, run_stories

STORIES = find_stories([FAMILY])


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_it_passes(theatre, path):
    played = theatre.play(path)

    assert played.failure is None


def test_it_prints_a_line_a_story_and_counts_them(tmp_path):
    lines: list[str] = []
    folder = tmp_path / "family"
    _copy(FAMILY, folder)
    for extra in (folder / "scenarios").glob("*.toml"):
        if extra.stem != "refused_start":
            extra.unlink()
    (folder / "scenarios" / "wrong.toml").write_text(
        GIVEN.replace("A story of a test", "It waits elsewhere").replace(
            "[given]", 'source = ["OTH-05"]\n[given]', 1
        )
        + '[[step]]\nwhen_walked_to = "handle_matter"\n[[step]]\nthen_waiting_at = ["call_back"]\n'
    )

    result = run_stories([folder], processes_folder=PROCESSES, handlers=HANDLERS, report=lines.append)

    assert lines == [
        "ok      A matter cannot be received with a level that does not exist",
        f"FAILED  It waits elsewhere [OTH-05] ({folder / 'scenarios' / 'wrong.toml'}) step 2: "
        "Expected the case to wait at call_back, but the case waits at handle_matter.",
        "1 passed, 1 failed",
    ]
    assert not result.is_ok


def test_it_says_so_in_chinese_too(theatre):
    told = theatre.play(
        FAMILY / "scenarios" / "x.toml", f'{GIVEN}[[step]]\nthen_waiting_at = ["call_back"]'.encode()
    )

    assert told.failure is not None
    assert told.failure.says("zh") == "应停在 call_back，但事项停在 record_matter。"


def test_it_refuses_to_pass_when_there_is_no_story(tmp_path):
    with pytest.raises(InvalidInput, match="Expected stories"):
        run_stories([tmp_path], processes_folder=PROCESSES, handlers=HANDLERS, report=print)


def test_it_finds_the_family_of_a_story_that_lies_elsewhere(tmp_path, theatre):
    _copy(FAMILY, tmp_path / "processes" / "small")
    (tmp_path / "processes" / "calendars").symlink_to(PROCESSES / "calendars")
    path = tmp_path / "elsewhere" / "alone.toml"
    path.parent.mkdir()
    path.write_text(f'{GIVEN}[[step]]\nthen_waiting_at = ["record_matter"]')
    lines: list[str] = []

    result = run_stories(
        [path.parent], processes_folder=tmp_path / "processes", handlers=HANDLERS, report=lines.append
    )

    assert result.is_ok, lines


def test_a_family_that_may_not_go_live_fails_all_its_stories(tmp_path):
    folder = tmp_path / "family"
    _copy(FAMILY, folder)
    diagram = folder / "small_matter.bpmn"
    diagram.write_text(diagram.read_text().replace('default="major_no"', ""))
    lines: list[str] = []

    result = run_stories([folder], processes_folder=PROCESSES, handlers=HANDLERS, report=lines.append)

    assert (result.passed, result.failed) == (0, len(STORIES))
    assert "The family may not go live" in lines[0]
    assert "is_major" in lines[0]


def _copy(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())

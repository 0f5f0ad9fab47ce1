"""Whatever stands in a file, it is answered: nothing is run, read or asked outside, nothing hangs, nothing fills memory."""

import json
import logging
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

_log = logging.getLogger(__name__)
CHILD = Path(__file__).with_name("child.py")
MOST_MEGABYTES = 256
FEWEST_INPUTS = 100
LONGEST_ANSWER = 30_000  # characters
WAITS = 400  # seconds by the wall, for all inputs together: only a hang takes as long

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Mapping[str, Any]]]:
    """What the child measured; the web that hostile files point to is a socket that must hear nothing."""
    with socket.create_server(("127.0.0.1", 0)) as web:
        web.setblocking(False)
        yield _asked(tmp_path_factory.mktemp("hostile"), web.getsockname()[1])
        with pytest.raises(BlockingIOError):
            web.accept()


def _asked(folder: Path, port: int) -> list[Mapping[str, Any]]:
    out = folder / "answers"
    with out.open("wb") as written:
        done = subprocess.run(
            [sys.executable, str(CHILD), str(folder), str(port)],
            stdout=written,
            stderr=subprocess.PIPE,
            timeout=WAITS,
            check=False,
        )
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert done.returncode == 0, (rows[-1]["name"], done.stderr.decode()[-2000:])
    return [row for row in rows if "outcome" in row]


def test_there_are_at_least_a_hundred_and_each_is_answered(answers: list[Mapping[str, Any]]) -> None:
    for one in answers:
        said = " ".join(one["error"].split())[:100]
        _log.info(
            "%-58.58s %-14s %5.2f s %4.0f MB  %s",
            one["name"],
            one["outcome"],
            one["cpu"],
            one["megabytes"],
            said,
        )

    assert len(answers) >= FEWEST_INPUTS
    assert len({one["name"] for one in answers}) == len(answers)
    assert _names(answers, lambda one: one["outcome"] in ("hang", "fault")) == []


def test_nothing_is_run_or_read_or_asked_outside(answers: list[Mapping[str, Any]]) -> None:
    assert [(one["name"], one["outside"]) for one in answers if one["outside"]] == []
    assert _names(answers, lambda one: one["tells_secret"]) == []


def test_each_is_answered_in_two_seconds_of_computing_and_fifty_megabytes_in_five(
    answers: list[Mapping[str, Any]],
) -> None:
    # A second of a machine that is shared computes less: it counts as much as it would at the run's quickest.
    quickest = min(one["pace"] for one in answers)
    slow = [one for one in answers if one["cpu"] * quickest / one["pace"] > one["allowed"]]
    assert [(one["name"], one["cpu"]) for one in slow] == []


def test_none_takes_more_than_256_megabytes(answers: list[Mapping[str, Any]]) -> None:
    assert [(one["name"], one["megabytes"]) for one in answers if one["megabytes"] > MOST_MEGABYTES] == []


def test_what_cannot_be_right_is_refused(answers: list[Mapping[str, Any]]) -> None:
    passed = ("completed", "waiting")

    assert _names(answers, lambda one: one["is_refused"] and one["outcome"] in passed) == []
    assert _names(answers, lambda one: one["outcome"] not in passed and not one["error"]) == []


def test_the_answer_names_element_and_line_and_can_be_read(answers: list[Mapping[str, Any]]) -> None:
    assert [(one["name"], one["error"]) for one in answers if not one["names_place"]] == []
    assert [(one["name"], one["length"]) for one in answers if one["length"] > LONGEST_ANSWER] == []


def _names(answers: list[Mapping[str, Any]], is_wrong: Any) -> list[str]:
    return [one["name"] for one in answers if is_wrong(one)]

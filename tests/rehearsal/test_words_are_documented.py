"""docs/scenarios.md and the reader know the same words."""

import re
from pathlib import Path

from engine.rehearsal.check_ids import CLOCK_STATES, INCIDENT_KINDS
from engine.rehearsal.story import STEP_WORDS

PAGE = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text("utf-8")


def test_every_word_is_explained_and_no_other():
    named = set(re.findall(r"`((?:when|then)_[a-z_]+)`", PAGE))

    assert named == set(STEP_WORDS) - {"by", "with"}


def test_every_state_and_kind_is_named():
    assert [one for one in (*CLOCK_STATES, *INCIDENT_KINDS) if f"`{one}`" not in PAGE] == []

"""A thousand running complaints move to a changed version of their family, and back."""

import logging

import pytest
from migration_story import tell_migration_story

log = logging.getLogger(__name__)


@pytest.mark.soak
def test_a_thousand_complaints_move_to_a_changed_version_and_back():
    logging.getLogger("spiff").setLevel(logging.WARNING)  # It tells each step of each token.
    figures = tell_migration_story(1_200, to_the_end=50)

    log.info("%s", figures)
    assert figures.cases >= 1_000

"""Complaints at every stage move to a changed version of their family, back, and again, and go on to their ends."""

from migration_story import tell_migration_story


def test_complaints_move_with_their_clocks_drafts_and_timers_and_back_again():
    figures = tell_migration_story(32, to_the_end=4)

    assert figures.stages >= 5
    assert figures.drafts >= 6
    assert figures.paused >= 4

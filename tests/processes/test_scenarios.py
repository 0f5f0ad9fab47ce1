"""Every story beside a diagram is a test, named by its title; each runs straight and again with restarts."""

import pytest
from procedures import story_paths, title_of


@pytest.mark.parametrize("path", story_paths(), ids=title_of)
def test_it_comes_out_as_told(play, path):
    played = play(path)

    assert played.failure is None, f"{path.name}: {played.failure.says('en')} / {played.failure.says('zh')}"

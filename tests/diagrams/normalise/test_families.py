"""The families that come with the house are drawn so that nothing has to be rewritten."""

from pathlib import Path

import pytest

from engine.diagrams import read_diagram

DIAGRAMS = sorted((Path(__file__).parents[3] / "processes").rglob("*.bpmn"))


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_nothing_is_rewritten(path):
    assert read_diagram(path.read_bytes(), path.name).rewrites == ()


def test_there_are_diagrams():
    assert DIAGRAMS

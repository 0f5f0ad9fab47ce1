from collections.abc import Callable
from typing import Any

import pytest
from bpmn_stories import Story

from engine.spiff import CompiledProcess, Guards


@pytest.fixture(params=["straight", "restarting"])
def tell(request: pytest.FixtureRequest) -> Callable[..., Story]:
    def start(process: CompiledProcess, guards: Guards = Guards(), **variables: Any) -> Story:  # noqa: B008
        return Story(process, variables, request.param == "restarting", guards)

    return start

"""For commands that are one transaction and nothing else: done again when the database gave up on it, or was lost."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError

from engine.commands.engine import Engine
from engine.store import may_be_tried_again

Given = ParamSpec("Given")
Result = TypeVar("Result")
Command = Callable[Concatenate[Engine, Given], Result]


def tried_again(command: Command[Given, Result]) -> Command[Given, Result]:
    """What `command` raises; a lost commit is never done again (CommitUnknown). Commands on a case have `on_case`."""

    @wraps(command)
    def trying(engine: Engine, /, *args: Given.args, **more: Given.kwargs) -> Result:
        for _ in range(engine.settings.lost_race_tries - 1):
            try:
                return command(engine, *args, **more)
            except DBAPIError as problem:
                if not may_be_tried_again(problem):
                    raise
        return command(engine, *args, **more)

    return trying

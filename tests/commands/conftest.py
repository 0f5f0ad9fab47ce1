import pytest
from branch import open_branch

from engine.commands.engine import Engine


@pytest.fixture
def branch(engine: Engine) -> Engine:
    """The settled engine, with a branch below the bank."""
    open_branch(engine)
    return engine

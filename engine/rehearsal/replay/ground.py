"""Where courses are played: rules, people and calendars in memory, and no database at all.

Nothing that is replayed can be written or sent: there is no store to write to, and only handlers that run inside a
command, which by their contract have no effect outside of it, can be found.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy.orm import Session

from engine.commands.calendar_shelf import Calendars
from engine.commands.engine import Engine, EngineSettings
from engine.commands.handler import Handler, HandlerTable
from engine.commands.releases.installed import InstalledRelease
from engine.model import WallClock
from engine.people import Directory
from engine.store import Store


class NoStore(Store):
    """Stands where an engine has its database. Whoever asks it for one is at fault."""

    def __init__(self) -> None:
        self.is_sqlite = True

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        _refuse()
        yield

    @contextmanager
    def reading(self) -> Iterator[Session]:
        _refuse()
        yield

    def close(self) -> None:
        pass


def _refuse() -> NoReturn:
    raise AssertionError("A replay has no database.")


class InsideHandlers(HandlerTable):
    """Finds handlers without outside effect only; every other service task takes the result that was recorded."""

    def __init__(self, real: HandlerTable) -> None:
        super().__init__()
        self._real = real

    def find(self, topic: str) -> Handler | None:
        found = self._real.find(topic)
        return found if found is not None and found.in_transaction else None

    def topics(self) -> frozenset[str]:
        return self._real.topics()

    def all(self) -> tuple[Handler, ...]:
        return self._real.all()


@dataclass
class Ground:
    """`directories`: organisation → its people as they are today; rehearsals know no other."""

    engine: Engine
    directories: dict[str, Directory]
    releases: dict[str, InstalledRelease] = field(default_factory=dict)


def replay_engine(
    processes_folder: Path, handlers: HandlerTable, clock: WallClock, calendars: Calendars, register: Any
) -> Engine:
    engine = Engine(
        store=NoStore(),
        clock=clock,
        handlers=InsideHandlers(handlers),
        settings=EngineSettings(processes_folder),
        calendars=calendars,
    )
    engine.register = register
    return engine

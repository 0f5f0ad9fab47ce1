"""Where diagrams are tried: an empty database in memory, set back before each, and an engine that reaches nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from sqlalchemy import insert
from sqlalchemy.orm import Session

from engine.commands.calendar_shelf import Calendars
from engine.commands.engine import Engine, EngineSettings
from engine.commands.handler import Handler, HandlerTable
from engine.commands.releases.policy_register import PolicyRegister
from engine.model import Organisation, Unit, VirtualClock
from engine.rehearsal.floor import MemoryFloor
from engine.spiff import ElementFailed, Guards, GuardTripped
from engine.store import Store, upgrade_schema

ORGANISATION = "try"
# Half of what a case may do: who tries a diagram waits for the answer.
GUARDS = Guards(max_steps=1_000)
FIRST_MOMENT = datetime(2026, 1, 5, 1, tzinfo=UTC)  # a Monday, nine o'clock in China


class NoHandlers(HandlerTable):
    """Knows the topics of this installation, and calls none of its handlers: a try has no effect outside."""

    def __init__(self, real: HandlerTable) -> None:
        super().__init__()
        self._real = real

    def find(self, topic: str) -> Handler | None:
        del topic
        return None

    def topics(self) -> frozenset[str]:
        return self._real.topics()


class WatchingStore(Store):
    """In memory; remembers what stopped a step, which else only the incident of the case would tell, without its visits."""

    def __init__(self) -> None:
        super().__init__("sqlite://")
        self.stopped: ElementFailed | GuardTripped | None = None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        try:
            with super().transaction() as session:
                yield session
        except (ElementFailed, GuardTripped) as failure:
            self.stopped = failure
            raise


class TryGround:
    """Made once, used by one thread for any number of tries."""

    def __init__(self, processes_folder: Path, handlers: HandlerTable) -> None:
        self._handlers = NoHandlers(handlers)
        self._settings = EngineSettings(processes_folder=processes_folder, guards=GUARDS)
        self._calendars = Calendars(processes_folder / "calendars")
        self._register = PolicyRegister(processes_folder / "register")
        self.store = WatchingStore()
        self._floor = MemoryFloor(self.store)
        upgrade_schema(self.store)
        self._floor.remember()

    def __enter__(self) -> "TryGround":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._floor.close()

    def engine(self) -> tuple[Engine, VirtualClock]:
        """An engine over empty tables. `settle` must follow before a case is started."""
        self._floor.set_back()
        self.store.stopped = None
        clock = VirtualClock(FIRST_MOMENT)
        engine = Engine(
            store=self.store,
            clock=clock,
            handlers=self._handlers,
            settings=self._settings,
            calendars=self._calendars,
        )
        engine.register = self._register
        return engine, clock

    def settle(self, calendar: str) -> None:
        """One organisation of one unit, where nobody works: the walk does all work itself."""
        with self.store.transaction() as session:
            session.execute(
                insert(Organisation).values(
                    organisation_key=ORGANISATION,
                    name={"zh": "试走", "en": "Try"},
                    profiles={},
                    calendar=calendar,
                    settings={},
                    directory_version=1,
                )
            )
            session.execute(
                insert(Unit).values(
                    unit_key=ORGANISATION,
                    organisation_key=ORGANISATION,
                    parent_key=None,
                    path=f"/{ORGANISATION}/",
                    name={"zh": "试走", "en": "Try"},
                    head=None,
                )
            )

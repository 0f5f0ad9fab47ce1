"""Drives the models through the real commands: deploy, start, complete tasks, ring timers, send messages and signals.

Words of an act: `ask` completes the open user task of that id, `ask late=true` with a value; `clock` moves time to the
next due moment; `send reply` sends a message to the case, `signal stop` a signal to everybody.
"""

from contextlib import suppress
from collections.abc import Iterable, Sequence

from engines import make_engine, person
from sqlalchemy import func, select

from engine.commands.case.on_case import CaseStopped
from engine.commands.complete_user_task import complete_user_task
from engine.commands.correlate_message import correlate_message
from engine.commands.due.due_work import do_due_work, next_due_at
from engine.commands.engine import Engine
from engine.commands.releases.deploy import DeploymentRefused, deploy
from engine.commands.releases.family_files import FamilyFiles
from engine.commands.start_instance import Started, start_instance
from engine.commands.terminate_instance import terminate_instance
from engine.expressions import compile_expression
from engine.model import (
    ElementInstance,
    Incident,
    Job,
    MessageSubscription,
    ProcessInstance,
    Timer,
    UserTask,
    VirtualClock,
)
from engine.people import SYSTEM
from engine.store import Store
from tests.conformance.construct import Case, Construct

MOST_RINGS = 20  # Of one `clock`: what is due at one moment never needs more.


class World:
    """One engine for all models. A case that is not over is terminated, so that the next hears nothing of it."""

    def __init__(self, store: Store, clock: VirtualClock) -> None:
        self.clock = clock
        self.engine: Engine = make_engine(store, clock)
        self.actor = person(self.engine, "li_na")

    def deploy(self, construct: Construct) -> list[str]:
        """The rules that refuse it, each once; empty when it is live."""
        files = FamilyFiles(construct.key, {f"{construct.key}.bpmn": construct.content})
        try:
            deploy(self.engine, SYSTEM, [files], name=construct.key)
        except DeploymentRefused as refused:
            return sorted({one.rule for one in refused.findings if one.severity == "error"})
        return []

    def run(self, construct: Construct, case: Case) -> str:
        """What came of it, in the words of `Case.expected`, one element after the other."""
        started = start_instance(
            self.engine, self.actor, process_key=construct.key, variables=dict(case.given)
        )
        try:
            for act in case.acts:
                self._settle()
                problem = self._act(construct, started, act)
                if problem:
                    return f"{' > '.join(self.trace(started))} | {problem}"
            self._settle()
            state = self.state(started)
            return " > ".join(self.trace(started)) + ("" if state == "completed" else f" | {state}")
        finally:
            if self._row(started).state == "running":
                terminate_instance(
                    self.engine, SYSTEM, instance_key=started.instance_key, reason="The test is over."
                )

    def trace(self, started: Started) -> list[str]:
        """Tasks and end events that were left, in order."""
        with self.engine.store.reading() as session:
            rows = session.execute(
                select(ElementInstance.element_id)
                .where(
                    ElementInstance.instance_key == started.instance_key,
                    ElementInstance.outcome == "completed",
                    ElementInstance.kind.ilike("%task") | (ElementInstance.kind == "endEvent"),
                )
                .order_by(ElementInstance.sequence)
            )
            return list(rows.scalars())

    def state(self, started: Started) -> str:
        """completed | waiting | incident | hang: nothing in the world could move it."""
        case = self._row(started)
        if case.state != "running":
            return str(case.state)
        if self._count(started, Incident, Incident.resolved_at.is_(None)):
            return "incident"
        places = (
            self._count(started, UserTask, UserTask.state == "open")
            + self._count(started, Timer, Timer.state.in_(("waiting", "paused")))
            + self._count(started, Job, Job.state == "waiting")
            + self._count(started, MessageSubscription)
            + self._waits_inside(started)
        )
        return "waiting" if places else "hang"

    def _waits_inside(self, started: Started) -> int:
        """Signals and conditions that it waits for, as the case in memory says."""
        _, run = self.engine.live._runs[started.instance_key]
        return sum(place.kind in ("signal", "condition") for place in run.waiting.values())

    def _row(self, started: Started) -> ProcessInstance:
        with self.engine.store.reading() as session:
            return session.get_one(ProcessInstance, started.instance_key)

    def _count(self, started: Started, table: type, *conditions: object) -> int:
        with self.engine.store.reading() as session:
            statement = select(func.count()).select_from(table)
            found = session.execute(
                statement.where(table.instance_key == started.instance_key, *conditions)  # type: ignore[attr-defined,arg-type]
            )
            return int(found.scalar_one())

    def _settle(self) -> None:
        due = next_due_at(self.engine)
        if due is not None and due <= self.clock.now():
            do_due_work(self.engine)

    def _act(self, construct: Construct, started: Started, act: str) -> str | None:
        """What was impossible, in a word."""
        verb, _, name = act.partition(" ")
        match verb:
            case "clock":
                due = next_due_at(self.engine, started.instance_key)
                if due is None:
                    return "nothing due"
                self.clock.set(max(due, self.clock.now()))
                do_due_work(self.engine)
            case "send":
                correlate_message(
                    self.engine, SYSTEM, message_name=f"{construct.key}_{name}",
                    correlation=started.business_key, variables={}, organisation_key="bank",
                )  # fmt: skip
            case "signal":
                from engine.commands.broadcast_signal import broadcast_signal

                broadcast_signal(
                    self.engine, SYSTEM, signal_name=f"{construct.key}_{name}", organisation_key="bank"
                )
            case _:
                with self.engine.store.reading() as session:
                    keys = list(
                        session.execute(
                            select(UserTask.user_task_key).where(
                                UserTask.instance_key == started.instance_key,
                                UserTask.element_id == verb,
                                UserTask.state == "open",
                            )
                        ).scalars()
                    )
                if not keys:
                    return f"no open task {verb}"
                values = _values(name.split())
                with suppress(CaseStopped):  # An incident tells.
                    complete_user_task(self.engine, self.actor, user_task_key=keys[0], values=values)
        return None


def _values(words: Iterable[str]) -> dict[str, object]:
    pairs = (word.partition("=") for word in words)
    return {name: compile_expression(text).evaluate({}, {}) for name, _, text in pairs}


def matches(expected: str, got: str) -> bool:
    """Whether `got` is one of the orders that `expected` allows."""
    wanted, _, wanted_state = (part.strip() for part in expected.partition("|"))
    trace, _, state = (part.strip() for part in got.partition("|"))
    if state != wanted_state:
        return False
    left = [one for one in trace.split(" > ") if one]
    for group in (part for part in wanted.split(">") if part.strip()):
        names = sorted(name.strip() for name in group.split(","))
        if sorted(left[: len(names)]) != names:
            return False
        left = left[len(names) :]
    return not left


def verdict_of(world: World, construct: Construct) -> tuple[str, Sequence[str]]:
    """The construct's verdict, and what was expected and got where they differ.

    runs as specified | refused by RULES | runs by accident | wrong | hangs
    """
    rules = world.deploy(construct)
    if rules:
        return f"refused by {construct.refused_by if construct.refused_by in rules else ', '.join(rules)}", ()
    different, is_hanging, fails_counter_only = [], False, True
    for one in construct.cases:
        got = world.run(construct, one)
        if not matches(one.expected, got):
            different.append(
                f"{', '.join(one.acts) or 'no act'} {dict(one.given)}: expected {one.expected}; got {got}"
            )
            is_hanging |= got.endswith("| hang")
            fails_counter_only &= one.is_counter
    if not different:
        return "runs as specified", ()
    if is_hanging:
        return "hangs", different
    return ("runs by accident" if fails_counter_only else "wrong"), different

"""Drives the models through the real commands: deploy, start, complete tasks, ring timers, send messages and signals.

Words of an act: `ask` completes the open user task of that id, `ask late=true` with a value; `clock` moves time to the
next due moment; `send reply` sends a message to the case, `signal stop` a signal to everybody. `restart` has each
case read anew. `nobody`, the first of the words, starts no case.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from engines import ORGANISATION, make_engine, person
from sqlalchemy import func, select

from engine.commands.broadcast_signal import broadcast_signal
from engine.commands.case.on_case import CaseStopped, on_case
from engine.commands.complete_user_task import complete_user_task
from engine.commands.correlate_message import correlate_message
from engine.commands.due.due_work import do_due_work, next_due_at
from engine.commands.engine import Engine
from engine.commands.releases.deploy import DeploymentRefused, deploy
from engine.commands.releases.family_files import FamilyFiles
from engine.commands.start_instance import start_instance
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

Answer = TypeVar("Answer")


class World:
    """One engine for all models. What is not over is terminated, so that the next telling hears nothing of it."""

    def __init__(self, store: Store, clock: VirtualClock) -> None:
        self.clock = clock
        self.engine: Engine = make_engine(store, clock)
        self.actor = person(self.engine, "li_na")
        self._known: set[str] = set()
        self.rewrites: list[str] = []  # Of the model that was deployed last, the rules.

    def deploy(self, construct: Construct) -> list[str]:
        """The rules that refuse it, each once; empty when it is live."""
        self.rewrites = []
        files = FamilyFiles(construct.key, {f"{construct.key}.bpmn": construct.content})
        try:
            findings = deploy(self.engine, SYSTEM, [files], name=construct.key).findings
        except DeploymentRefused as refused:
            return sorted({one.rule for one in refused.findings if one.severity == "error"})
        notes = [one.rule for one in findings if one.rule.startswith("rewritten-")]
        self.rewrites = sorted({rule.removeprefix("rewritten-") for rule in notes})
        return []

    def run(self, construct: Construct, case: Case) -> str:
        """What came of it, in the words of `Case.expected`, one element after the other."""
        self._known = set(self._cases())
        try:
            if case.acts[:1] != ("nobody",):
                start_instance(self.engine, self.actor, process_key=construct.key, variables=dict(case.given))
            problem = None
            for act in case.acts:
                self._settle()
                problem = problem or self._act(construct, act)
            self._settle()
            state = problem or self.state()
            return " > ".join(self.trace()) + ("" if state == "completed" else f" | {state}")
        finally:
            for key in self.cases("running"):
                terminate_instance(self.engine, SYSTEM, instance_key=key, reason="The test is over.")

    def cases(self, *states: str) -> list[str]:
        """The cases of this telling, the oldest first: the one that was started, and those that it brought about."""
        return [key for key in self._cases(*states) if key not in self._known]

    def _cases(self, *states: str) -> list[str]:
        with self.engine.store.reading() as session:
            statement = select(ProcessInstance.instance_key).order_by(ProcessInstance.instance_key)
            if states:
                statement = statement.where(ProcessInstance.state.in_(states))
            return list(session.execute(statement).scalars())

    def trace(self) -> list[str]:
        """Tasks and end events that were left, in order, case by case."""
        keys = self.cases()
        with self.engine.store.reading() as session:
            rows = session.execute(
                select(ElementInstance.element_id)
                .where(
                    ElementInstance.instance_key.in_(keys),
                    ElementInstance.outcome == "completed",
                    ElementInstance.kind.ilike("%task") | (ElementInstance.kind == "endEvent"),
                )
                .order_by(ElementInstance.instance_key, ElementInstance.sequence)
            )
            return list(rows.scalars())

    def state(self) -> str:
        """completed | waiting | incident | hang (nothing in the world could move it) | nothing begun."""
        if not self.cases():
            return "nothing begun"
        found = {self._state(key) for key in self.cases("running")}
        return next((one for one in ("incident", "hang", "waiting") if one in found), "completed")

    def _state(self, case_key: str) -> str:
        if self._count(case_key, Incident, Incident.resolved_at.is_(None)):
            return "incident"
        places = (
            self._count(case_key, UserTask, UserTask.state == "open")
            + self._count(case_key, Timer, Timer.state.in_(("waiting", "paused")))
            + self._count(case_key, Job, Job.state == "waiting")
            + self._count(case_key, MessageSubscription)
            + self._waits_inside(case_key)
        )
        return "waiting" if places else "hang"

    def _waits_inside(self, case_key: str) -> int:
        """Signals and conditions that it waits for, as the case in memory says."""
        run = on_case(self.engine, SYSTEM, lambda _: case_key, lambda work: work.run)
        return sum(place.kind in ("signal", "condition") for place in run.waiting.values())

    def _count(self, case_key: str, table: Any, *conditions: Any) -> int:
        with self.engine.store.reading() as session:
            statement = select(func.count()).select_from(table)
            return int(
                session.execute(statement.where(table.instance_key == case_key, *conditions)).scalar_one()
            )

    def _settle(self) -> None:
        due = next_due_at(self.engine)
        if due is not None and due <= self.clock.now():
            do_due_work(self.engine)

    def _act(self, construct: Construct, act: str) -> str | None:
        """What was impossible, in a word."""
        verb, _, name = act.partition(" ")
        match verb:
            case "clock":
                due = min(
                    (one for key in self.cases() if (one := next_due_at(self.engine, key))), default=None
                )
                if due is None:
                    return "nothing due"
                self.clock.set(max(due, self.clock.now()))
                do_due_work(self.engine)
            case "nobody":
                pass
            case "restart":
                self.engine.live.clear()
            case "send":
                keys = self.cases()
                with self.engine.store.reading() as session:
                    numbers = [session.get_one(ProcessInstance, key).business_key for key in keys]
                correlate_message(
                    self.engine, SYSTEM, message_name=f"{construct.key}_{name}",
                    correlation=next(iter(numbers), "anybody"), variables={}, organisation_key=ORGANISATION,
                )  # fmt: skip
            case "signal":
                broadcast_signal(
                    self.engine, SYSTEM, signal_name=f"{construct.key}_{name}", organisation_key=ORGANISATION
                )
            case _:
                keys = self._open_tasks(verb)
                if not keys:
                    return f"no open task {verb}"
                values = _values(name.split())
                with suppress(CaseStopped):  # An incident tells.
                    complete_user_task(self.engine, SYSTEM, user_task_key=keys[0], values=values)
        return None

    def _open_tasks(self, element_id: str) -> list[str]:
        keys = self.cases()
        with self.engine.store.reading() as session:
            return list(
                session.execute(
                    select(UserTask.user_task_key).where(
                        UserTask.instance_key.in_(keys),
                        UserTask.element_id == element_id,
                        UserTask.state == "open",
                    )
                ).scalars()
            )


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


def said_once(say: Callable[[Construct], Answer]) -> Callable[[Construct], Answer]:
    """Drives each construct when it is first asked for: of several workers each drives only its own."""
    said: dict[str, Answer] = {}

    def answer(construct: Construct) -> Answer:
        if construct.name not in said:
            said[construct.name] = say(construct)
        return said[construct.name]

    return answer

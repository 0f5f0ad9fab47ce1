"""One random diagram, one random path: the engine beside the rule, compared after every step."""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

from bpmn_stories import NOW, PlainHost
from random_drawing import Drawn
from token_rule import Activity, Interpreter, Place, Running

from engine.diagrams import is_made, parse_xml
from engine.diagrams.normalise import normalise
from engine.spiff import CaseRun, Guards, compile_process, restore_process

MOST_STEPS = 40


@dataclass
class Walked:
    steps: int = 0
    differences: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)


class _Pair:
    """Which place of the engine is which place of the rule; runs of one sub-process are told apart."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.scopes: dict[Any, Running] = {}

    def match(self, run: CaseRun, rule: Interpreter) -> str | None:
        free = rule.places()
        for key, place in self.places.items():
            if key in run.waiting:
                if place not in free:
                    return f"the engine still waits at {place.element_id} ({place.kind}), the rule does not"
                free.remove(place)
        self.places = {key: place for key, place in self.places.items() if key in run.waiting}
        for key, waiting in run.waiting.items():
            if key in self.places or waiting.kind == "event":  # an error or escalation that may come
                continue
            for one in free:
                if one.element_id == waiting.element_id and self._fits(run, key, one, waiting.text):
                    self.places[key] = one
                    free.remove(one)
                    break
            else:
                return f"the engine waits at {waiting.element_id} ({waiting.kind}), the rule does not"
        return (
            f"the rule waits at {', '.join(one.element_id for one in free)}, the engine does not"
            if free
            else None
        )

    def _fits(self, run: CaseRun, key: str, one: Place, text: str) -> bool:
        if one.kind in ("message", "signal") and text != one.text:
            return False
        task = run._workflow.get_task_from_id(UUID(key.partition(":")[0]))
        scope: Running | None = one.activity.scope
        way: dict[Any, Running] = {}
        while scope is not None:
            holder = _holder(run, task)
            way[None if holder is None else holder.id] = scope
            task, scope = holder, None if scope.host is None else scope.host.scope
        taken = {known: engine_scope for engine_scope, known in self.scopes.items()}
        if any(
            self.scopes.get(key, one) is not one or taken.get(one, key) != key for key, one in way.items()
        ):
            return False
        self.scopes |= way
        return True


def _holder(run: CaseRun, task: Any) -> Any:
    """The drawn sub-process or call that a task is in; what the normaliser made around it is passed over."""
    while True:
        parent = task.workflow.parent_task_id
        if parent is None:
            return None
        task = run._workflow.get_task_from_id(parent)
        if not is_made(str(task.task_spec.bpmn_id or task.task_spec.name.removesuffix(" [child]"))):
            return task


Order = Literal["any", "first", "last"]


def walk(drawn: Drawn, seed: int, meant: Drawn | None = None, order: Order = "any") -> Walked:
    """`meant`: what the rule is told instead, for a test of the comparison. `order`: whom of those who wait comes next."""
    dice, walked = random.Random(seed), Walked()
    process = restore_process("p", compiled(drawn))
    rule, pair = Interpreter(meant or drawn), _Pair()
    names = sorted(
        one.id for body in bodies(drawn) for one in body.nodes.values() if len(body.out(one.id)) > 1
    )
    names += sorted(drawn.codes["condition"])
    host, guards = PlainHost(), Guards()
    scopes: dict[str, dict[str, Any]] = {"case": {}}

    def values() -> dict[str, int]:
        return {name: dice.randint(0, 3) for name in names}

    def assign(run: CaseRun, chosen: dict[str, int]) -> None:
        for one in scopes.values():
            one.update(chosen)

    chosen = values()
    scopes["case"].update(chosen)
    run = CaseRun(process, host, scopes, guards)
    changes = run.begin(NOW)
    rule.begin(chosen)
    while True:
        problem = _difference(run, changes, rule) or (None if run.is_completed else pair.match(run, rule))
        if problem:
            walked.differences.append(problem)
        if problem or run.is_completed or walked.steps >= MOST_STEPS:
            return walked
        run = CaseRun(process, host, scopes, guards, stored=run.dump())
        if not pair.places:
            walked.differences.append("nothing can move any more, which a sound diagram never comes to")
            return walked
        places = list(run.waiting)
        waiting = sorted(pair.places, key=lambda one: (pair.places[one].element_id, places.index(one)))
        key = dice.choice(waiting) if order == "any" else waiting[0 if order == "first" else -1]
        place = pair.places[key]
        error = _error(rule, place) if place.kind == "job" and dice.random() < 0.3 else None
        if place.kind in ("user_task", "job", "condition") and error is None:  # who brings variables along
            chosen = values()
            assign(run, chosen)
        walked.steps += 1
        if error is not None:
            walked.path.append(f"{place.element_id} throws {error}")
            changes = run.throw_error(key, error, NOW)
            rule.throw(place, error, chosen)
        elif place.kind in ("user_task", "job"):
            walked.path.append(f"{place.element_id} done {chosen}")
            changes = run.complete(key, NOW)
            rule.complete(place, chosen)
        elif place.kind == "condition":
            walked.path.append(f"variables become {chosen}")
            changes = run.look(NOW)
            rule.look(chosen)
        elif place.kind == "signal":
            walked.path.append(f"{place.text} is heard {chosen}")
            changes = run.hear(place.text, list(run.waiting), NOW)
            rule.hear(place.text, chosen)
        else:
            walked.path.append(f"{place.element_id} fires {place.text} {chosen}")
            changes = run.fire(key, NOW)
            rule.fire(place, chosen)


def compiled(drawn: Drawn) -> bytes:
    root = normalise(parse_xml(drawn.xml().encode(), "p.bpmn")).root
    return compile_process("p", {"p.bpmn": root})


def _error(rule: Interpreter, place: Place) -> str | None:
    activity: Activity | None = place.activity
    while activity is not None:
        for one in activity.scope.body.boundaries(activity.node.id):
            if one.event == "error":
                return one.code
        activity = activity.scope.host
    return None


def _difference(run: CaseRun, changes: Any, rule: Interpreter) -> str | None:
    seen = Counter(visit.element_id for outcome, visit in changes.log if outcome == "completed")
    if seen != rule.completed:
        return f"too much: {dict(seen - rule.completed)}, missing: {dict(rule.completed - seen)}"
    if run.is_completed != rule.is_completed:
        return f"the engine is {'over' if run.is_completed else 'not over'}, the rule says otherwise"
    return None


def bodies(drawn: Drawn) -> list[Any]:
    found, waiting = [], list(drawn.processes.values())
    while waiting:
        body = waiting.pop()
        found.append(body)
        waiting += [one.body for one in body.nodes.values() if one.body is not None]
    return found

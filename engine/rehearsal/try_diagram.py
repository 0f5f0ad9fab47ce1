"""`try_diagram`: deploys a diagram into memory and walks one case of it under a virtual clock, with the real commands."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.commands.releases.deploy import DeploymentRefused, deploy
from engine.commands.releases.installed import InstalledRelease
from engine.diagrams import Finding, ProcessModel
from engine.model import NotFound
from engine.people import SYSTEM
from engine.profiles import Profile
from engine.rehearsal.try_files import FilesToTry
from engine.rehearsal.try_ground import TryGround
from engine.rehearsal.try_names import names_nobody_sets
from engine.rehearsal.try_walk import Policy, TryBounds, TryStep, Walk, WalkFailed
from engine.rehearsal.unmet import Said

# The walk does all work itself, so nobody need be able to.
_ABOUT_PEOPLE = frozenset({"nobody"})
# A diagram that lies alone: what it refers to cannot be looked up, so it is not judged; nor whether its services have
# their topics yet, which the walk does itself. A process that it calls must be there, else there is nothing to walk.
_ABOUT_OTHERS = frozenset({"unknown-form", "unknown-decision", "unknown-role", "no-form", "no-topic"})
_MADE = ".made"
MOST_LISTED = 20


@dataclass(frozen=True)
class Tried:
    """`outcome`: completed | waiting | error | not_startable. `visited`: drawn element id → visits.

    `error` is None unless something stopped it; `waits_at` are ids of elements.
    """

    deployed: bool
    outcome: str
    error: Said | None = None
    visited: Mapping[str, int] = field(default_factory=dict)
    process_key: str | None = None
    steps: Sequence[TryStep] = ()
    waits_at: Sequence[str] = ()
    findings: Sequence[Finding] = ()
    names: Mapping[str, str] = field(default_factory=dict)  # element id → name, where it has one

    @property
    def is_ok(self) -> bool:
        return self.outcome in ("completed", "waiting")

    def to_data(self, locale: str = "en") -> dict[str, Any]:
        error = "" if self.error is None else self.error.zh if locale.startswith("zh") else self.error.en
        return {
            "deployed": self.deployed,
            "error": error,
            "outcome": self.outcome,
            "visited": dict(self.visited),
        }


def try_diagram(
    files: FilesToTry,
    ground: TryGround,
    *,
    process_key: str | None = None,
    data: Mapping[str, Any] | None = None,
    policy: Policy = "default",
    bounds: TryBounds | None = None,
) -> Tried:
    """Raises NotFound when there is no process `process_key`; everything else that may go wrong is the answer."""
    began = time.process_time()
    engine, clock = ground.engine()
    not_judged = _ABOUT_PEOPLE | (_ABOUT_OTHERS if files.is_alone else frozenset())
    try:
        deployed = deploy(engine, SYSTEM, [replace(files.family, not_judged=not_judged)], name="try")
    except DeploymentRefused as refused:
        return Tried(False, "not_startable", _listed(refused.findings), findings=refused.findings)
    with engine.store.reading() as session:
        release = engine.releases.newest_of_families(session)[0]
    model = _chosen(release, files.diagram, process_key)
    names = {
        one.id: one.name for any_ in release.models.values() for one in any_.elements.values() if one.name
    }
    if model is None or not model.is_startable:
        key = model.id if model else None
        said = Said("No process here has a plain start event.", "这里没有带普通开始事件的流程。")
        return Tried(True, "not_startable", said, process_key=key, findings=deployed.findings, names=names)
    profile = _profile(release, model)
    calendar = profile.calendar if profile else "cn"
    ground.settle(calendar)
    _leave_names_empty(release, model)
    walk = Walk(engine, clock, calendar, policy, bounds or TryBounds(), time.process_time() - began)
    outcome, error = "error", None
    try:
        outcome = walk.go(model.id, profile.id if profile else None, data or {})
    except WalkFailed as failed:
        error = _placed(release, failed.said, failed.element_id)
    return Tried(
        True, outcome, error, _drawn(release, _visits(ground, walk)), model.id, walk.steps,
        walk.rows.waiting_at() if outcome == "waiting" else (), deployed.findings, names,
    )  # fmt: skip


def _visits(ground: TryGround, walk: Walk) -> Counter[str]:
    """Those that the rows tell, and those of a step that failed, of which no row is kept."""
    # A repeating timer goes on waiting when it has fired: no visit of it is over.
    fired = Counter(step.element_id for step in walk.steps if step.did == "fired")
    visited, stopped = walk.rows.visited() | fired, ground.store.stopped
    if stopped is not None:
        lost = [visit.element_id for happened, visit in stopped.log if happened == "entered"]
        if stopped.element_id and stopped.element_id not in lost and stopped.element_id not in visited:
            lost.append(stopped.element_id)
        visited.update(lost)
    return visited


def _drawn(release: InstalledRelease, visited: Mapping[str, int]) -> dict[str, int]:
    drawn = {element for one in release.models.values() for element in one.elements}
    return {
        element_id: count
        for element_id, count in sorted(visited.items())
        if element_id in drawn and not element_id.endswith(_MADE)
    }


def _profile(release: InstalledRelease, model: ProcessModel) -> Profile | None:
    """One for this process, else any: a called process is tried with the limits that its caller would bring."""
    found = sorted(release.profiles.values(), key=lambda one: (model.id not in one.processes, one.id))
    return found[0] if found else None


def _chosen(release: InstalledRelease, diagram: str | None, process_key: str | None) -> ProcessModel | None:
    """The process asked for, else the first that can be started and that no other one calls; the family's namesake before others."""
    models = release.models
    if process_key is not None:
        if process_key not in models:
            raise NotFound("process", process_key, "流程")
        return models[process_key]
    own = [one for one in models.values() if diagram is None or one.file == diagram] or list(models.values())
    called = {element.called_element for one in models.values() for element in one.elements.values()}
    own.sort(
        key=lambda one: (not one.is_startable, one.id in called, one.id != release.family, one.line or 0)
    )
    return own[0] if own else None


def _leave_names_empty(release: InstalledRelease, model: ProcessModel) -> None:
    """Fields of forms exist in a case from its start, empty; here so does every name that nothing sets."""
    empty = names_nobody_sets(release.reachable(model.id), release.decisions.values())
    fields = {key: names | empty for key, names in release.form_fields.items()}
    vars(release)["form_fields"] = fields  # where a cached property keeps its value


def _listed(findings: Sequence[Finding]) -> Said:
    errors = [one for one in findings if one.severity == "error"]
    en, zh = ([one.says(locale) for one in errors[:MOST_LISTED]] for locale in ("en", "zh"))
    if len(errors) > MOST_LISTED:
        en.append(f"And {len(errors) - MOST_LISTED} more.")
        zh.append(f"另有 {len(errors) - MOST_LISTED} 个。")
    return Said(" ".join(en), " ".join(zh))


def _placed(release: InstalledRelease, said: Said, element_id: str | None) -> Said:
    """With file and line before it, as a finding has them."""
    # What the engine adds to a drawn element has its id and a word: `handle.EndJoin`.
    for key in (element_id or "", (element_id or "").rpartition(".")[0]):
        for model in release.models.values():
            element = model.elements.get(key)
            if element is not None:
                name = f" “{element.name}”" if element.name else ""
                place = f"{model.file}:{element.line}: {element.id}{name}: "
                return Said(place + said.en, place + said.zh)
    return said

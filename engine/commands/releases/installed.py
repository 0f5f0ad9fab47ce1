"""Releases as the commands use them: diagrams, tables, forms, texts and profiles, read once and kept."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.commands.releases.called_blocks import BLOCKS
from engine.decisions import DecisionTable, read_decisions
from engine.diagrams import Element, ProcessModel
from engine.forms import FormDefinition, read_form
from engine.model import (
    NotFound,
    ProcessDefinition,
    Release,
    ReleaseFile,
    ReleasePointer,
    SystemClock,
    WallClock,
    table_of,
)
from engine.model.release_pointer import is_past, live_release
from engine.model.text_order import by_code_point
from engine.profiles import Profile, read_profile
from engine.spiff import CompiledProcess, restore_process


@dataclass(frozen=True)
class ClockedElement:
    """An element that carries `sla`, or a process that does (its id is then the process key)."""

    process_key: str
    element_id: str
    names: str  # limit names, comma separated, or an expression
    start: str | None  # "case", an element id, or None for its own entry
    warn: tuple[str, ...] | None
    ladder: str | None
    is_pausable: bool


@dataclass
class InstalledRelease:
    """One release in memory. Never changes; a case keeps the release it was started with."""

    release_key: str
    family: str
    number: int
    definitions: Mapping[str, str]  # process key → definition key
    names: Mapping[str, str | None]  # process key → name of the process
    models: Mapping[str, ProcessModel]
    specs: Mapping[str, bytes]
    profiles: Mapping[str, Profile]
    forms: Mapping[str, FormDefinition]
    decisions: Mapping[str, DecisionTable]
    texts: Mapping[str, Mapping[str, str]]  # locale → template kind → markdown
    labels: Mapping[str, Mapping[str, str]]  # locale → element id → label
    _compiled: dict[str, CompiledProcess] = field(default_factory=dict)

    def compiled(self, process_key: str) -> CompiledProcess:
        found = self._compiled.get(process_key)
        if found is None:
            found = self._compiled[process_key] = restore_process(process_key, self.specs[process_key])
        return found

    def element(self, process_key: str, element_id: str) -> Element | None:
        model = self.models.get(process_key)
        return None if model is None else model.elements.get(element_id)

    def profile(self, profile_id: str) -> Profile | None:
        return self.profiles.get(profile_id)

    def reachable(self, process_key: str) -> Iterator[ProcessModel]:
        """The process and all that it calls, each once."""
        seen: set[str] = set()
        waiting = [process_key]
        while waiting:
            key = waiting.pop()
            model = self.models.get(key)
            if key in seen or model is None:
                continue
            seen.add(key)
            yield model
            waiting += [one.called_element for one in model.elements.values() if one.called_element]

    def runs_under(self, profile: Profile, process_key: str) -> bool:
        """Whether the process is one of the profile's, or called by one: only then its limits and roles are known to be there."""
        return any(model.id == process_key for key in profile.processes for model in self.reachable(key))

    @cached_property
    def clocked(self) -> Mapping[tuple[str, str], tuple[ClockedElement, ...]]:
        """(process key, element id at whose entry something happens) → the clocked elements that belong to it.

        An element stands under its own id; one with `sla.start` also under ("", id of its start).
        """
        found: dict[tuple[str, str], list[ClockedElement]] = {}
        for model in self.models.values():
            for one in model.clocked_elements():
                clocked = _clocked(model.id, one)
                found.setdefault((model.id, clocked.element_id), []).append(clocked)
                if clocked.start:
                    found.setdefault(("", clocked.start), []).append(clocked)
        return {key: tuple(ones) for key, ones in found.items()}

    @cached_property
    def clocked_early_by_expression(self) -> tuple[ClockedElement, ...]:
        """Elements whose clocks start before their entry under names that an expression gives."""
        return tuple(
            one
            for (process_key, _), ones in self.clocked.items()
            if process_key == ""
            for one in ones
            if "${" in one.names
        )

    @cached_property
    def separations(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """(process key, user task) → the tasks whose doers may not do it. Mostly empty, and asked at each completion."""
        return {
            (model.id, one.id): one.separate_from
            for model in self.models.values()
            for one in model.elements.values()
            if one.separate_from
        }

    @cached_property
    def form_fields(self) -> Mapping[str, frozenset[str]]:
        """Process key → every field that its forms can fill: such variables exist, empty, from the start."""
        return {
            key: frozenset(
                name
                for model in self.reachable(key)
                for element in model.elements.values()
                if element.form_ref and element.form_ref in self.forms
                for name in self.forms[element.form_ref].field_names
            )
            for key in self.models
        }

    def name_of(self, process_key: str, element_id: str, locale: str = "zh") -> str:
        if not locale.startswith("zh"):
            label = self.labels.get(locale[:2], {}).get(element_id)
            if label:
                return label
        element = self.element(process_key, element_id)
        return (element.name if element else "") or element_id

    def start_form(self, process_key: str) -> FormDefinition | None:
        for event in self.models[process_key].start_events():
            if event.form_ref and event.form_ref in self.forms:
                return self.forms[event.form_ref]
        return None


def _clocked(process_key: str, one: Any) -> ClockedElement:
    warn = one.sla_warn
    return ClockedElement(
        process_key=process_key,
        element_id=one.id,
        names=one.sla,
        start=one.sla_start or None,
        warn=tuple(part.strip() for part in warn.split(",")) if warn else None,
        ladder=one.sla_ladder or None,
        is_pausable=one.sla_pausable != "no",
    )


_definitions, _releases = table_of(ProcessDefinition), table_of(Release)
_pointers = table_of(ReleasePointer)
_other = _definitions.alias()
_FAMILY = (
    # A process belongs to one family for good: any of its definitions will do.
    select(_releases.c.family)
    .select_from(_other.join(_releases, _releases.c.release_key == _other.c.release_key))
    .where(_other.c.process_key == bindparam("of_process"))
    .limit(1)
    .scalar_subquery()
)
_LIVE = select(_definitions.c.release_key).where(
    _definitions.c.process_key == bindparam("of_process"),
    _definitions.c.path.not_like(f"{BLOCKS}/%"),  # a block is in many families, and begun in none
    _definitions.c.release_key
    == live_release(_FAMILY, bindparam("at_moment", type_=_pointers.c.live_from.type)).scalar_subquery(),
)


class ReleaseShelf:
    """Releases by key, loaded when first asked for. Which one is live is looked up in the database each time."""

    def __init__(self, known: Mapping[str, InstalledRelease] = MappingProxyType({})) -> None:
        """`known`: releases, which never change, that another engine over the same database has loaded already."""
        # The engine's own. Past cases are imported under a clock of their own, but with what is live today.
        self.clock: WallClock = SystemClock()
        self._releases: dict[str, InstalledRelease] = dict(known)
        self._lock = threading.Lock()

    def get(self, session: Session, release_key: str) -> InstalledRelease:
        found = self._releases.get(release_key)
        if found is None:
            with self._lock:
                found = self._releases.get(release_key)
                if found is None:
                    found = self._releases[release_key] = load_release(session, release_key)
        return found

    def newest(self, session: Session, process_key: str) -> InstalledRelease:
        """The live release of the family of `process_key`. Raises NotFound, also when that release has it no more."""
        asked = {"of_process": process_key, "at_moment": self.clock.now()}
        key = session.connection().execute(_LIVE, asked).scalar_one_or_none()
        if key is None:
            raise NotFound("process definition", process_key, "流程定义")
        return self.get(session, key)

    def newest_of_families(self, session: Session) -> list[InstalledRelease]:
        """The live release of each family."""
        pointers = session.execute(
            select(_pointers.c.family, _pointers.c.release_key)
            .where(*is_past(self.clock.now()))
            .order_by(_pointers.c.live_from, _pointers.c.sequence)
        )
        live = {row.family: row.release_key for row in pointers}
        return [self.get(session, live[family]) for family in sorted(live)]


def load_release(session: Session, release_key: str) -> InstalledRelease:
    release = session.get(Release, release_key)
    if release is None:
        raise NotFound("release", release_key, "发布")
    files = session.execute(
        select(ReleaseFile.path, ReleaseFile.kind, ReleaseFile.content)
        .where(
            ReleaseFile.release_key == release_key, ReleaseFile.kind.not_in(("scenario", "readme", "bpmn"))
        )
        .order_by(ReleaseFile.path)
    ).all()
    definitions = session.execute(
        select(
            ProcessDefinition.process_key,
            ProcessDefinition.definition_key,
            ProcessDefinition.name,
            ProcessDefinition.spec,
            ProcessDefinition.model,
        )
        .where(ProcessDefinition.release_key == release_key)
        .order_by(
            by_code_point(ProcessDefinition.process_key)
        )  # one order of the processes on every database
    ).all()
    profiles = [read_profile(content, path) for path, kind, content in files if kind == "profile"]
    forms = [read_form(content, path) for path, kind, content in files if kind == "form"]
    tables = [
        table for path, kind, content in files if kind == "dmn" for table in read_decisions(content, path)
    ]
    texts: dict[str, dict[str, str]] = {}
    labels: dict[str, dict[str, str]] = {}
    for path, kind, content in files:
        if kind == "text":
            _, locale, name = path.rsplit("/", 2)
            texts.setdefault(locale, {})[name.removesuffix(".md")] = content.decode()
        elif kind == "labels":
            # In the order of the paths: those of the blocks first, so that the family's own win.
            labels.setdefault(path.rsplit("/", 1)[1].removesuffix(".json")[:2], {}).update(
                orjson.loads(content)
            )
    return InstalledRelease(
        release_key=release_key,
        family=release.family,
        number=release.number,
        definitions={row.process_key: row.definition_key for row in definitions},
        names={row.process_key: row.name for row in definitions},
        models={row.process_key: ProcessModel.from_data(row.model) for row in definitions},
        specs={row.process_key: row.spec for row in definitions},
        profiles={profile.id: profile for profile in profiles},
        forms={form.key: form for form in forms},
        decisions={table.id: table for table in tables},
        texts=texts,
        labels=labels,
    )

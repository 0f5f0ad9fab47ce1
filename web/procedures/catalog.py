"""What an owner may choose from while drawing: roles, forms, tables, limits, topics, processes, rules of the register."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.commands.engine import Engine
from engine.commands.handler import Handler, Parameter
from engine.commands.releases.check_family import CheckedFamily
from engine.diagrams import Diagram, read_diagram
from engine.people.candidates import EVERYONE
from engine.people.register_roles import RegisterRole
from engine.profiles import Profile, ProfileLimit
from engine.rehearsal.register_items import RegisterItem, read_form_titles, read_register_items

Json = dict[str, Any]


def catalog(engine: Engine, checked: CheckedFamily) -> Json:
    """Of the family as it stands with its working copy. Texts are {"zh", "en"}; lists are in the order to show."""
    folder = engine.settings.processes_folder / "register"
    items = _items(folder, folder.stat().st_mtime_ns if folder.is_dir() else 0)
    return {
        **general_catalog(engine),
        "profile_roles": _by_profile(
            checked.profiles, lambda one: {name: {"value": value} for name, value in one.roles.items()}
        ),
        "ladders": sorted({"default", *(name for one in checked.profiles for name in one.ladders)}),
        "forms": [
            {"key": form.key, "title": _both(form.title), "path": form.file_name}
            for form in sorted(checked.forms, key=lambda one: one.key)
        ],
        "decisions": [
            {
                "id": table.id,
                "name": table.name,
                "path": table.file_name,
                "inputs": [one.name for one in table.inputs],
                "outputs": [one.name for one in table.outputs],
            }
            for table in sorted(checked.decisions, key=lambda one: one.id)
        ],
        "limits": _limits(checked.profiles, items),
        "messages": sorted(
            {name for diagram in checked.diagrams for name in diagram.messages.values() if name}
        ),
        "processes": _processes(checked.diagrams, engine.settings.blocks_folder),
        "variables": sorted({name for form in checked.forms for name in form.field_names}),
        "register": _rules(items, checked.profiles, read_form_titles(folder)),
    }


def general_catalog(engine: Engine) -> Json:
    """What no family needs to be known for: roles of the register, and topics of this installation."""
    return {
        "roles": _roles(engine.register.roles),
        "topics": [_topic(one) for one in engine.handlers.all()],
    }


@lru_cache(maxsize=4)
def _items(folder: Path, _changed: int) -> Mapping[str, RegisterItem]:
    return {one.id: one for one in read_register_items(folder)}


def _processes(diagrams: Sequence[Diagram], blocks_folder: Path) -> list[Json]:
    """What may be called: of the family, and building blocks that it does not call yet (without `path`)."""
    found = {
        process.id: {"id": process.id, "name": process.name or process.id, "path": diagram.file_name}
        for diagram in diagrams
        for process in diagram.processes
        if process.is_executable
    }
    changed = blocks_folder.stat().st_mtime_ns if blocks_folder.is_dir() else 0
    for key, name in _blocks(blocks_folder, changed):
        found.setdefault(key, {"id": key, "name": name, "path": ""})
    return list(found.values())


@lru_cache(maxsize=4)
def _blocks(folder: Path, _changed: int) -> tuple[tuple[str, str], ...]:
    diagrams = (read_diagram(path.read_bytes(), path.name) for path in sorted(folder.glob("*.bpmn")))
    return tuple((one.id, one.name or one.id) for diagram in diagrams for one in diagram.processes)


def _roles(roles: Mapping[str, RegisterRole]) -> list[Json]:
    everyone = {"key": EVERYONE, "zh": "全体员工", "en": "Every member of staff"}
    return [everyone, *({"key": one.key, "zh": one.zh, "en": one.en} for one in roles.values())]


def _by_profile(profiles: Iterable[Profile], named: Any) -> list[Json]:
    """What each profile calls by a name of the family: [{"name", "profiles": {profile: …}}]."""
    found: dict[str, Json] = {}
    for profile in profiles:
        for name, value in named(profile).items():
            found.setdefault(name, {})[profile.id] = value
    return [{"name": name, "profiles": values} for name, values in sorted(found.items())]


def _rules(
    items: Mapping[str, RegisterItem],
    profiles: Iterable[Profile],
    form_titles: Mapping[str, Mapping[str, str]],
) -> list[Json]:
    """`says`: in both languages, where a profile or a form has words for the rule; the register's own are English."""
    words: dict[str, Mapping[str, str]] = dict(form_titles)
    for profile in profiles:
        words[profile.id] = profile.title
        words |= {one.id: one.text for one in profile.limits.values() if one.id and any(one.text.values())}
    return [
        {"id": one.id, "title": one.title, "kind": one.kind, "says": dict(words.get(one.id, {}))}
        for one in items.values()
    ]


def _limits(profiles: Iterable[Profile], items: Mapping[str, RegisterItem]) -> list[Json]:
    every = list(profiles)
    words: dict[str, Mapping[str, str]] = {}
    for profile in every:
        for name, one in profile.limits.items():
            if any(one.text.values()):
                words.setdefault(name, one.text)
    rows = _by_profile(
        every, lambda profile: {name: _limit(one, items) for name, one in profile.limits.items()}
    )
    return [{**row, "text": dict(words.get(row["name"], {}))} for row in rows]


def _limit(one: ProfileLimit, items: Mapping[str, RegisterItem]) -> Json:
    """`value` is empty where the profile makes no such promise; `fact` false is a default of ours, no rule."""
    rule = items.get(one.id)
    parts = (rule.title, rule.row.get("limit", ""), rule.row.get("source", "")) if rule else ()
    return {
        "value": "" if one.is_off else one.value,
        "source_id": one.id,
        "fact": one.is_fact,
        "text": dict(one.text),
        "document": rule.row.get("source", "") if rule else "",
        "source_text": " · ".join(part for part in parts if part),
    }


def _topic(one: Handler) -> Json:
    return {
        "topic": one.topic,
        "says": {"zh": one.zh, "en": one.en},
        "parameters": [_parameter(each) for each in one.inputs],
        "outputs": [_parameter(each) for each in one.outputs],
    }


def _parameter(one: Parameter) -> Json:
    return {
        "name": one.name,
        "says": {"zh": one.zh, "en": one.en},
        "required": one.is_required,
        "example": one.example,
    }


def _both(title: Any) -> Json:
    return {"zh": title("zh"), "en": title("en")}

"""Which files of the families carry which ids of the register: diagrams, profiles, tables and forms; and stories."""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from engine.commands.releases.family_files import FamilyFiles, kind_of_file
from engine.diagrams import DiagramError, Element, parse_xml, read_diagram
from engine.profiles import ProfileError, read_profile
from engine.rehearsal.story import Story, read_story
from engine.rehearsal.story_error import StoryError

_DMN_TEXTS = ("id", "name", "label", "description")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9]+)*(?:/[A-Za-z0-9]+)?")
# In a profile, keys that hold prose: an id in it explains something and promises nothing.
_PROSE = frozenset({"text", "title", "why", "texts"})
# Keys of a profile whose values are role keys; elsewhere a word such as `director` is only a word.
_ROLE_PLACES = frozenset({"roles", "ladders", "escalates_to", "role"})


@dataclass(frozen=True)
class Carrier:
    register_id: str
    file: str
    element: str


def carriers_of(families: Iterable[FamilyFiles], ids: Collection[str]) -> Iterator[Carrier]:
    for family in families:
        limits = _limit_names(family)
        for path, content in sorted(family.files.items()):
            reader = _READERS.get(kind_of_file(path) or "")
            if reader is None:
                continue
            try:
                found = list(reader(content, path))
                if reader is _diagram:
                    found += _measured(content, path, limits)
            except (DiagramError, ValueError):
                continue  # Lint says what is wrong with the file; until then it carries nothing.
            for element, text in found:
                for register_id in _ids_in(text, ids):
                    yield Carrier(register_id, f"{family.family}/{path}", element)


def _limit_names(family: FamilyFiles) -> dict[str, set[str]]:
    """The family's limit name → the register ids that its profiles give it."""
    found: dict[str, set[str]] = {}
    for path, content in family.files.items():
        if kind_of_file(path) == "profile":
            with suppress(ProfileError):
                for limit in read_profile(content, path).limits.values():
                    found.setdefault(limit.name, set()).add(limit.id)
    return found


def _measured(content: bytes, path: str, limits: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Elements that measure a limit: by `sla`, or by a timer with its name."""
    for process in read_diagram(content, path).processes:
        for one in (process.process, *process.elements.values()):
            text = f"{one.sla or ''} {one.timer.text if one.timer else ''}"
            for name in re.findall(r"[a-z_][a-z0-9_]*", text):
                yield one.id, ", ".join(sorted(limits.get(name, ())))


def stories_of(families: Iterable[FamilyFiles]) -> Iterator[tuple[str, Story]]:
    """(file, story) of those that can be read."""
    for family in families:
        for path, content in sorted(family.files.items()):
            if kind_of_file(path) == "scenario":
                with suppress(StoryError):
                    yield f"{family.family}/{path}", read_story(Path(path), content)


def mentioned_ids(story: Story) -> frozenset[str]:
    """The procedure, what `source` says, the ids of steps and checks, and the roles of the people."""
    given = story.given
    found = {*story.source, *(role for roles in given.people.values() for role in roles)}
    if given.profile:
        found.add(given.profile)
    for step in story.steps:
        if step.act is not None:
            found.add(step.act[1])
        for value in step.checks.values():
            if isinstance(value, str):
                found.add(value)
            elif isinstance(value, tuple | Mapping):
                found |= set(value)
    return frozenset(found)


def _ids_in(text: str, ids: Collection[str]) -> list[str]:
    return list(dict.fromkeys(word for word in _WORD.findall(text) if word in ids))


def _diagram(content: bytes, path: str) -> Iterator[tuple[str, str]]:
    for process in read_diagram(content, path).processes:
        for one in (process.process, *process.elements.values()):
            yield one.id, ", ".join(one.source)
            yield one.id, _roles_of(one)


def _roles_of(element: Element) -> str:
    """Role keys stand as they are, or quoted in an expression; also those that a service task tells."""
    told = [text for name, text in element.inputs.items() if name in ("to", "role", "roles", "notify")]
    return " ".join(part for part in (element.candidate_groups, *told) if part)


def _profile(content: bytes, path: str) -> Iterator[tuple[str, str]]:
    del path
    data = tomllib.loads(content.decode("utf-8"))
    yield "", f"{data.get('id', '')} {data.get('source', '')}"
    for name, value in data.items():
        if name not in ("id", "source", *_PROSE):
            yield from _leaves(name, value, has_roles=name in _ROLE_PLACES)


def _leaves(place: str, value: Any, *, has_roles: bool) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in _PROSE:
                # A limit and its id are one place; deeper tables name their own.
                deeper = place if name in ("id", "role", "source") else f"{place}.{name}"
                yield from _leaves(deeper, inner, has_roles=has_roles or name in _ROLE_PLACES)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(place, inner, has_roles=has_roles)
    elif isinstance(value, str):
        yield place, value if has_roles else re.sub(r"\b[a-z]\w*", "", value)


def _table(content: bytes, path: str) -> Iterator[tuple[str, str]]:
    """The ids that a decision, its rules and columns carry in their id, name, label or description."""
    root = parse_xml(content, path)
    for decision in root.iter("{*}decision"):
        key = decision.get("id", "")
        for node in decision.iter("{*}*"):
            texts = [node.get(name, "") for name in _DMN_TEXTS]
            if node.tag.endswith("}description"):
                texts.append(node.text or "")
            if node.tag.endswith("}property") and node.get("name") == "source":
                texts.append(node.get("value", ""))
            yield key, " ".join(text for text in texts if text).replace("D_", "D-")


def _form(content: bytes, path: str) -> Iterator[tuple[str, str]]:
    del path
    schema = orjson.loads(content)
    yield "", f"{_text(schema.get('x-form'))} {_text(schema.get('x-source'))}"
    for name, field in (schema.get("properties") or {}).items():
        yield name, _text(field.get("x-source"))


def _text(value: Any) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value or "")


_READERS: Mapping[str, Callable[[bytes, str], Iterator[tuple[str, str]]]] = {
    "bpmn": _diagram,
    "profile": _profile,
    "dmn": _table,
    "form": _form,
}

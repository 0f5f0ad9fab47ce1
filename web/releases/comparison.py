"""Two versions of a family side by side: what differs in words, and on both drawings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.releases.family_files import kind_of_file
from engine.diagrams.diff import Change
from engine.model import NotFound
from engine.people import is_allowed
from engine.queries.drawing import renamed
from engine.queries.releases.compare import Comparison, compare_copy, compare_versions
from engine.queries.releases.content import load_files
from engine.queries.releases.marks import Marked, marks_of
from engine.queries.releases.versions import Version, list_versions
from web.access import current_engine, needs
from web.languages import current_locale
from web.procedures.house import FamilyPage, family_page
from web.releases.words import grouped, what_word

blueprint = Blueprint("release_comparison", __name__, template_folder="templates")

COPY = "copy"
Files = Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True)
class Sides:
    """`new` is None for the working copy."""

    old: int
    new: int | None

    @property
    def new_name(self) -> str:
        return COPY if self.new is None else str(self.new)


@blueprint.get("/procedures/<family>/compare")
@needs("release.read")
def compare(family: str) -> ResponseReturnValue:
    house = family_page(family)
    versions = list_versions(house.engine, house.actor, family)
    sides = _sides(house, versions)
    comparison = _comparison(house, sides) if sides else None
    new = next((one for one in versions if sides and one.number == sides.new), None)
    return render_template(
        "releases/compare.html",
        house=house,
        versions=versions,
        sides=sides,
        comparison=comparison,
        groups=grouped(comparison.changes) if comparison else [],
        marks=_marks(house, comparison) if comparison else [],
        what_word=what_word,
        may_look=new is not None
        and new.state in ("draft", "checked")
        and is_allowed(house.actor, "release.review"),
        copy_name=COPY,
        jump=_jump,
    )


@blueprint.get("/procedures/<family>/compare.json")
@needs("release.read")
def marks(family: str) -> ResponseReturnValue:
    """For the two drawings: each process that differs, with its marks."""
    house = family_page(family)
    sides = _sides(house, list_versions(house.engine, house.actor, family))
    if sides is None:
        return jsonify([])
    here = [one.to_data() for one in _marks(house, _comparison(house, sides))]
    for one in here:
        for side, name in (("old", str(sides.old)), ("new", sides.new_name)):
            one[f"{side}_drawing"] = (
                url_for(".drawing", family=family, side=name, process_key=one["process_key"])
                if one[f"has_{side}"]
                else None
            )
    return jsonify(here)


@blueprint.get("/procedures/<family>/drawings/<side>/<process_key>")
@needs("release.read")
def drawing(family: str, side: str, process_key: str) -> ResponseReturnValue:
    """The diagram file of one process in one version, or in the working copy, in the reader's language."""
    content = _diagram_of(_files(family_page(family), side), process_key)
    if content is None:
        raise NotFound("process", process_key, "流程")
    return Response(content, mimetype="application/xml")


def _sides(house: FamilyPage, versions: list[Version]) -> Sides | None:
    """As the address says; else what is live against the working copy or the newest other version. None without a second.

    Raises NotFound for a number that is none.
    """
    old = _number(request.args.get("old"), versions) or house.live_number
    wanted = request.args.get("new")
    if wanted == COPY or (not wanted and house.copy is not None):
        return Sides(old, None)
    new = _number(wanted, versions) or next((one.number for one in versions if one.number != old), None)
    return None if new is None else Sides(old, new)


def _number(text: str | None, versions: list[Version]) -> int | None:
    if not text:
        return None
    found = next((one.number for one in versions if str(one.number) == text), None)
    if found is None:
        raise NotFound("version", text, "版本")
    return found


def _comparison(house: FamilyPage, sides: Sides) -> Comparison:
    if sides.new is not None:
        return compare_versions(house.engine, house.actor, house.family, sides.old, sides.new)
    return compare_copy(house.engine, house.actor, house.family, sides.old, _files_of_copy(house))


def _marks(house: FamilyPage, comparison: Comparison) -> list[Marked]:
    names = {process.id: process.name for one in house.checked.diagrams for process in one.processes}
    if current_locale() != "zh":
        names |= {key: house.labels.get(key) or name for key, name in names.items()}
    return marks_of(comparison.changes, comparison.touched, names)


def _files_of_copy(house: FamilyPage) -> Files:
    return {
        path: (kind, content)
        for path, content in house.files.files.items()
        if (kind := kind_of_file(path)) is not None
    }


def _files(house: FamilyPage, side: str) -> Files:
    if side == COPY:
        return _files_of_copy(house)
    if not side.isdigit():
        raise NotFound("version", side, "版本")
    with current_engine().store.reading() as session:
        return load_files(session, house.family, int(side))[1]


def _diagram_of(files: Files, process_key: str) -> bytes | None:
    begins = re.compile(
        rb"<(?:\w+:)?process\b[^>]*\bid\s*=\s*[\"']" + re.escape(process_key).encode() + rb"[\"']"
    )
    found = next(
        (content for kind, content in files.values() if kind == "bpmn" and begins.search(content)), None
    )
    if found is None or current_locale() == "zh":
        return found
    labels: dict[str, str] = {}
    for path, (kind, content) in files.items():
        if kind == "labels" and path.endswith(f"{current_locale()}.json"):
            try:
                labels |= orjson.loads(content)
            except ValueError:
                continue  # The check says so.
    return renamed(found, lambda _process, element: labels.get(element, element))


def _jump(change: Change) -> str:
    """Process key and element of a change that is drawn, for the script; empty for one that is not."""
    if change.thing in ("element", "flow", "lane"):
        return f"{change.place} {change.new_id or change.id}"
    if change.thing != "process" and change.touches:
        return " ".join(change.touches[0])
    return ""

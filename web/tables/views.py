"""The pages of a family's decision tables, and what an editor asks while a table is being changed."""

import re
from typing import Any

from flask import Blueprint, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.commands.releases.called_blocks import is_block
from engine.commands.releases.family_files import kind_of_file
from engine.decisions import DecisionTable
from engine.diagrams.users import TABLE, users_of
from engine.model import NotFound
from engine.queries.live_file import find_live_file
from web.access import current_actor, current_engine, needs
from web.headers import DRAWING_POLICY
from web.procedures import FamilyPage, family_page
from web.tables.examination import examine

_DECISION_ID = re.compile(r"<(?:\w+:)?decision\s[^>]*?\bid=\"([^\"]+)\"")

blueprint = Blueprint("tables", __name__, template_folder="templates")


@blueprint.get("/procedures/<family>/tables")
@needs("release.read")
def listed(family: str) -> ResponseReturnValue:
    house = family_page(family)
    paths = sorted(path for path in house.files.files if kind_of_file(path) == "dmn")
    by_path: dict[str, list[DecisionTable]] = {path: [] for path in paths}
    for table in house.checked.decisions:
        by_path.setdefault(table.file_name, []).append(table)
    return render_template(
        "tables/listed.html",
        house=house,
        files=by_path,
        findings={path: _findings(house, path) for path in by_path},
        users=lambda table: users_of(house.checked.diagrams, TABLE, table.id),
    )


@blueprint.get("/procedures/<family>/tables/<path:path>")
@needs("release.read")
def show(family: str, path: str) -> ResponseReturnValue:
    """Raises NotFound."""
    house = family_page(family)
    if kind_of_file(path) != "dmn" or path not in house.files.files:
        raise NotFound("decision table", path, "决策表")
    tables = [one for one in house.checked.decisions if one.file_name == path]
    # A table that cannot be read is used all the same.
    ids = [one.id for one in tables] or _DECISION_ID.findall(house.files.files[path].decode(errors="replace"))
    response = make_response(
        render_template(
            "tables/table.html",
            house=house,
            path=path,
            can_edit=house.can_edit and not is_block(path),
            title="、".join(one.name for one in tables) or path,
            users=[user for each in ids for user in users_of(house.checked.diagrams, TABLE, each)],
            labels=_value_labels(house),
        )
    )
    response.headers["Content-Security-Policy"] = DRAWING_POLICY
    return response


@blueprint.post("/procedures/<family>/tables/<path:path>")
@needs("release.read")
def examined(family: str, path: str) -> ResponseReturnValue:
    """{text, decision?, row?} → what `examine` tells. Nothing is saved."""
    data = request.get_json(silent=True)
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise BadRequest
    decision, row = data.get("decision"), data.get("row")
    is_row = isinstance(row, dict) and all(isinstance(one, str) for one in row.values())
    live = find_live_file(current_engine(), current_actor(), family, path)
    return jsonify(
        examine(data["text"], path, str(decision) if decision else None, row if is_row else None, live)
    )


def _findings(house: FamilyPage, path: str) -> list[Any]:
    return [one for one in house.checked.findings if one.file == path]


def _value_labels(house: FamilyPage) -> dict[str, dict[str, Any]]:
    """What the values of variables are called on forms: variable → value as text → {"zh", "en"}."""
    return {
        field.name: {str(value): label for value, label in field.options}
        for form in house.checked.forms
        for field in form.fields
        if "x-options" in field.schema
    }

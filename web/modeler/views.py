"""One diagram of a family, drawn by the browser from the working copy's JSON (web/procedures)."""

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from engine.commands.releases.called_blocks import is_block
from engine.model import NotFound
from web.access import needs
from web.headers import DRAWING_POLICY
from web.procedures.house import family_page

blueprint = Blueprint("modeler", __name__, template_folder="templates")


@blueprint.get("/procedures/<family>/diagrams/<path:path>")
@needs("release.read")
def show(family: str, path: str) -> ResponseReturnValue:
    """Raises NotFound for a path that is no diagram of the family."""
    house = family_page(family)
    diagrams = sorted(one for one in house.files.files if one.endswith(".bpmn"))
    if path not in diagrams:
        raise NotFound("diagram", path, "流程图")
    names = {
        one.file_name: "、".join(house.labels.get(each.id) or each.name or each.id for each in one.processes)
        for one in house.checked.diagrams
    }
    response = make_response(
        render_template(
            "modeler/modeler.html",
            house=house,
            path=path,
            diagrams=diagrams,
            names=names,
            can_edit=house.can_edit and not is_block(path),
        )
    )
    response.headers["Content-Security-Policy"] = DRAWING_POLICY
    return response

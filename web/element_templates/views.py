"""Downloads for Camunda Modeler: a file for its folder `resources/element-templates`."""

from typing import Any

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from web.access import current_engine, needs
from web.element_templates.templates import make_templates
from web.languages import current_locale
from web.procedures.catalog import catalog as catalog_of
from web.procedures.catalog import general_catalog
from web.procedures.house import family_page

blueprint = Blueprint("element_templates", __name__)


@blueprint.get("/element-templates.json")
@needs("release.read")
def general() -> ResponseReturnValue:
    """Of no family in particular: tasks with the roles of the register, and the topics of this installation."""
    return _file(general_catalog(current_engine()), family="", version=1)


@blueprint.get("/procedures/<family>/element-templates.json")
@needs("release.read")
def of_family(family: str) -> ResponseReturnValue:
    """With the forms, limits, tables and processes of the family, as it stands with its working copy."""
    house = family_page(family)
    return _file(catalog_of(house.engine, house.checked), family=family, version=max(house.live_number, 1))


def _file(catalog: dict[str, Any], *, family: str, version: int) -> Response:
    made = jsonify(make_templates(catalog, family=family, version=version, locale=current_locale()))
    name = f"huiyin-{family or 'all'}-element-templates.json"
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made

"""Families of procedures: the list, and one family with its working copy, diagrams and findings."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.working_copies.discard_working_copy import discard_working_copy
from engine.commands.working_copies.open_working_copy import open_working_copy
from engine.commands.working_copies.renew_working_copy import renew_working_copy
from engine.model import Conflict, NotFound
from engine.queries.families import list_families
from engine.queries.releases.versions import list_versions
from engine.queries.working_copies import find_open_copies, names_of_people
from web.access import current_actor, current_engine, needs
from web.languages import current_locale
from web.procedures.diagrams import new_diagram, processes_of
from web.procedures.house import FamilyPage, family_page, family_title
from web.procedures.saving import add_file
from web.procedures.tabs import tabs_of

blueprint = Blueprint("procedures", __name__, template_folder="templates")
blueprint.add_app_template_global(tabs_of, "procedure_tabs")

ON_THE_WAY = ("draft", "checked", "reviewed", "scheduled")
DECISIONS = ("ours", "live")  # on a file that the working copy and a newer live version both changed


@blueprint.get("/procedures")
@needs("release.read")
def families() -> ResponseReturnValue:
    engine, actor = current_engine(), current_actor()
    copies = find_open_copies(engine, actor)
    versions = list_versions(engine, actor)
    return render_template(
        "procedures/families.html",
        lines=[
            {
                "live": one,
                "title": family_title({"README.md": one.readme}, one.family, current_locale()),
                "running": sum(each.running for each in versions if each.family == one.family),
                "waiting": [
                    each for each in versions if each.family == one.family and each.state in ON_THE_WAY
                ],
                "opened": copies.get(one.family),
            }
            for one in list_families(engine, actor)
        ],
        people=names_of_people(engine, [by for by, _ in copies.values()], current_locale()),
    )


@blueprint.get("/procedures/<family>")
@needs("release.read")
def family(family: str) -> ResponseReturnValue:
    return _overview(family_page(family))


@blueprint.get("/procedures/<family>/diagrams")
@needs("release.read")
def diagrams(family: str) -> ResponseReturnValue:
    house = family_page(family)
    return render_template("procedures/diagrams.html", house=house, processes=list(processes_of(house)))


@blueprint.post("/procedures/<family>/diagrams")
@needs("release.draft")
def draw(family: str) -> ResponseReturnValue:
    """Begins a new diagram in the working copy."""
    house = family_page(family)
    path, content = new_diagram(request.form.get("key", "").strip(), request.form.get("name", ""))
    if path in house.files.files:
        raise Conflict(
            f"There is a diagram {path} already. Choose another key.", f"已有流程图“{path}”，请换一个标识。"
        )
    add_file(house, path, content)
    return redirect(f"{url_for('.diagrams', family=family)}/{path}", 303)


@blueprint.post("/procedures/<family>/working-copy")
@needs("release.draft")
def begin(family: str) -> ResponseReturnValue:
    open_working_copy(current_engine(), current_actor(), family=family)
    return redirect(url_for(".family", family=family), 303)


@blueprint.post("/procedures/<family>/working-copy/discard")
@needs("release.draft")
def discard(family: str) -> ResponseReturnValue:
    house = family_page(family)
    discard_working_copy(
        house.engine, house.actor, copy_key=_copy_key(house), reason=request.form.get("reason", "")
    )
    return redirect(url_for(".family", family=family), 303)


@blueprint.post("/procedures/<family>/working-copy/renew")
@needs("release.draft")
def renew(family: str) -> ResponseReturnValue:
    """Lays the copy over what went live meanwhile; asks for each file that both changed."""
    house = family_page(family)
    decided = {
        name.removeprefix("file:"): value
        for name, value in request.form.items()
        if name.startswith("file:") and value in DECISIONS
    }
    renewed = renew_working_copy(
        house.engine,
        house.actor,
        copy_key=_copy_key(house),
        keep_ours=[path for path, value in decided.items() if value == "ours"],
        take_live=[path for path, value in decided.items() if value == "live"],
    )
    if renewed.undecided:
        return _overview(house, undecided=renewed.undecided)
    return redirect(url_for(".family", family=family), 303)


def _overview(house: FamilyPage, undecided: tuple[str, ...] = ()) -> str:
    versions = list_versions(house.engine, house.actor, house.family)
    return render_template(
        "procedures/family.html",
        house=house,
        processes=list(processes_of(house)),
        findings=[one for one in house.checked.findings if one.severity != "advice"],
        live=next((one for one in versions if one.state == "live"), None),
        running=sum(one.running for one in versions),
        waiting=[one for one in versions if one.state in ON_THE_WAY],
        undecided=undecided,
    )


def _copy_key(house: FamilyPage) -> str:
    if house.copy is None:
        raise NotFound("open working copy", house.family, "工作稿")
    return house.copy.key

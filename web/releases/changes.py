"""What staff are told of changes: a line above their tasks until they put it aside, and a page of all."""

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.commands.releases.release_note import put_note_aside
from engine.queries.releases.notes import Told, find_told, find_untold
from engine.queries.working_copies import names_of_people
from web.access import current_actor, current_engine, needs
from web.languages import current_locale
from web.procedures.house import family_title
from web.ways import back

blueprint = Blueprint("changes", __name__, template_folder="templates")


@blueprint.get("/changes")
@needs("release.read")
def show() -> ResponseReturnValue:
    told = find_told(current_engine(), current_actor())
    return render_template(
        "releases/changes.html",
        told=told,
        new={(one.family, one.sequence) for one in untold()},
        people=names_of_people(current_engine(), [one.written_by for one in told], current_locale()),
    )


@blueprint.post("/changes/<family>/<int:sequence>/aside")
@needs("release.read")
def aside(family: str, sequence: int) -> ResponseReturnValue:
    put_note_aside(current_engine(), current_actor(), family=family, sequence=sequence)
    return back(url_for(".show"))


@blueprint.app_template_global("untold_changes")
def untold() -> list[Told]:
    """For the reader; asked once a page."""
    if "untold_changes" not in g:
        g.untold_changes = find_untold(current_engine(), current_actor())
    found: list[Told] = g.untold_changes
    return found


@blueprint.app_template_global("told_title")
def title(one: Told) -> str:
    return family_title({"README.md": one.readme}, one.family, current_locale())

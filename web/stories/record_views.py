"""A story from a real case: choose it, see what of it goes into the story and what does not, save it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.releases.family_files import FamilyFiles
from engine.commands.working_copies.copies import release_files
from engine.model import InvalidInput, NotFound
from engine.queries.family_cases import find_family_cases
from engine.rehearsal.record import record_case
from web.access import needs
from web.languages import gettext as _
from web.procedures.house import family_page
from web.stories.files import story_file
from web.stories.save import save_story
from web.stories.stage import story_runs
from web.story_player.stage_digest import stage_digest

blueprint = Blueprint("record_story", __name__, template_folder="templates")
MOST_CHARACTERS = 500_000


@blueprint.get("/procedures/<family>/stories/record")
@needs("release.draft")
def choose(family: str) -> ResponseReturnValue:
    house = family_page(family)
    words = request.args.get("q", "").strip()[:80]
    return render_template(
        "stories/record.html",
        house=house,
        words=words,
        cases=find_family_cases(house.engine, house.actor, family, words),
    )


@blueprint.get("/procedures/<family>/stories/record/<instance_key>")
@needs("release.draft")
def preview(family: str, instance_key: str) -> ResponseReturnValue:
    """Nothing is saved yet. The story is played on the version that the case ran on."""
    house = family_page(family)
    title = request.args.get("title", "").strip() or _("From a case")
    recorded = record_case(house.engine, house.actor, instance_key, title=title)
    if recorded.family != family:
        raise NotFound("case", instance_key, "事项")
    with house.engine.store.reading() as session:
        files = FamilyFiles(family, release_files(session, recorded.release_key))
    told = story_runs(house.engine).play(
        files, stage_digest(files), story_file("scenarios/recorded.toml", recorded.text)
    )
    return render_template(
        "stories/recorded.html",
        house=house,
        recorded=recorded,
        told=told,
        name=f"case_{''.join(one if one.isascii() and one.isalnum() else '_' for one in recorded.business_key.lower()).strip('_')}"[
            :60
        ],
    )


@blueprint.post("/procedures/<family>/stories/record")
@needs("release.draft")
def save(family: str) -> ResponseReturnValue:
    house = family_page(family)
    text = request.form.get("text", "").replace("\r\n", "\n")
    if not text.strip() or len(text) > MOST_CHARACTERS:
        raise InvalidInput(
            f"Expected the text of a story, at most {MOST_CHARACTERS} characters.",
            f"请提交情景文本，至多 {MOST_CHARACTERS} 字符。",
        )
    path = save_story(house, request.form.get("name", "").strip(), text)
    return redirect(url_for("stories.show", family=family, path=path), 303)

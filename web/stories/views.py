"""The list of a family's stories with their runs, one story with its path, what no story passes, and new stories."""

from urllib.parse import urlencode

from flask import Blueprint, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.model import InvalidInput, NotFound
from engine.queries.drawing import renamed
from engine.rehearsal.story_lines import line_of_problem, line_of_step
from web.access import needs
from web.headers import DRAWING_POLICY
from web.languages import current_locale
from web.procedures.house import family_page
from web.stories.files import StoryFile, find_story, story_file
from web.stories.path import drawn_coverage, drawn_way
from web.stories.runs import Told
from web.stories.save import save_story
from web.stories.shown_steps import shown_steps
from web.stories.stage import Shelf, StoryLine
from web.stories.template_story import template_story

blueprint = Blueprint("stories", __name__, template_folder="templates")
STATES = ("failed", "unread", "unplayed", "passed")


@blueprint.get("/procedures/<family>/stories")
@needs("release.read")
def listed(family: str) -> ResponseReturnValue:
    shelf = Shelf(family_page(family))
    return render_template("stories/listed.html", **_listed(shelf))


@blueprint.get("/procedures/<family>/stories/lines")
@needs("release.read")
def lines(family: str) -> ResponseReturnValue:
    """The list alone: asked for again while a run is under way."""
    return render_template("stories/lines.html", **_listed(Shelf(family_page(family))))


@blueprint.post("/procedures/<family>/stories/run")
@needs("release.draft")
def run(family: str) -> ResponseReturnValue:
    """All stories, or those that the filter shows; a run that is under way is shown instead of a second one."""
    shelf = Shelf(family_page(family))
    chosen = [one.file for one in _filtered(shelf)]
    if not chosen:
        raise InvalidInput("There is no story to run.", "没有可运行的情景。")
    shelf.runs.start(shelf.house.files, chosen)
    return redirect(f"{url_for('.listed', family=family)}?{urlencode(_filter())}", 303)


@blueprint.post("/procedures/<family>/stories/stop")
@needs("release.draft")
def stop(family: str) -> ResponseReturnValue:
    """The story that is being played is played to its end."""
    under_way = Shelf(family_page(family)).run
    if under_way is not None:
        under_way.stop()
    return redirect(url_for(".listed", family=family), 303)


@blueprint.get("/procedures/<family>/stories/coverage")
@needs("release.read")
def coverage(family: str) -> ResponseReturnValue:
    shelf = Shelf(family_page(family))
    rows = shelf.coverage()
    return _drawing_page(
        "stories/coverage.html",
        house=shelf.house,
        shelf=shelf,
        rows=rows,
        missed=[one for one in rows if not one.stories],
    )


@blueprint.get("/procedures/<family>/stories/coverage/drawn")
@needs("release.read")
def coverage_drawn(family: str) -> ResponseReturnValue:
    shelf = Shelf(family_page(family))
    return jsonify(drawn_coverage(shelf.coverage(), shelf.models, shelf.house.labels))


@blueprint.get("/procedures/<family>/stories/drawing/<process_key>")
@needs("release.read")
def drawing(family: str, process_key: str) -> ResponseReturnValue:
    """The diagram that a process stands in, as the working copy has it."""
    house = family_page(family)
    for diagram in house.checked.diagrams:
        if any(one.id == process_key for one in diagram.processes):
            content = house.files.files[diagram.file_name]
            if current_locale() != "zh":
                content = renamed(content, lambda _, element: house.labels.get(element) or element)
            return content, 200, {"Content-Type": "application/xml; charset=utf-8"}
    raise NotFound("process", process_key, "流程")


@blueprint.get("/procedures/<family>/stories/of/<path:path>")
@needs("release.read")
def show(family: str, path: str) -> ResponseReturnValue:
    shelf = Shelf(family_page(family))
    story = find_story(shelf.house.files, path)
    told = shelf.runs.result(shelf.digest, story)
    return _drawing_page(
        "stories/story.html",
        house=shelf.house,
        shelf=shelf,
        line=StoryLine(story, told),
        steps=shown_steps(shelf, story, told),
        problem=_problem(story),
    )


@blueprint.post("/procedures/<family>/stories/of/<path:path>")
@needs("release.draft")
def play(family: str, path: str) -> ResponseReturnValue:
    """Plays one story at once, as it is saved."""
    shelf = Shelf(family_page(family))
    shelf.runs.play(shelf.house.files, shelf.digest, find_story(shelf.house.files, path))
    return redirect(url_for(".show", family=family, path=path), 303)


@blueprint.get("/procedures/<family>/stories/way/<path:path>")
@needs("release.read")
def way(family: str, path: str) -> ResponseReturnValue:
    """The played story on its diagrams, for the viewer."""
    shelf = Shelf(family_page(family))
    told = shelf.runs.result(shelf.digest, find_story(shelf.house.files, path))
    return jsonify(drawn_way(told, shelf.models, shelf.house.labels) if told else [])


@blueprint.post("/procedures/<family>/stories/check")
@needs("release.draft")
def check(family: str) -> ResponseReturnValue:
    """`{"path", "text"}` of a story that is being written: what is wrong at which line, and how it plays.

    A text that cannot be read is not played. Raises PlayerFailed.
    """
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not all(isinstance(body.get(name), str) for name in ("path", "text")):
        raise InvalidInput('Expected {"path": …, "text": …}.', "请求应含 path 与 text。")
    story = story_file(body["path"], body["text"])
    if story.problem is not None:
        return jsonify(problem=_problem(story), step=None)
    shelf = Shelf(family_page(family))
    told = shelf.runs.play(shelf.house.files, shelf.digest, story)
    return jsonify(problem=_failure(story, told), step=told.step, seconds=told.data["seconds"])


@blueprint.post("/procedures/<family>/stories")
@needs("release.draft")
def create(family: str) -> ResponseReturnValue:
    """A new story in the working copy, from a template that walks the process to its end."""
    house = family_page(family)
    name, title = request.form.get("name", "").strip(), request.form.get("title", "").strip()
    text = template_story(house, request.form.get("profile", ""), title)
    return redirect(url_for(".show", family=family, path=save_story(house, name, text)), 303)


def _listed(shelf: Shelf) -> dict[str, object]:
    return {
        "house": shelf.house,
        "shelf": shelf,
        "shown": _filtered(shelf),
        "run": shelf.run,
        "states": STATES,
        "filter": _filter(),
        "profiles": sorted({one.file.story.given.profile or "" for one in shelf.lines if one.file.story}),
    }


def _filter() -> dict[str, str]:
    given = request.values
    return {name: given[name][:80] for name in ("q", "state", "profile") if given.get(name)}


def _filtered(shelf: Shelf) -> list[StoryLine]:
    wanted = _filter()
    words = wanted.get("q", "").lower().split()
    return [
        one
        for one in shelf.lines
        if wanted.get("state", one.state) == one.state
        and (
            not wanted.get("profile")
            or (one.file.story and one.file.story.given.profile == wanted["profile"])
        )
        and all(word in _searched(one.file) for word in words)
    ]


def _searched(file: StoryFile) -> str:
    given = file.story
    parts = [file.path, file.title, *(given.source if given else ())]
    if given is not None:
        parts += [given.given.process or "", given.given.profile or ""]
    return " ".join(parts).lower()


def _problem(story: StoryFile) -> dict[str, object] | None:
    if story.problem is None:
        return None
    line = line_of_problem(story.text, story.problem)
    return {
        "line": line,
        "says": story.problem.reason_zh if current_locale() == "zh" else story.problem.reason_en,
    }


def _failure(story: StoryFile, told: Told) -> dict[str, object] | None:
    if told.is_ok:
        return None
    return {"line": line_of_step(story.text, told.step), "says": told.says(current_locale())}


def _drawing_page(template: str, **values: object) -> ResponseReturnValue:
    response = make_response(render_template(template, **values))
    response.headers["Content-Security-Policy"] = DRAWING_POLICY
    return response

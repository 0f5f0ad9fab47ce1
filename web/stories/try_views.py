"""A try by hand: a case is begun in memory, and each click completes a task, sends a message or lets time pass.

The page holds the story so far; each click plays it again from the start, so nothing is kept on the server.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.forms import FormDefinition
from engine.forms.render import RenderField, render_model
from engine.model import InvalidInput
from engine.worktime import LimitError, parse_iso_duration, parse_limit
from web.access import needs
from web.languages import current_locale
from web.languages import gettext as _
from web.procedures.house import FamilyPage, family_page
from web.stories.runs import Told
from web.stories.save import save_story
from web.stories.stage import Shelf
from web.stories.template_story import template_draft
from web.stories.tried import Tried

blueprint = Blueprint("try_story", __name__, template_folder="templates")
Json = dict[str, Any]


@blueprint.get("/procedures/<family>/stories/try")
@needs("release.draft")
def begin(family: str) -> ResponseReturnValue:
    house = family_page(family)
    profiles = sorted(house.checked.profiles, key=lambda one: one.id)
    wanted = request.args.get("profile") or (profiles[0].id if profiles else "")
    if not profiles:
        return render_template("stories/try_begin.html", house=house, profiles=(), draft=None)
    draft = template_draft(house, wanted, _("A try by hand"))
    return render_template(
        "stories/try_begin.html", house=house, profiles=profiles, draft=draft, chosen=wanted
    )


@blueprint.post("/procedures/<family>/stories/try")
@needs("release.draft")
def go_on(family: str) -> ResponseReturnValue:
    """A move that the engine refuses is told, and the case stands where it stood."""
    shelf = Shelf(family_page(family))
    form = request.form
    if "tried" not in form:
        tried = Tried.of(template_draft(shelf.house, form.get("profile", ""), _("A try by hand")))
        at = _start(shelf.house, form.get("at", ""), form.get("profile", ""))
        tried = Tried(tried.title, tried.source, {**tried.given, "at": at}, tried.people)
        return _page(shelf, tried, _stand(shelf, tried), "")
    before = Tried.from_text(form["tried"])
    if form.get("move") == "save":
        return _save(shelf, before)
    after = _moved(shelf.house, before)
    told = _stand(shelf, after)
    if told.data["standing"] is None or (told.step is not None and told.step <= len(after.steps)):
        return _page(shelf, before, _stand(shelf, before), told.says(current_locale()))
    return _page(shelf, after, told, "")


def _stand(shelf: Shelf, tried: Tried) -> Told:
    return shelf.runs.stand(shelf.house.files, shelf.digest, tried.probe())


def _moved(house: FamilyPage, before: Tried) -> Tried:
    form = request.form
    match form.get("move", ""):
        case "undo":
            return before.without_last()
        case "look":
            return before
        case "complete":
            element, definition = form.get("element", ""), _form(house, form.get("form", ""))
            words: Json = {"when_completed": element, "by": form.get("by") or None}
            values = _values(definition)
            return before.with_step(words | ({"with": values} if values else {}))
        case "job":
            return before.with_step({"when_completed": form.get("element", "")})
        case "message":
            return before.with_step({"when_message": form.get("message", "")})
        case "next":
            return before.with_step({"when_time_is": _moment(form.get("moment", ""))})
        case "pass":
            return before.with_step({"when_time_passes": _stretch(form.get("stretch", ""))})
        case _:
            raise InvalidInput("Choose what happens next.", "请选择接下来发生什么。")


def _values(definition: FormDefinition | None) -> Json:
    if definition is None:
        return {}
    posted = {
        name.removeprefix("f:"): request.form.getlist(name) for name in request.form if name.startswith("f:")
    }
    values = definition.from_html(posted)
    shown = {field.name for field in definition.shown_fields(values)}
    return {name: value for name, value in values.items() if name in shown and value not in (None, "", [])}


def _form(house: FamilyPage, key: str) -> FormDefinition | None:
    return next((one for one in house.checked.forms if one.key == key), None)


def _moment(text: str) -> str:
    try:
        return datetime.fromisoformat(text).isoformat()
    except ValueError as problem:
        raise InvalidInput("Expected a moment.", "请填写时刻。") from problem


def _start(house: FamilyPage, text: str, profile_id: str) -> str:
    """A moment without zone is read in the calendar of the profile."""
    profile = next((one for one in house.checked.profiles if one.id == profile_id), None)
    given = datetime.fromisoformat(_moment(text))
    if given.tzinfo is None and profile is not None:
        given = given.replace(tzinfo=house.engine.calendars.get(profile.calendar).zone)
    return given.isoformat()


def _stretch(text: str) -> str:
    """A limit such as `2 WD`, or an ISO 8601 duration."""
    try:
        parse_limit(text)
    except LimitError as problem:
        try:
            parse_iso_duration(text)
        except LimitError:
            raise InvalidInput(problem.en, problem.zh) from problem
    return text


def _save(shelf: Shelf, tried: Tried) -> ResponseReturnValue:
    title = request.form.get("title", "").strip() or tried.title
    standing = _stand(shelf, tried).data["standing"]
    if standing is None:
        raise InvalidInput(
            "The case was not started, so there is nothing to save.", "事项没有登记成功，无法保存。"
        )
    path = save_story(shelf.house, request.form.get("name", "").strip(), tried.story(title, standing))
    return redirect(url_for("stories.show", family=shelf.house.family, path=path), 303)


def _page(shelf: Shelf, tried: Tried, told: Told, refused: str) -> str:
    standing = told.data["standing"]
    task = None
    if standing is not None:
        wanted = request.form.get("look")
        tasks = standing["tasks"]
        task = next((one for one in tasks if one["element"] == wanted), tasks[0] if tasks else None)
    definition = _form(shelf.house, task["form"] or "") if task else None
    return render_template(
        "stories/try.html",
        house=shelf.house,
        shelf=shelf,
        tried=tried,
        standing=standing,
        steps=told.data["steps"],
        refused=refused or (told.says(current_locale()) if standing is None else ""),
        task=task,
        fields=_fields(definition, task["values"], tried) if definition and task else [],
        moment=lambda text: f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M}",
    )


def _fields(definition: FormDefinition, values: Json, tried: Tried) -> list[RenderField]:
    """Under names of their own, for the page has fields too."""
    people = [(name, name) for name in tried.people]
    return [
        replace(
            one,
            name=f"f:{one.name}",
            show_if={**one.show_if, "field": f"f:{one.show_if.get('field')}"} if one.show_if else None,
        )
        for one in render_model(definition, values, {}, current_locale(), people=lambda: people)
    ]

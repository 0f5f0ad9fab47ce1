"""The pages of a family's profiles. A change of a figure is told in words and saved in the working copy."""

import tomllib
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.releases.family_files import kind_of_file
from engine.commands.working_copies.copies import live_release_of, release_files
from engine.model import Conflict, InvalidInput, NotFound
from engine.profiles import Change, Profile, ProfileError, comments_of, edited, read_profile
from engine.queries.running_limits import count_running_limits
from engine.worktime import Calendar, CalendarFileError
from web.access import needs
from web.languages import current_locale
from web.languages import gettext as _
from web.moments import reader_calendar
from web.procedures import FamilyPage, family_page
from web.procedures.saving import save_posted
from web.profiles.changes import NeedsConsent, change_of_value, changes_of_limit
from web.profiles.lines import limit_lines
from web.profiles.meaning import Meaning, meaning_of

blueprint = Blueprint("profiles", __name__, template_folder="templates")

LONGEST_VALUE = 60


@blueprint.get("/procedures/<family>/profiles")
@needs("release.read")
def listed(family: str) -> ResponseReturnValue:
    house = family_page(family)
    paths = sorted(path for path in house.files.files if kind_of_file(path) == "profile")
    return render_template(
        "profiles/listed.html",
        house=house,
        lines=[(path, _read(house.files.files[path], path)[0]) for path in paths],
        changed={one.path for one in house.copy.changed} if house.copy else set(),
    )


@blueprint.get("/procedures/<family>/profiles/<path:path>")
@needs("release.read")
def show(family: str, path: str) -> ResponseReturnValue:
    return _page(family_page(family), path, request.args.get("edit", ""))


@blueprint.get("/procedures/<family>/meaning/<path:path>")
@needs("release.read")
def meaning(family: str, path: str) -> ResponseReturnValue:
    """The part of the page that says what a figure means, while it is typed."""
    house = family_page(family)
    profile, _wrong = _read(_content(house, path), path)
    value = request.args.get("value", "")[:LONGEST_VALUE]
    return render_template("profiles/meaning.html", meaning=_meaning(house, profile, value))


@blueprint.post("/procedures/<family>/profiles/<path:path>")
@needs("release.draft")
def change(family: str, path: str) -> ResponseReturnValue:
    """Raises NotFound."""
    house = family_page(family)
    content, place = _content(house, path), request.form.get("place", "")[:200]
    try:
        after = edited(content, _changes(house, path, content, place), path)
        read_profile(after, path)
        if after != content:
            save_posted(family, path, after)
    except NeedsConsent:
        return _page(house, path, place, needs_consent=True), 422
    except (InvalidInput, Conflict) as refused:
        return _page(house, path, place, wrong=refused.says(current_locale())), 422
    except ProfileError as refused:
        return _page(house, path, place, wrong=refused.zh if current_locale() == "zh" else refused.en), 422
    flash(_("Saved in the working copy.") if after != content else _("Nothing was changed."), "good")
    name = place.removeprefix("limits.") if place.startswith("limits.") else place
    return redirect(url_for("profiles.show", family=family, path=path) + f"#{name}", 303)


def _changes(house: FamilyPage, path: str, content: bytes, place: str) -> list[Change]:
    profile, wrong = _read(content, path)
    if profile is None:
        raise InvalidInput(wrong, wrong)
    head, _dot, name = place.partition(".")
    if head == "limits":
        return changes_of_limit(name, profile, request.form, _live(house, path))
    return [change_of_value(place, tomllib.loads(content.decode()), request.form.get("value", ""))]


def _page(house: FamilyPage, path: str, edit: str, *, wrong: str = "", needs_consent: bool = False) -> str:
    content = _content(house, path)
    profile, unreadable = _read(content, path)
    data: dict[str, Any] = tomllib.loads(content.decode()) if profile else {}
    lines = []
    if profile is not None:
        running = count_running_limits(house.engine, house.actor, house.family, profile.id)
        lines = limit_lines(house, path, profile, data, _live(house, path), running)
    edited_file = house.copy.file(path) if house.copy else None
    asked = request.form.get("value") if request.method == "POST" else None
    in_hand = next((one for one in lines if edit == f"limits.{one.name}"), None)
    return render_template(
        "profiles/profile.html",
        house=house,
        path=path,
        profile=profile,
        unreadable=unreadable,
        data=data,
        comments=comments_of(content),
        lines=lines,
        edit=edit if house.can_edit else "",
        wrong=wrong,
        needs_consent=needs_consent,
        seen=edited_file.revision if edited_file else 0,
        meaning=_meaning(house, profile, asked or in_hand.limit.value) if in_hand and profile else None,
        roles=house.engine.register.roles,
        others=sorted(one for one in house.files.files if kind_of_file(one) == "profile"),
        findings=[one for one in house.checked.findings if one.file == path],
    )


def _content(house: FamilyPage, path: str) -> bytes:
    content = house.files.files.get(path)
    if content is None or kind_of_file(path) != "profile":
        raise NotFound("profile", path, "策略档案")
    return content


def _read(content: bytes, path: str) -> tuple[Profile | None, str]:
    try:
        return read_profile(content, path), ""
    except ProfileError as problem:
        return None, problem.zh if current_locale() == "zh" else problem.en


def _live(house: FamilyPage, path: str) -> Profile | None:
    with house.engine.store.reading() as session:
        key = live_release_of(session, house.family, house.engine.clock.now())
        content = release_files(session, key).get(path)
    return _read(content, path)[0] if content is not None else None


def _meaning(house: FamilyPage, profile: Profile | None, value: str) -> Meaning:
    return meaning_of(value, _calendar(house, profile), house.engine.clock.now())


def _calendar(house: FamilyPage, profile: Profile | None) -> Calendar:
    """The profile's; the reader's when it names one that does not exist, which the check says."""
    try:
        return house.engine.calendars.get(profile.calendar) if profile else reader_calendar()
    except CalendarFileError:
        return reader_calendar()

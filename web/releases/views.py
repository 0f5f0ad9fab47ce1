"""The list of a family's versions, and the page of one: its checklist, what differs, what happens to running cases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from engine.model import ReleaseDraft, ReleaseLook
from engine.people import ACTS, Actor, is_allowed
from engine.profiles.spoken_limit import spoken_limit
from engine.queries.releases.compare import compare_versions
from engine.queries.releases.first_note import ROLLED_BACK, first_note
from engine.queries.releases.versions import Version, find_version, list_versions
from engine.queries.replays import KnownRun, list_replays
from engine.queries.working_copies import names_of_people
from web.access import current_actor, current_engine, needs
from web.languages import current_locale
from web.moments import reader_calendar
from web.procedures.house import FamilyPage, family_page
from web.releases.background import background
from web.releases.moment import next_monday
from web.releases.words import act_word, grouped, what_word

blueprint = Blueprint("releases", __name__, template_folder="templates")
blueprint.add_app_template_global(act_word, "release_act")
blueprint.add_app_template_global(lambda value: spoken_limit(value, current_locale()), "limit_words")

ON_THE_WAY = ("draft", "checked", "reviewed")


@dataclass(frozen=True)
class Look:
    username: str
    against: int
    looked_at: datetime


@blueprint.get("/procedures/<family>/versions")
@needs("release.read")
def versions(family: str) -> ResponseReturnValue:
    house = family_page(family)
    found = list_versions(house.engine, house.actor, family)
    scheduled = [one for one in found if one.state == "scheduled"]
    return render_template(
        "releases/versions.html",
        house=house,
        versions=found,
        live=next((one for one in found if one.state == "live"), None),
        scheduled=sorted(scheduled, key=lambda one: str(one.live_from)),
        earlier=[one for one in found if one.state == "replaced"],
        people=_people(found),
        note=ROLLED_BACK,
        may_deploy=is_allowed(house.actor, "release.deploy"),
    )


@blueprint.get("/procedures/<family>/versions/<int:number>")
@needs("release.read")
def version(family: str, number: int) -> ResponseReturnValue:
    engine, actor = current_engine(), current_actor()
    house = family_page(family)
    found = find_version(engine, actor, family, number)
    against = compared_with(house, found)
    comparison = compare_versions(engine, actor, family, against, number) if against else None
    looks = _looks(found.release_key)
    replays = _replays(found)
    groups = grouped(comparison.changes) if comparison else []
    named = [*(one.username for one in looks), *(one.started_by for one in replays)]
    people = _people([found], named)
    return render_template(
        "releases/version.html",
        house=house,
        version=found,
        against=against,
        comparison=comparison,
        groups=groups,
        replays=replays,
        looks=looks,
        has_looked=any(one.username == actor.username and one.against == against for one in looks),
        people=people,
        authors=sorted(people[one] for one in found.authors),
        errors=[one for one in found.findings if one["severity"] == "error"],
        listed_findings=[one for one in found.findings if one["severity"] != "advice"],
        progress=background().find("check", family, number),
        reviewers=_reviewers(actor, found),
        may={act: is_allowed(actor, act) for act in ("release.draft", "release.review", "release.deploy")},
        monday=next_monday(engine.clock.now(), reader_calendar()),
        zone=reader_calendar().zone.key,
        note=first_note([change for group in groups for change in group.changes]),
        what_word=what_word,
    )


@blueprint.get("/procedures/<family>/versions/<int:number>/check")
@needs("release.read")
def check_progress(family: str, number: int) -> ResponseReturnValue:
    """How far the check is; the page asks until it is over, and is then shown anew."""
    progress = background().find("check", family, number)
    part = render_template("releases/progress.html", progress=progress, family=family, number=number)
    answer = make_response(part)
    if progress is None or progress.is_over:
        answer.headers["HX-Refresh"] = "true"
    return answer


def compared_with(house: FamilyPage, version: Version) -> int | None:
    """What is live; for what is live itself the version that it replaced. None when there is no other."""
    if version.number != house.live_number:
        return house.live_number
    earlier = [
        one.number
        for one in list_versions(house.engine, house.actor, house.family)
        if one.state == "replaced" and one.number < version.number
    ]
    return max(earlier, default=None)


def _people(versions: Iterable[Version], further: Iterable[str] = ()) -> Mapping[str, str]:
    named = {act.by for one in versions for act in one.acts} | {
        name for one in versions for name in one.authors
    }
    return names_of_people(current_engine(), named | set(further), current_locale())


def _looks(release_key: str) -> list[Look]:
    with current_engine().store.reading() as session:
        rows = session.execute(
            select(ReleaseLook).where(ReleaseLook.release_key == release_key).order_by(ReleaseLook.looked_at)
        ).scalars()
        return [Look(one.username, one.against, one.looked_at) for one in rows]


def _replays(version: Version) -> list[KnownRun]:
    """Replays that are over and had just these files, also when they were a working copy then."""
    engine = current_engine()
    with engine.store.reading() as session:
        digest = session.execute(
            select(ReleaseDraft.digest).where(ReleaseDraft.release_key == version.release_key)
        ).scalar_one_or_none()
    return [
        one
        for one in list_replays(engine, current_actor(), version.family)
        if one.state == "done" and digest is not None and one.digest == digest
    ]


def _reviewers(actor: Actor, version: Version) -> list[str]:
    """Names of those of the reader's organisation who may review it."""
    if actor.organisation_key is None:
        return []
    engine = current_engine()
    with engine.store.reading() as session:
        directory = engine.directories.get(session, actor.organisation_key)
    able = {name for name, _unit, role in directory.memberships if role in ACTS["release.review"]}
    return sorted(
        directory.shown(name, current_locale())
        for name in able - version.authors
        if directory.is_active(name)
    )

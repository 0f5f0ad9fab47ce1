"""What owners do to a version in place: hand in, check, look, review, live from a moment, withdraw, roll back."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.releases.drafts import find_draft, not_in_state
from engine.commands.releases.look_at_release import look_at_release
from engine.commands.releases.release_from import release_from
from engine.commands.releases.review_release import review_release
from engine.commands.releases.roll_back import roll_back
from engine.commands.releases.withdraw_release import withdraw_release
from engine.commands.working_copies.hand_in_working_copy import hand_in_working_copy
from engine.commands.working_copies.take_up_again import take_up_again
from engine.model import NotFound
from engine.queries.working_copies import find_working_copy
from web.access import current_actor, current_engine, needs
from web.languages import gettext as _
from web.moments import exact, reader_calendar
from web.releases.background import background
from web.releases.checking import checking
from web.releases.moment import chosen_moment

blueprint = Blueprint("release_acts", __name__)


@blueprint.post("/procedures/<family>/hand-in")
@needs("release.draft")
def hand_in(family: str) -> ResponseReturnValue:
    """The check begins at once: nobody has to press twice."""
    engine, actor = current_engine(), current_actor()
    copy = find_working_copy(engine, actor, family)
    if copy is None:
        raise NotFound("open working copy", family, "工作稿")
    drafted = hand_in_working_copy(engine, actor, copy_key=copy.key, reason=_reason())
    background().start(checking(engine, actor, family, drafted.number), "check", family, drafted.number)
    flash(_("Handed in as version %(number)s. Its check runs.", number=drafted.number), "good")
    return _to(family, drafted.number)


@blueprint.post("/procedures/<family>/versions/<int:number>/check")
@needs("release.draft")
def check(family: str, number: int) -> ResponseReturnValue:
    engine, actor = current_engine(), current_actor()
    with engine.store.reading() as session:
        draft = find_draft(session, family, number)
        if draft.state not in ("draft", "checked"):
            raise not_in_state(draft, "draft")  # told here, and not by a thread that nobody hears
    background().start(checking(engine, actor, family, number), "check", family, number)
    return _to(family, number)


@blueprint.post("/procedures/<family>/versions/<int:number>/look")
@needs("release.review")
def look(family: str, number: int) -> ResponseReturnValue:
    against = request.form.get("against", 0, type=int)
    look_at_release(current_engine(), current_actor(), family=family, number=number, against=against)
    flash(_("It is noted that you have looked at all that differs."), "good")
    return _to(family, number)


@blueprint.post("/procedures/<family>/versions/<int:number>/review")
@needs("release.review")
def review(family: str, number: int) -> ResponseReturnValue:
    review_release(current_engine(), current_actor(), family=family, number=number, reason=_reason())
    flash(_("Version %(number)s is reviewed. It may be put live now.", number=number), "good")
    return _to(family, number)


@blueprint.post("/procedures/<family>/versions/<int:number>/live")
@needs("release.deploy")
def live(family: str, number: int) -> ResponseReturnValue:
    engine = current_engine()
    moment = chosen_moment(request.form, engine.clock.now(), reader_calendar())
    done = release_from(
        engine, current_actor(), family=family, number=number, reason=_reason(), moment=moment, note=_note()
    )
    flash(
        _("Version %(number)s is live.", number=number)
        if moment is None
        else _(
            "Version %(number)s is live from %(when)s on.",
            number=number,
            when=exact(done.live_from, begins=True),
        ),
        "good",
    )
    if done.taken_off:
        numbers = ", ".join(map(str, done.taken_off))
        flash(_("Taken off, since it is older: version %(numbers)s.", numbers=numbers), "good")
    return _to(family, number)


@blueprint.post("/procedures/<family>/versions/<int:number>/withdraw")
@needs("release.draft")
def withdraw(family: str, number: int) -> ResponseReturnValue:
    withdraw_release(current_engine(), current_actor(), family=family, number=number, reason=_reason())
    flash(_("Version %(number)s is withdrawn.", number=number), "good")
    return _to(family, number)


@blueprint.post("/procedures/<family>/versions/<int:number>/take-up")
@needs("release.draft")
def take_up(family: str, number: int) -> ResponseReturnValue:
    """Back into a working copy: nothing of it has to be done again."""
    take_up_again(current_engine(), current_actor(), family=family, number=number, reason=_reason())
    flash(_("Version %(number)s is a working copy again, with all its changes.", number=number), "good")
    return redirect(url_for("procedures.family", family=family), 303)


@blueprint.post("/procedures/<family>/roll-back")
@needs("release.deploy")
def back(family: str) -> ResponseReturnValue:
    done = roll_back(
        current_engine(),
        current_actor(),
        family=family,
        number=request.form.get("number", type=int),
        reason=_reason(),
        note=_note(),
    )
    flash(
        _(
            "Version %(number)s is live again instead of %(was)s.",
            number=done.number,
            was=done.was,
        ),
        "good",
    )
    return redirect(url_for("releases.versions", family=family), 303)


def _reason() -> str:
    return request.form.get("reason", "")


def _note() -> dict[str, str]:
    return {locale: request.form.get(f"note_{locale}", "") for locale in ("zh", "en")}


def _to(family: str, number: int) -> ResponseReturnValue:
    return redirect(url_for("releases.version", family=family, number=number), 303)

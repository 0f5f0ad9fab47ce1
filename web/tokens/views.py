"""One's tokens, and those of everybody for the administrator. A secret is shown in the answer that makes it, and never again."""

from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.people.tokens import Issued, issue_token, revoke_token
from engine.model import InvalidInput, NotFound
from engine.people import is_allowed
from engine.queries.tokens import find_tokens, sees_all_tokens
from web.access import current_actor, current_engine, needs
from web.languages import current_locale
from web.languages import gettext as _
from web.tokens.words import CHIEF_ACT, bundles, scope_word

blueprint = Blueprint("tokens", __name__, template_folder="templates")

DAYS = (30, 90, 365)
USUAL_DAYS = 90


@blueprint.get("/tokens")
@needs("token.change")
def show() -> ResponseReturnValue:
    return _page()


@blueprint.post("/tokens")
@needs("token.change")
def issue() -> ResponseReturnValue:
    actor = current_actor()
    try:
        issued = issue_token(
            current_engine(),
            actor,
            username=request.form.get("username", "").strip() or actor.username,
            name=request.form.get("name", ""),
            scopes=request.form.getlist("scopes"),
            expires_at=_end(),
        )
    except (InvalidInput, NotFound) as refused:
        return _page(problem=refused.says(current_locale())), 400
    return _page(issued=issued)


@blueprint.post("/tokens/<token_key>/revoke")
@needs("token.change")
def revoke(token_key: str) -> ResponseReturnValue:
    revoke_token(current_engine(), current_actor(), token_key=token_key)
    flash(_("The token is revoked; it opens nothing any more."), "good")
    return redirect(url_for("tokens.show", of=request.form.get("of") or None), 303)


def _end() -> datetime | None:
    """Raises InvalidInput."""
    text = request.form.get("days", str(USUAL_DAYS))
    if text == "never":
        return None
    if text not in {str(days) for days in DAYS}:
        raise InvalidInput(f"Expected one of {DAYS} days, but it is {text!r}.", "请选择有效期。")
    return current_engine().clock.now() + timedelta(days=int(text))


def _page(issued: Issued | None = None, problem: str = "") -> str:
    actor, engine = current_actor(), current_engine()
    of_everybody = request.values.get("of") == "everybody" and sees_all_tokens(actor)
    # What a person may not do, a token of that person cannot do either; it would only disappoint.
    useful = {scope for scope, act in CHIEF_ACT.items() if of_everybody or is_allowed(actor, act)}
    return render_template(
        "tokens/tokens.html",
        tokens=find_tokens(engine, actor, of_everybody=of_everybody),
        of_everybody=of_everybody,
        sees_all=sees_all_tokens(actor),
        bundles=[one for one in bundles() if one[0] in useful],
        scope_word=scope_word,
        days=DAYS,
        usual_days=USUAL_DAYS,
        issued=issued,
        problem=problem,
        address=f"{engine.settings.base_url or request.host_url.rstrip('/')}/engine-rest",
    )

"""The sign-in page, and signing out."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.people.sign_in import name_at_the_door
from engine.model import Forbidden
from engine.queries.known_person import find_known_person
from web.access import current_engine, public
from web.errors import actor_or_none
from web.languages import current_locale
from web.signed_in import begin_session, end_session
from web.tries import try_password
from web.ways import inside

blueprint = Blueprint("login", __name__, template_folder="templates")


@blueprint.get("/login")
@public
def show() -> ResponseReturnValue:
    if actor_or_none() is not None:
        return redirect(inside(request.args.get("next")))
    return _page("", 200)


@blueprint.post("/login")
@public
def sign_in() -> ResponseReturnValue:
    username = name_at_the_door(request.form.get("username", ""))
    engine = current_engine()
    try:
        try_password(engine, username, request.form.get("password", ""))
    except Forbidden as refused:
        return _page(refused.says(current_locale()), 401)
    person = find_known_person(engine, username)
    assert person is not None
    end_session(engine)
    begin_session(engine, person)
    return redirect(inside(request.form.get("next")), 303)


@blueprint.post("/logout")
@public
def sign_out() -> ResponseReturnValue:
    end_session(current_engine())
    return redirect(url_for("login.show"), 303)


def _page(problem: str, status: int) -> ResponseReturnValue:
    return (
        render_template(
            "login/sign_in.html",
            problem=problem,
            username=request.form.get("username", ""),
            way_back=request.values.get("next", ""),
        ),
        status,
    )

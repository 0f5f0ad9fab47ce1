"""Chooses the language and the look; the page that one came from is shown again."""

from datetime import timedelta

from flask import Blueprint, current_app, make_response, request, session
from flask.typing import ResponseReturnValue

from web.access import public
from web.languages import LOCALES
from web.shell import THEMES
from web.ways import back

blueprint = Blueprint("preferences", __name__)
KEPT = timedelta(days=365)


@blueprint.post("/preferences")
@public
def choose() -> ResponseReturnValue:
    locale, theme = request.form.get("locale"), request.form.get("theme")
    response = make_response(back("/"))
    if locale in LOCALES:
        session["locale"] = locale
    if theme in THEMES:
        response.set_cookie(
            "huiyin_theme",
            theme,
            max_age=KEPT,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    elif theme == "system":
        response.delete_cookie("huiyin_theme")
    return response

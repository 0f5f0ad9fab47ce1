"""What every page shares: icons, built files, the token, moments, rights, and the areas of the menu."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request
from markupsafe import Markup

from engine.queries.inbox import Counts, count_for_head
from engine.queries.promise import Promise
from engine.queries.visible import has_act
from web import moments
from web.access import current_engine
from web.assets import asset
from web.csrf import current_token
from web.languages import current_locale
from web.languages import gettext as _
from web.why_bar import WhyBar, make_why_bar

ICONS = Path(__file__).parent / "icons"
THEMES = ("light", "dark")
INPUT_TYPES = {
    "date": "date",
    "datetime": "datetime-local",
    "number": "number",
    "money": "number",
    "phone": "tel",
    "email": "email",
}


@lru_cache(maxsize=200)
def icon(name: str) -> Markup:
    """A drawn sign, decorative: what it says stands beside it as text."""
    return Markup((ICONS / f"{name}.svg").read_text(encoding="utf-8").strip())  # noqa: S704 - our own file.


def status_word(name: str) -> str:
    return {
        "on_time": _("on time"),
        "at_risk": _("due soon"),
        "breached": _("overdue"),
        "paused": _("paused"),
        "met": _("kept"),
        "cancelled": _("given up"),
        "completed": _("closed"),
        "terminated": _("ended early"),
    }.get(name, name)


def release_state(name: str) -> str:
    return {
        "draft": _("handed in"),
        "checked": _("checked"),
        "reviewed": _("reviewed"),
        "scheduled": _("scheduled"),
        "live": _("live"),
        "replaced": _("replaced"),
        "taken_off": _("taken off"),
        "withdrawn": _("withdrawn"),
    }.get(name, name)


def can(act: str) -> bool:
    """Whether the reader may do this anywhere; what a page offers is decided by the page's own query."""
    actor = getattr(g, "actor", None)
    return actor is not None and has_act(actor, act)


def areas() -> list[tuple[str, str, str, str]]:
    """(act, endpoint, icon, label) of the menu's lines that the reader may use."""
    lines = [
        ("task.work", "inbox.own", "inbox", _("My tasks")),
        ("task.work", "inbox.group", "group", _("To claim")),
        ("case.read", "cases.search", "cases", _("Cases")),
        ("report.read", "board.show", "board", _("Supervision")),
        ("report.read", "kpis.show", "kpis", _("Indicators")),
        ("notice.read", "notices.show", "bell", _("Notices")),
        ("release.read", "register.rules", "rules", _("Rules")),
        ("release.draft", "procedures.families", "procedures", _("Procedure families")),
        ("calendar.change", "calendars.show", "calendar", _("Calendars")),
    ]
    return [line for line in lines if can(line[0])]


def install_shell(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        icon=icon,
        asset=asset,
        csrf_token=current_token,
        status_word=status_word,
        release_state=release_state,
        can=can,
        areas=areas,
        exact=moments.exact,
        distance=moments.distance,
        ago=moments.ago,
        listed=moments.listed,
        span=moments.span,
        date_only=moments.date_only,
        input_type=lambda widget: INPUT_TYPES.get(widget, "text"),
        why_bar=_why_bar,
    )
    app.context_processor(_facts)


def _why_bar(promise: Promise) -> WhyBar:
    return make_why_bar(promise, current_engine().clock.now())


def _facts() -> dict[str, Any]:
    theme = request.cookies.get("huiyin_theme")
    actor = getattr(g, "actor", None)
    is_part = bool(request.headers.get("HX-Request")) or request.endpoint == "live.stream"
    return {
        "actor": actor,
        "own_name": getattr(g, "names", {}).get(current_locale()) or (actor.name if actor else ""),
        "locale": current_locale(),
        "theme": theme if theme in THEMES else "",
        "counts": Counts(0, 0, 0) if actor is None or is_part else count_for_head(current_engine(), actor),
    }

"""The pages of one family, as the row of tabs that each of them shows."""

from flask import url_for

from web.languages import gettext as _


def tabs_of(family: str) -> list[tuple[str, str, str]]:
    """(name, label, address)."""
    here = url_for("procedures.family", family=family)
    return [
        ("overview", _("Overview"), here),
        ("diagrams", _("Diagrams"), f"{here}/diagrams"),
        ("tables", _("Decision tables"), f"{here}/tables"),
        ("forms", _("Forms"), f"{here}/forms"),
        ("profiles", _("Limits and options"), f"{here}/profiles"),
        ("texts", _("Texts"), f"{here}/texts"),
        ("stories", _("Stories"), f"{here}/stories"),
        ("replay", _("Try on real cases"), f"{here}/replay"),
        ("year", _("Over the year"), f"{here}/year"),
        ("versions", _("Versions"), f"{here}/versions"),
    ]

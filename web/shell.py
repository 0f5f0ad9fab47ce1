"""What every page shares: icons, built files, the token, the language, and the person at the top right."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request
from markupsafe import Markup

from web.assets import asset
from web.csrf import current_token
from web.languages import current_locale

ICONS = Path(__file__).parent / "icons"
THEMES = ("light", "dark")


@lru_cache(maxsize=200)
def icon(name: str) -> Markup:
    """A drawn sign, decorative: what it says stands beside it as text."""
    return Markup((ICONS / f"{name}.svg").read_text(encoding="utf-8").strip())  # noqa: S704 - our own file.


def install_shell(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(icon=icon, asset=asset, csrf_token=current_token)

    def facts() -> dict[str, Any]:
        theme = request.cookies.get("huiyin_theme")
        return {
            "actor": getattr(g, "actor", None),
            "locale": current_locale(),
            "theme": theme if theme in THEMES else "",
        }

    app.context_processor(facts)

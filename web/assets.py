"""Addresses of built files: their names carry a digest, which the build writes into a manifest."""

import json
import logging
from functools import lru_cache
from pathlib import Path

from flask import url_for

BUILD = Path(__file__).parent / "static" / "build"
_log = logging.getLogger("huiyin.web")


def asset(name: str) -> str:
    """The address of `app.js`, `app.css`, `viewer.js`, …; empty before the first build, and pages then lack looks."""
    built = _manifest().get(name)
    return url_for("static", filename=f"build/{built}") if built else ""


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    path = BUILD / "manifest.json"
    if not path.is_file():
        _log.warning("The pages have no style yet: run `make setup` to build web/frontend.")
        return {}
    manifest: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return manifest

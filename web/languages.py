"""Chinese and English: whose language a page speaks, and the catalogues, read from the .po files themselves.

The catalogues are compiled in memory at the start, so there is no build step that one could forget.
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import flask_babel
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, session
from flask_babel import Babel, Domain, get_locale

from web.web_settings import WebSettings

LOCALES = ("zh", "en")
FOLDER = Path(__file__).parent / "translations"
DEFAULT_ZONE = "Asia/Shanghai"


@lru_cache(maxsize=len(LOCALES))
def catalogue(locale: str) -> NullTranslations:
    """The texts of one language. Message ids are the English texts, so English needs no file."""
    path = FOLDER / locale / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        read = read_po(file, locale=locale)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return Translations(compiled)


class _Catalogues(Domain):  # type: ignore[misc]
    def get_translations(self) -> NullTranslations:
        return catalogue(current_locale())


class _Babel(Babel):  # type: ignore[misc]
    @property
    def domain_instance(self) -> Domain:
        return _Catalogues()


def install_languages(app: Flask, settings: WebSettings) -> None:
    default = settings.locale[:2] if settings.locale[:2] in LOCALES else "zh"

    def choose() -> str:
        """The choice made on this device, else the person's own language, else the installation's."""
        chosen = session.get("locale")
        if chosen in LOCALES:
            return str(chosen)
        actor = getattr(g, "actor", None)
        own = actor.locale[:2] if actor is not None else default
        return own if own in LOCALES else default

    _Babel(app, default_locale=default, locale_selector=choose)


def gettext(message: str, **values: Any) -> str:
    return str(flask_babel.gettext(message, **values))


def ngettext(singular: str, plural: str, number: int, **values: Any) -> str:
    return str(flask_babel.ngettext(singular, plural, number, **values))


def current_locale() -> str:
    """`zh` or `en`."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "zh"

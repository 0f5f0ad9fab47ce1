"""What signs the sessions: they outlive a restart, and every web process of the installation knows them."""

import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import make_url

from engine.commands.engine import Engine
from engine.store import settle_fact
from web.wiring.settings import Settings

FACT = "secret_key"


def with_secret(settings: Settings, engine: Engine) -> Settings:
    """Without a secret in the settings one is made once: in a file beside an SQLite database, which its owner only can
    read, or as a row of PostgreSQL, which all processes share. Needs the tables to be there.
    """
    if settings.secret_key:
        return settings
    if not engine.store.is_sqlite:
        return replace(settings, secret_key=_shared(engine))
    database = make_url(settings.database_url).database
    if database in (None, "", ":memory:"):
        return replace(settings, secret_key=_new())
    return replace(settings, secret_key=_kept_beside(Path(f"{database}.secret")))


def _shared(engine: Engine) -> str:
    with engine.store.transaction() as session:
        return settle_fact(session.connection(), FACT, _new(), engine.clock.now())


def _kept_beside(place: Path) -> str:
    if not place.exists():
        # Whole or not there: a process that starts at the same moment must not sign with half a secret.
        descriptor, half = tempfile.mkstemp(dir=place.parent, prefix=f"{place.name}.")  # for its owner only
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(_new())
        with suppress(FileExistsError):
            os.link(half, place)
        os.unlink(half)
    return place.read_text(encoding="ascii").strip()


def _new() -> str:
    return secrets.token_hex(32)

"""What commands work on: the settings, the engine over the chosen database, and the person in whose name they act."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url

from engine.commands.engine import Engine
from engine.commands.people.sign_in import load_actor
from engine.people import SYSTEM, Actor
from engine.store import schema_state
from web.cli.failure import Failure
from web.wiring.build import build_engine
from web.wiring.first_start import ADMIN
from web.wiring.settings import Settings, load_settings


def settings_for(database: str | None = None, **flags: object) -> Settings:
    return load_settings({"database_url": database, **flags})


def database_file(url: str) -> Path | None:
    """The file of an SQLite database; None for one in memory or on a server."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


@contextmanager
def open_engine(
    database: str | None, *, needs_schema: bool = True, application_name: str = "huiyin"
) -> Iterator[Engine]:
    """Raises Failure when there is no database yet, or one of another version: nothing is made by accident."""
    settings = settings_for(database)
    file = database_file(settings.database_url)
    if needs_schema and file is not None and not file.is_file():
        raise Failure(
            f"There is no database {file} yet; `huiyin run` or `huiyin db upgrade` makes it, --database names another.",
            f"数据库 {file} 尚不存在：huiyin run 或 huiyin db upgrade 会建立它，--database 可指定别的数据库。",
        )
    engine = build_engine(settings, application_name=application_name)
    try:
        if needs_schema:
            _require_schema(engine)
        yield engine
    finally:
        engine.store.close()


def _require_schema(engine: Engine) -> None:
    state = schema_state(engine.store)
    if not state.is_usable:
        raise Failure(
            f"The database is of revision {state.current or 'none'}, but this program needs {state.head}; "
            "run `huiyin db upgrade`.",
            f"数据库版本为 {state.current or '无'}，本程序需要 {state.head}，请运行 huiyin db upgrade。",
        )


def acting_person(engine: Engine, username: str | None) -> Actor:
    """The named person, else the administrator; before there is one, the installation itself."""
    if username is None:
        return load_actor(engine, ADMIN) or SYSTEM
    actor = load_actor(engine, username)
    if actor is None:
        raise Failure(
            f"Expected an active person {username!r}, but there is none (`huiyin user list`).",
            f"没有名为“{username}”的在用人员（见 huiyin user list）。",
        )
    return actor

"""Puts the engine together out of its settings."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url

from engine.commands.calendar_shelf import Calendars
from engine.commands.engine import Engine, EngineSettings
from engine.commands.handler import HandlerTable
from engine.jobs import JobQueue, queue_for
from engine.model import SystemClock, WallClock
from engine.notices import MailChannel
from engine.store import Store
from handlers import HANDLERS
from web.wiring.settings import Settings, SettingsError


def build_engine(
    settings: Settings,
    clock: WallClock | None = None,
    handlers: HandlerTable | None = None,
    *,
    application_name: str = "huiyin",
) -> Engine:
    """The schema is not touched: `first_start` or `huiyin db upgrade` does that.

    `application_name` is what PostgreSQL shows of the process in `pg_stat_activity`.
    """
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        place = Path(str(url.database))
        place.parent.mkdir(parents=True, exist_ok=True)
        if not str(url.database).startswith("file:"):
            # Names, complaints and password digests stand in it. SQLite gives the files beside it the same mode.
            place.touch(mode=0o600, exist_ok=True)
    engine = Engine(
        store=Store(settings.database_url, application_name),
        clock=clock or SystemClock(),
        handlers=handlers or HandlerTable(HANDLERS),
        settings=EngineSettings(
            processes_folder=settings.processes_folder,
            base_url=settings.base_url or f"http://{settings.host}:{settings.port}",
            catch_up=settings.catch_up,
            message_kept_days=settings.message_kept_days,
        ),
        calendars=Calendars(settings.processes_folder / "calendars"),
        jobs=_queue(url),
    )
    if settings.mail is not None:
        engine.send_mail = MailChannel(settings.mail).send
    return engine


def _queue(url: URL) -> JobQueue:
    try:
        return queue_for(is_sqlite=url.get_backend_name() == "sqlite")
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("procrastinate", "psycopg", "psycopg_pool"):
            raise
        raise SettingsError(
            f"PostgreSQL needs more packages ({missing.name}): pip install 'huiyin[postgresql]'.",
            f"使用 PostgreSQL 需要另外的程序包（{missing.name}）：pip install 'huiyin[postgresql]'。",
        ) from missing

"""Puts the engine together out of its settings."""

import os
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine import make_url

from engine.audit import anchor
from engine.commands.due_work import do_due_jobs, do_due_moments, next_job_due_at, next_moment_due_at
from engine.commands.engine import Calendars, Engine, EngineSettings
from engine.commands.handler import HandlerTable
from engine.commands.remind_calendars import remind_calendars
from engine.jobs import EmbeddedKeeper, Lane
from engine.model import SystemClock, WallClock
from engine.notices import MailChannel
from engine.store import Store
from handlers import HANDLERS
from web.wiring.settings import Settings

ANCHOR_EVERY = timedelta(hours=1)
REMIND_EVERY = timedelta(days=1)
JOB_LANES = 2  # handlers and mails may wait for a network; a slow one must not hold up the others


def build_engine(
    settings: Settings, clock: WallClock | None = None, handlers: HandlerTable | None = None
) -> Engine:
    """The schema is not touched: `first_start` or `huiyin db upgrade` does that."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        place = Path(str(url.database))
        place.parent.mkdir(parents=True, exist_ok=True)
        if not str(url.database).startswith("file:"):
            # Names, complaints and password digests stand in it. SQLite gives the files beside it the same mode.
            place.touch(mode=0o600, exist_ok=True)
    engine = Engine(
        store=Store(settings.database_url),
        clock=clock or SystemClock(),
        handlers=handlers or HandlerTable(HANDLERS),
        settings=EngineSettings(
            processes_folder=settings.processes_folder,
            base_url=settings.base_url or f"http://{settings.host}:{settings.port}",
            catch_up=settings.catch_up,
            message_kept_days=settings.message_kept_days,
        ),
        calendars=Calendars(settings.processes_folder / "calendars"),
    )
    if settings.mail is not None:
        engine.send_mail = MailChannel(settings.mail).send
    return engine


def build_keeper(engine: Engine) -> EmbeddedKeeper:
    """Rings for one engine. Timers and ladders have a lane of their own, so that no slow handler makes them late."""
    lanes = [Lane("moments", lambda: next_moment_due_at(engine), lambda: do_due_moments(engine))]
    lanes += [
        Lane(f"jobs-{number}", lambda: next_job_due_at(engine), lambda: do_due_jobs(engine))
        for number in range(1, JOB_LANES + 1)
    ]
    lanes += [
        _every(ANCHOR_EVERY, "audit anchors", engine, lambda: anchor_audit(engine)),
        _every(REMIND_EVERY, "calendars", engine, lambda: remind_calendars(engine)),
    ]
    keeper = EmbeddedKeeper(lanes, engine.clock)
    engine.ring = keeper.ring
    return keeper


def _every(span: timedelta, name: str, engine: Engine, work: Callable[[], object]) -> Lane:
    """Work of the house itself, which no row asks for: when the process starts, and again after each span."""
    due = engine.clock.now()

    def do() -> None:
        nonlocal due
        if engine.clock.now() >= due:
            work()
            due = engine.clock.now() + span

    return Lane(name, lambda: due, do)


def anchor_audit(engine: Engine) -> int:
    """Anchors the heads of all audit chains that moved since the last time; called every hour and at the stop."""
    with engine.store.transaction() as session:
        return anchor(session, engine.clock.now())


def with_secret(settings: Settings) -> Settings:
    """Sessions outlive a restart: without a secret in the settings one is made once, readable by the owner only."""
    if settings.secret_key:
        return settings
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        # Several processes of one PostgreSQL must share it; alone, a new one each start signs everybody out.
        return replace(settings, secret_key=secrets.token_hex(32))
    place = Path(f"{url.database}.secret")
    if not place.exists():
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return replace(settings, secret_key=place.read_text(encoding="ascii").strip())

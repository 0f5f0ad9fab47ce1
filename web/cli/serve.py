"""`huiyin run`, `web`, `worker`: the server and its parts."""

import os
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import click
from flask import Flask

from engine.commands.due.run_jobs import take_over_jobs
from engine.commands.engine import Engine
from engine.jobs import QUEUES
from engine.store import schema_state
from web import long_polls
from web.app import create_app
from web.cli.doors import open_engine, settings_for
from web.cli.failure import in_language, language
from web.cli.first_start import first_start_lines
from web.cli.options import database_option
from web.cli.output import progress_bar
from web.cli.stop_signal import StopSignal
from web.cli.systemd import tell_ready, tell_stopping
from web.cli.web_server import THREADS, bind, serve
from web.live.hub import hub_of
from web.stopping import stopping_of
from web.wiring.build import build_engine
from web.wiring.demo import demo_sign_ins, load_demo
from web.wiring.first_start import FirstStart, first_start
from web.wiring.keeper import anchor_audit, build_keeper, give_back_jobs
from web.wiring.live import live_pages
from web.wiring.secret import with_secret
from web.wiring.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def address_options(command: Command) -> Command:
    command = click.option("--port", type=int, default=None, help="0 lets the system choose (HUIYIN_PORT).")(
        command
    )
    return click.option("--host", default=None, help="0.0.0.0 for other machines too (HUIYIN_HOST).")(command)


@click.command()
@address_options
@click.option("--demo", is_flag=True, help="Load the demo organisations with their complaints, once.")
@database_option
def run(host: str | None, port: int | None, demo: bool, database: str | None) -> None:
    """Serve pages and interfaces, and do what falls due, in one process.

    The first start makes the database, deploys the procedures and adds the administrator.
    """
    settings = settings_for(database, host=host, port=port)
    listener = bind(settings.host, settings.port)
    settings = replace(settings, port=listener.getsockname()[1])
    engine = build_engine(settings, application_name="huiyin run")
    started = first_start(engine, settings)
    settings = with_secret(settings, engine)
    if demo:
        with progress_bar(in_language("Demo register", "演示台账")) as on_progress:
            load_demo(engine, settings, on_progress)
    app = create_app(engine, settings)
    with _keeping(engine, settings), live_pages(engine, settings, hub_of(app)):
        _greet(settings, started)
        if demo:
            _show_demo(settings)
        _answer(listener, app, settings)


@click.command()
@address_options
@database_option
def web(host: str | None, port: int | None, database: str | None) -> None:
    """Serve pages and interfaces only; `huiyin worker` must run beside it."""
    with open_engine(database):
        pass  # Told now and in one line when the database is not ready.
    settings = settings_for(database, host=host, port=port)
    listener = bind(settings.host, settings.port)
    settings = replace(settings, port=listener.getsockname()[1])
    engine = build_engine(settings, application_name="huiyin web")
    settings = with_secret(settings, engine)
    _say(f"Huiyin 回音 {address(settings)}")
    app = create_app(engine, settings)
    try:
        with live_pages(engine, settings, hub_of(app)):
            _answer(listener, app, settings)
    finally:
        engine.store.close()


def _answer(listener: socket.socket, app: Flask, settings: Settings) -> None:
    """Returns when the server has stopped. Each stream of an open page holds a thread, and each worker that waits."""

    def stop() -> None:
        stopping_of(app).set()
        hub_of(app).close()

    serve(
        listener,
        app,
        threads=THREADS + settings.live_streams + long_polls.MOST,
        on_stopping=stop,
        drain_seconds=settings.drain_seconds,
    )


@click.command()
@click.option(
    "--queue",
    "queues",
    multiple=True,
    type=click.Choice(QUEUES),
    help="What this worker takes, on PostgreSQL; several times for several. All of them without it.",
)
@database_option
def worker(queues: tuple[str, ...], database: str | None) -> None:
    """Do what falls due: timers with warnings and escalations, handlers, and the mail of notices."""
    stop_signal = StopSignal()
    with (
        open_engine(database, application_name="huiyin worker") as engine,
        _keeping(engine, settings_for(database), queues or QUEUES),
    ):
        _say(
            in_language(f"Working on {engine.store.engine.url!r}.", f"正在处理 {engine.store.engine.url!r}。")
        )
        tell_ready()
        stop_signal.wait()
        tell_stopping()


@contextmanager
def _keeping(engine: Engine, settings: Settings, queues: Sequence[str] = QUEUES) -> Iterator[None]:
    """Rings while the block runs; at its end the work in hand is finished and the audit heads are anchored."""
    keeper = build_keeper(engine, settings, queues)
    if engine.store.is_sqlite:
        take_over_jobs(engine)  # One keeper a file: whoever held them is gone.
    keeper.start()
    is_finished = True
    try:
        yield
    finally:
        is_finished = keeper.stop()
        engine.late.tell()
        if not is_finished:
            number = give_back_jobs(engine)
            _say(
                in_language(f"{number} jobs are left to other workers.", f"{number} 个作业交还其他工作进程。")
            )
        if schema_state(engine.store).is_usable:
            anchor_audit(engine)
        engine.store.close()
    if not is_finished:
        # Threads cannot be stopped, and Python would wait for them.
        os._exit(0)


def address(settings: Settings) -> str:
    if settings.base_url:
        return f"{settings.base_url.rstrip('/')}/"
    host = "127.0.0.1" if settings.host in ("", "0.0.0.0", "::") else settings.host  # noqa: S104 - compared only.
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}/"


def _greet(settings: Settings, started: FirstStart) -> None:
    _say(f"Huiyin 回音 {address(settings)}")
    for line in first_start_lines(started):
        _say(line)


def _show_demo(settings: Settings) -> None:
    """Whom a newcomer may sign in as. The password is everybody's, so such people never belong in a real house."""
    _say(
        in_language(
            f"  demo sign-ins, password {settings.demo_password}:",
            f"  演示账号，密码 {settings.demo_password}：",
        )
    )
    for one in demo_sign_ins(settings.processes_folder, language()):
        _say(f"    {one.username}  {one.name}  {one.sees}")


def _say(line: str) -> None:
    print(line)
    sys.stdout.flush()

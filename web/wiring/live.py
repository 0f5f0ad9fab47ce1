"""Who tells the open pages: the engine itself, or the database for what other processes wrote too."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import make_url

from engine.commands.engine import Engine
from web.live.hub import Hub
from web.wiring.settings import Settings

CHANNEL = "huiyin_told"  # a trigger of revision 0006 sends each new notice's recipient there


@contextmanager
def live_pages(engine: Engine, settings: Settings, hub: Hub) -> Iterator[None]:
    """Open pages hear of new notices while the block runs; at its end their streams are closed."""
    try:
        if engine.store.is_sqlite:
            engine.told = hub.tell
            yield
        else:
            with _hearing(settings, hub):
                yield
    finally:
        hub.close()


@contextmanager
def _hearing(settings: Settings, hub: Hub) -> Iterator[None]:
    from engine.jobs.listener import Listener  # its library is there where PostgreSQL is used

    url = make_url(settings.database_url).set(drivername="postgresql")
    listener = Listener(
        url.render_as_string(hide_password=False),
        {CHANNEL: lambda username: hub.tell((username,))},
        on_connect=hub.tell_everybody,  # what was told while there was no connection
    )
    listener.start()
    try:
        yield
    finally:
        listener.stop()

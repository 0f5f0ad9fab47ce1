"""The web server of one process: gunicorn's threads, without its master.

With a master, `kill -9` would leave a child behind that still holds the port; and web, scheduler and worker could not
be one process, which is what `huiyin run` promises.
"""

import signal
import socket
import time
from collections.abc import Callable
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.sock import TCP6Socket, TCPSocket
from gunicorn.workers.gthread import ThreadWorker

from web.cli.client_socket import Listener
from web.cli.failure import Failure
from web.cli.systemd import tell_alive, tell_ready, tell_stopping

THREADS = 16  # for requests that end; each open stream of a page takes one more
CONNECTIONS = 1_000  # that wait for their next request
GRACE_SECONDS = 20
KEEP_ALIVE_SECONDS = 15


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 lets the system choose. Raises Failure when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(256)
    except (OSError, OverflowError) as problem:
        listener.close()
        raise Failure(
            f"Cannot listen on {host}:{port}: {getattr(problem, 'strerror', None) or problem}; --port names another one.",
            f"无法监听 {host}:{port}：{getattr(problem, 'strerror', None) or problem}；可用 --port 换一个端口。",
        ) from problem
    return listener


def serve(
    listener: socket.socket,
    application: Callable[..., Any],
    *,
    threads: int = THREADS,
    on_stopping: Callable[[], object] = lambda: None,
    drain_seconds: float = 0,
) -> None:
    """Serves until SIGTERM or SIGINT, then finishes the requests in hand. Only in the main thread.

    `on_stopping` is called at the first of these signals. For `drain_seconds` after it new requests are still taken,
    so that a proxy in front notices in time; a second signal ends that at once.
    """
    config = Config()
    for name, value in {
        "worker_class": "gthread",
        "threads": threads,
        "worker_connections": CONNECTIONS + threads,
        "graceful_timeout": GRACE_SECONDS,
        "keepalive": KEEP_ALIVE_SECONDS,
        "loglevel": "warning",
    }.items():
        config.set(name, value)
    kind = TCP6Socket if listener.family == socket.AF_INET6 else TCPSocket
    wrapped = kind(listener.getsockname(), config, None, fd=listener.detach())
    server = _Server(0, 0, [wrapped], _Loaded(application), 0, config, Logger(config))
    server.on_stopping, server.drain_seconds = on_stopping, drain_seconds
    server.init_process()


class _Loaded:
    """What gunicorn takes for an application that is loaded already."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self._application = application

    def wsgi(self) -> Callable[..., Any]:
        return self._application


class _Server(ThreadWorker):
    on_stopping: Callable[[], object]
    drain_seconds: float
    _stops_at: float | None = None

    def run(self) -> None:
        tell_ready()  # Not earlier: only now a signal to stop is taken gently.
        super().run()

    def accept(self, listener: Any) -> None:
        super().accept(Listener(listener))

    def notify(self) -> None:
        super().notify()
        tell_alive()

    def handle_exit(self, sig: int, frame: Any) -> None:
        if self._stops_at is None:
            self._stops_at = time.monotonic() + self.drain_seconds
            # Not here: the signal may have come in the middle of anything.
            self.method_queue.defer(self._begin_to_stop)
        else:
            super().handle_exit(sig, frame)

    def _begin_to_stop(self) -> None:
        tell_stopping()
        self.on_stopping()

    def is_parent_alive(self) -> bool:
        """Asked between any two looks at the sockets. There is no master to follow, but a drain may be over."""
        if self._stops_at is not None and time.monotonic() >= self._stops_at:
            self.alive = False
        return bool(self.alive)

    def init_signals(self) -> None:
        super().init_signals()
        # Ctrl-C ends as gently as a stop by the system does.
        signal.signal(signal.SIGINT, self.handle_exit)
        # A terminal that is closed or a child that ends is no reason to stop without finishing.
        signal.signal(signal.SIGHUP, self.handle_exit)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)

"""The web server of one process: gunicorn's threads, without its master.

With a master, `kill -9` would leave a child behind that still holds the port; and web, scheduler and worker could not
be one process, which is what `huiyin run` promises.
"""

import signal
import socket
from collections.abc import Callable
from typing import Any

from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.sock import TCP6Socket, TCPSocket
from gunicorn.workers.gthread import ThreadWorker

from web.cli.client_socket import Listener
from web.cli.failure import Failure

THREADS = 16
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


def serve(listener: socket.socket, application: Callable[..., Any], *, threads: int = THREADS) -> None:
    """Serves until SIGTERM or SIGINT, then finishes the requests in hand. Only in the main thread."""
    config = Config()
    for name, value in {
        "worker_class": "gthread",
        "threads": threads,
        "graceful_timeout": GRACE_SECONDS,
        "keepalive": KEEP_ALIVE_SECONDS,
        "loglevel": "warning",
    }.items():
        config.set(name, value)
    kind = TCP6Socket if listener.family == socket.AF_INET6 else TCPSocket
    wrapped = kind(listener.getsockname(), config, None, fd=listener.detach())
    _Server(0, 0, [wrapped], _Loaded(application), 0, config, Logger(config)).init_process()


class _Loaded:
    """What gunicorn takes for an application that is loaded already."""

    def __init__(self, application: Callable[..., Any]) -> None:
        self._application = application

    def wsgi(self) -> Callable[..., Any]:
        return self._application


class _Server(ThreadWorker):
    def accept(self, listener: Any) -> None:
        super().accept(Listener(listener))

    def is_parent_alive(self) -> bool:
        return True  # There is no master to follow; the shell that started us may go.

    def init_signals(self) -> None:
        super().init_signals()
        # Ctrl-C ends as gently as a stop by the system does.
        signal.signal(signal.SIGINT, self.handle_exit)
        # A terminal that is closed or a child that ends is no reason to stop without finishing.
        signal.signal(signal.SIGHUP, self.handle_exit)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)

"""A connection that does not wait for ever: whoever sends or reads too slowly loses it, and the thread is free again.

Without this some dozens of half-sent requests would hold all threads of the server, and nobody else got an answer.
"""

import errno
import socket
import time
from typing import Any

HEAD_SECONDS = 5.0  # until the first bytes of a request have become more; then the rate counts
LEAST_BYTES_A_SECOND = 2_000
SEND_SECONDS = 20.0  # without the reader taking a single piece


class ClientSocket(socket.socket):
    """Counts anew with each request: the server calls `setblocking(True)` before it reads one."""

    _began = 0.0
    _received = 0

    def setblocking(self, flag: bool) -> None:
        self._began, self._received = time.monotonic(), 0
        self.settimeout(SEND_SECONDS if flag else 0)

    def recv(self, *args: Any) -> bytes:
        patience = HEAD_SECONDS + self._received / LEAST_BYTES_A_SECOND
        left = self._began + patience - time.monotonic()
        if left <= 0:
            raise _too_slow()
        self.settimeout(left)
        try:
            received = super().recv(*args)
        except TimeoutError as problem:
            raise _too_slow() from problem
        finally:
            self.settimeout(SEND_SECONDS)
        self._received += len(received)
        return received

    def sendall(self, *args: Any) -> None:
        try:
            super().sendall(*args)
        except TimeoutError as problem:
            raise _too_slow() from problem


class Listener:
    """What the server accepts connections from."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def accept(self) -> tuple[ClientSocket, Any]:
        accepted, address = self._inner.accept()
        return ClientSocket(fileno=accepted.detach()), address

    def getsockname(self) -> Any:
        return self._inner.getsockname()


def _too_slow() -> ConnectionResetError:
    """As if the client had gone: the server closes such a connection without a word in the log."""
    return ConnectionResetError(errno.ECONNRESET, "The client was too slow.")

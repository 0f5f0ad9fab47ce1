"""A real server on a socket, and requests as bytes: what a client sends is not made nicer by a library of ours."""

import gzip
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import brotli
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

PATIENCE_SECONDS = 20
UNPACK = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Tests print nothing."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]  # names in lower case
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """The port at which the application answers while the block runs."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def exchange(port: int, sent: bytes) -> Answer:
    """Sends exactly these bytes, and reads one answer."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as line:
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        with line.makefile("rb") as answer:
            received = answer.read()
    head, _, content = received.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): text.strip() for name, _, text in (one.partition(":") for one in rest)}
    return Answer(int(first.split()[1]), headers, UNPACK[headers.get("content-encoding", "")](content))

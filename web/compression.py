"""Pages, scripts and styles go out compressed: a phone in a shop loads its first page in a third of the bytes."""

from flask import Flask, Response, request
from flask_compress import Compress
from werkzeug.wsgi import FileWrapper

_LEVEL = 5  # of both; a higher one takes several times as long for some per cent


def install_compression(app: Flask) -> None:
    """Streams of events and files of people go out as they are."""
    app.config["COMPRESS_ALGORITHM"] = ["br", "gzip"]
    app.config["COMPRESS_STREAMS"] = False
    app.config["COMPRESS_BR_LEVEL"] = app.config["COMPRESS_LEVEL"] = _LEVEL
    app.config["COMPRESS_MIMETYPES"] = [
        "text/html", "text/css", "text/javascript", "application/json", "application/xml", "image/svg+xml", "font/ttf",
    ]  # fmt: skip
    Compress(app)
    app.after_request(_read_whole)  # runs before what Compress has registered


def _read_whole(response: Response) -> Response:
    """Our own files come as streams, and gzip, all that a browser offers without TLS, is for whole answers only."""
    if response.status_code == 204:
        response.headers.pop("Content-Type", None)  # Nothing is of no type, and is not packed.
    if request.endpoint == "static" and response.status_code == 200 and request.method == "GET":
        response.direct_passthrough = False
        stream = response.response
        response.get_data()
        if isinstance(stream, FileWrapper):
            stream.close()
    return response

"""Whether this process is on its way out: it still answers, but should be given nothing new."""

import threading

from flask import Flask

_KEY = "huiyin_stopping"


def stopping_of(app: Flask) -> threading.Event:
    """Set once, by whoever runs the server, when it was asked to stop."""
    event: threading.Event = app.extensions.setdefault(_KEY, threading.Event())
    return event

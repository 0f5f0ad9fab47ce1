"""Tells open pages at once what was written for their reader, by server-sent events. Read `hub.py`, then `stream.py`."""

from web.live.views import blueprint

__all__ = ["blueprint"]

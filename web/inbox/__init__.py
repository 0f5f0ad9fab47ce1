"""My tasks and those of my groups. Read `views.py`."""

from web.inbox.views import blueprint

__all__ = ["blueprint"]

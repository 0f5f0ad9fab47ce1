"""A family's profiles as tables: limits beside the source that gives them, options, roles, ladders. Read `views.py`."""

from web.profiles.views import blueprint

__all__ = ["blueprint"]

"""A procedure's promises over the start dates of a year. Read `views.py`."""

from web.year.views import blueprint

__all__ = ["blueprint"]

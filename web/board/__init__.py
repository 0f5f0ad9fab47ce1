"""The supervisor's list. Read `views.py`."""

from web.board.views import blueprint

__all__ = ["blueprint"]

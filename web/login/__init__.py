"""Signing in and out. Read `views.py`."""

from web.login.views import blueprint

__all__ = ["blueprint"]

"""Registering a matter. Read `views.py`."""

from web.intake.views import blueprint

__all__ = ["blueprint"]

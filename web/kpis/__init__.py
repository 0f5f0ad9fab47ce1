"""Indicators over time. Read `views.py`."""

from web.kpis.views import blueprint

__all__ = ["blueprint"]

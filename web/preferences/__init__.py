"""Language and look, kept on this device. Read `views.py`."""

from web.preferences.views import blueprint

__all__ = ["blueprint"]

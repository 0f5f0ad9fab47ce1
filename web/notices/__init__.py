"""What the person was told. Read `views.py`."""

from web.notices.views import blueprint

__all__ = ["blueprint"]

"""The page on which an owner draws. Read `views.py`; the drawing itself is web/frontend/src/modeler."""

from web.modeler.views import blueprint

__all__ = ["blueprint"]

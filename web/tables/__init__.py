"""Decision tables of a family: the list, the editor, and trying a row on what is not saved yet. Read `views.py`."""

from web.tables.views import blueprint

__all__ = ["blueprint"]

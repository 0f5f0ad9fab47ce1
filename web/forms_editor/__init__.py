"""Forms of a family: the list, and the editor with its preview. Read `views.py`, then `acts.py`."""

from web.forms_editor.views import blueprint

__all__ = ["blueprint"]

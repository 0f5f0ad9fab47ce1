"""Templates for Camunda Modeler on the desktop, so that it offers what Huiyin executes. Read `templates.py`."""

from web.element_templates.views import blueprint

__all__ = ["blueprint"]

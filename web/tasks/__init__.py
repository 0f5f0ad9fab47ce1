"""One task: its form, and what a person does with it. Read `views.py`, then `acts.py`."""

from web.tasks.acts import blueprint as acts
from web.tasks.views import blueprint

blueprints = (blueprint, acts)

__all__ = ["blueprints"]

"""Cases: the list, the page of one, its diagram and documents. Read `views.py`, then `acts.py`."""

from web.cases.acts import blueprint as acts
from web.cases.files import blueprint as files
from web.cases.views import blueprint

blueprints = (blueprint, acts, files)

__all__ = ["blueprints"]

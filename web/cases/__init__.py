"""Cases: the list, the page of one, its diagram, documents and printed forms. Read `views.py`, then `acts.py`."""

from web.cases.acts import blueprint as acts
from web.cases.files import blueprint as files
from web.cases.printed import blueprint as printed
from web.cases.views import blueprint

blueprints = (blueprint, acts, files, printed)

__all__ = ["blueprints"]

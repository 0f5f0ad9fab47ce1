"""The working calendars: a year at a glance, the import of a year's notice, single days, sites. Read `views.py`."""

from web.calendars.acts import blueprint as acts
from web.calendars.views import blueprint as views

blueprints = (views, acts)

__all__ = ["blueprints"]

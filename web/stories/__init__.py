"""Stories of a procedure: the list and its runs, one story with its path drawn, new and recorded ones, a try by hand.

Read `views.py`, then `runs.py`. Stories are played in a process of their own (web/story_player).
"""

from web.stories.record_views import blueprint as record_blueprint
from web.stories.try_views import blueprint as try_blueprint
from web.stories.views import blueprint as pages_blueprint

blueprints = (pages_blueprint, record_blueprint, try_blueprint)

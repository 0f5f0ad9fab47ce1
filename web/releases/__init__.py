"""A family's versions: what counts when, what differs, review by another person, live from a moment, back again."""

from web.releases.acts import blueprint as acts_blueprint
from web.releases.changes import blueprint as changes_blueprint
from web.releases.comparison import blueprint as comparison_blueprint
from web.releases.moves import blueprint as moves_blueprint
from web.releases.views import blueprint as pages_blueprint

blueprints = (
    pages_blueprint,
    acts_blueprint,
    comparison_blueprint,
    moves_blueprint,
    changes_blueprint,
)

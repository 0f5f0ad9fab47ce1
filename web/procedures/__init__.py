"""The process owner's house: families, their overview, and the files of working copies for the editors' pages."""

from web.procedures.files import blueprint as files_blueprint
from web.procedures.house import FamilyPage, family_page
from web.procedures.views import blueprint as pages_blueprint

blueprints = (pages_blueprint, files_blueprint)

__all__ = ["FamilyPage", "blueprints", "family_page"]

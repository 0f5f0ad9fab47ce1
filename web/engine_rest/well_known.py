"""How the modeler on the desktop finds our pages: a click on a started case opens our case page."""

from flask import Blueprint, Response, request

from web.access import current_engine, public
from web.engine_rest.reply import reply

area = Blueprint("well_known", __name__)

PAGES = "/.well-known/camunda-automation-platform/webapps"


@area.get(PAGES)
@public
def webapps() -> Response:
    base = current_engine().settings.base_url or request.host_url.rstrip("/")
    return reply({"adminUrl": f"{base}/", "cockpitUrl": f"{base}/cockpit", "tasklistUrl": f"{base}/"})

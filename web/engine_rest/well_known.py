"""How the modeler on the desktop finds our pages: a click on a started case opens our case page."""

from flask import Blueprint, Response, request

from web.access import current_engine, public
from web.engine_rest.reply import reply

area = Blueprint("well_known", __name__)

# The modeler opens <cockpitUrl>/default/#/process-instance/<key>; what stands behind # never reaches a server.
PAGE = '<!doctype html><html lang="zh"><title>回音</title><script src="open_case.js"></script></html>'
SCRIPT = """const found = /process-instance\\/([0-9a-f]{32})/.exec(location.hash);
location.replace(found ? `../../cases/${found[1]}` : "../../");
"""


@area.get("/.well-known/camunda-automation-platform/webapps")
@public
def webapps() -> Response:
    base = current_engine().settings.base_url or request.host_url.rstrip("/")
    return reply({"adminUrl": f"{base}/", "cockpitUrl": f"{base}/cockpit", "tasklistUrl": f"{base}/"})


@area.get("/cockpit/default/")
@public
def open_case() -> Response:
    return Response(PAGE, content_type="text/html; charset=utf-8")


@area.get("/cockpit/default/open_case.js")
@public
def open_case_script() -> Response:
    return Response(SCRIPT, content_type="text/javascript; charset=utf-8")

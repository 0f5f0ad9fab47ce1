"""Makes the Flask application: the gate first, then one blueprint a screen area."""

from importlib import import_module

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.commands.engine import Engine
from web.access import install_gate, public, require_declarations
from web.compression import install_compression
from web.desktop_programs import install_desktop_programs
from web.errors import install_errors
from web.headers import install_headers
from web.languages import install_languages
from web.live.hub import install_hub
from web.other_base import OtherBase
from web.shell import install_shell
from web.signed_in import configure_session
from web.sizes import FILES_BYTES, FORM_BYTES
from web.web_settings import WebSettings

# Each is a package with `blueprint` or `blueprints`. A new screen area is a folder and a line here.
AREAS = (
    "web.login",
    "web.preferences",
    "web.inbox",
    "web.tasks",
    "web.cases",
    "web.intake",
    "web.notices",
    "web.live",
    "web.board",
    "web.kpis",
    "web.register",
    "web.calendars",
    "web.profiles",
    "web.texts",
    "web.procedures",
    "web.modeler",
    "web.element_templates",
    "web.tables",
    "web.forms_editor",
    "web.stories",
    "web.year",
    "web.releases",
    "web.tokens",
    "web.replays",
    "web.engine_rest",
    "web.api",
)


def create_app(engine: Engine, settings: WebSettings) -> Flask:
    """Raises UndeclaredRoute when a route says neither @needs nor @public."""
    app = Flask("web")
    configure_session(app, settings)
    # Some documents at once, each within its own limit; the gate allows less to most requests (sizes.py).
    app.config["MAX_CONTENT_LENGTH"] = FILES_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = FORM_BYTES
    if settings.trusted_proxies > 0:
        # Else all tries come from the proxy's address, and one stranger shuts the door to everybody. The host is
        # never taken from there: no address of ours is made from it.
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    install_hub(app, settings.live_streams)
    install_languages(app, settings)
    app.wsgi_app = OtherBase(app.wsgi_app)  # type: ignore[method-assign]
    install_errors(app)
    install_desktop_programs(app)
    install_gate(app, engine)
    install_compression(app)
    install_headers(app, is_secure=settings.is_secure)
    install_shell(app)
    app.view_functions["static"] = public(app.view_functions["static"])
    for area in AREAS:
        module = import_module(area)
        blueprints: tuple[Blueprint, ...] = getattr(module, "blueprints", None) or (module.blueprint,)
        for blueprint in blueprints:
            app.register_blueprint(blueprint)
    require_declarations(app)
    return app

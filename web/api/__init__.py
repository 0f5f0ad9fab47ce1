"""What machines around the server ask (`health.py`), and our own interface: what /engine-rest does not have.

May import queries, commands and web.access. Each route says beside itself what it takes and answers (`described.py`).
"""

from web.api.health import blueprint as health
from web.api.routes import blueprint as api

__all__ = ["blueprints"]

blueprints = (health, api)

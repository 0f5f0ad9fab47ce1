"""The REST interface at /engine-rest, compatible with the Camunda 7 REST API, so that its modeler and workers fit.

May import commands, queries and web.access. One file a resource; `reply.py` and `parameters.py` hold what they share.
Every read is filtered by the rights of the person who asks; every command asks the permission table again.
"""

from web.engine_rest.routes import blueprint

__all__ = ["blueprint"]

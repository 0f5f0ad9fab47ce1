"""What machines around the server ask: does it live, is it ready, how is it doing.

May import queries and web.access. Read `health.py`.
"""

from web.api.health import blueprint

__all__ = ["blueprint"]

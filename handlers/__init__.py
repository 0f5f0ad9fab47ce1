"""What service tasks do: one module a topic, or a few that belong together, and one table of all.

May import the engine; never the web. Read `table.py`, then `engine/commands/handler.py` for what a handler is given.
"""

from handlers.table import HANDLERS

__all__ = ["HANDLERS"]

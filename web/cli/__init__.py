"""The command line: `huiyin`. One file a group of commands; `root.py` lists them.

May import everything below it. Errors become one line on stderr (`failure.py`), never a traceback.
"""

from web.cli.root import huiyin, main

__all__ = ["huiyin", "main"]

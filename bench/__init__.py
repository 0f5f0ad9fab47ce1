"""Measurements: `make bench`. Prints `name<TAB>value<TAB>unit`, one a line; read `__main__.py` for what each means."""

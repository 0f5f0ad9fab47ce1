"""The only place that names concrete parts: settings, store, clock, handlers, keeper, mail. Read `build.py`."""

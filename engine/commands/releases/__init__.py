"""Families of procedures become releases: read, checked, deployed, and kept compiled. Read `deploy.py`."""

"""Plays stories for the pages, in a process of its own, so that a family of a hundred stories slows nobody's work.

`__main__.py` is that process: one JSON request a line in, one answer a line out. `player.py` is the side of the pages.
"""

"""Fixtures stand in tests/support/pages.py; here `engine` is one with pages' own family."""

from pages import app, case, engine, li_na, settled_pages, signed_in, stranger, wang_wei

__all__ = ["app", "case", "engine", "li_na", "settled_pages", "signed_in", "stranger", "wang_wei"]

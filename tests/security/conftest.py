"""The bank of the page tests; see tests/support/pages.py for its people."""

from pages import app, engine, li_na, settled_pages, signed_in, stranger, wang_wei

__all__ = ["app", "engine", "li_na", "settled_pages", "signed_in", "stranger", "wang_wei"]

"""Tokens for programs: who has which, a new one, one less. Read `views.py`. No token opens these pages."""

from web.tokens.views import blueprint

__all__ = ["blueprint"]

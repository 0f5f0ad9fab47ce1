"""Try on real cases: a changed version on the finished cases of a period, with what would have been different."""

from web.replays.views import blueprint

__all__ = ["blueprint"]

"""Failed sign-ins are counted by name and by address; past the limit the door stays shut for a while."""

from flask import request
from flask_limiter import Limiter
from limits import RateLimitItem, parse
from werkzeug.exceptions import TooManyRequests

BY_NAME = parse("10 per 5 minutes")
# An office shares one address, so it gets more room than a name.
BY_ADDRESS = parse("50 per 5 minutes")


class TooManyTries(TooManyRequests):
    """Answered 429 whether or not the password would have been right."""


class SignInTries:
    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    def require_room(self, username: str) -> None:
        """Raises TooManyTries."""
        for limit, key in self._counters(username):
            if not self._limiter.limiter.test(limit, *key):
                raise TooManyTries(retry_after=limit.get_expiry())

    def note_failure(self, username: str) -> None:
        for limit, key in self._counters(username):
            self._limiter.limiter.hit(limit, *key)

    def _counters(self, username: str) -> list[tuple[RateLimitItem, tuple[str, str]]]:
        return [
            (BY_NAME, ("sign-in name", username[:200])),
            (BY_ADDRESS, ("sign-in address", request.remote_addr or "")),
        ]

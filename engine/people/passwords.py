"""Passwords: argon2id, the same work for unknown names, and a one-minute memory for HTTP Basic."""

import base64
import hashlib
import hmac
import secrets
import threading
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

REMEMBERED = timedelta(minutes=1)
MOST_REMEMBERED = 1_000

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def _random_hash() -> str:
    """The hash of no password, without the work of making one: every command of the command line comes by here."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (_hasher.salt_len, _hasher.hash_len)
    )
    work = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${work}${salt}${digest}"


# Unknown names are checked against this, so that the answer takes as long as for a known one.
_NOBODY = _random_hash()


class PasswordCheck:
    """Remembers a verified password as a keyed digest for a minute: argon2 on each API call would be slow."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._verified: dict[str, tuple[bytes, str, datetime]] = {}
        self._lock = threading.Lock()

    def is_right(self, username: str, password: str, stored: str | None, now: datetime) -> bool:
        digest = hmac.new(self._key, password.encode(errors="surrogatepass"), hashlib.sha256).digest()
        with self._lock:
            known = self._verified.get(username)
        if (
            known is not None
            and known[1] == stored
            and now < known[2]
            and hmac.compare_digest(known[0], digest)
        ):
            return True
        if not _verify(stored, password):
            return False
        with self._lock:
            if len(self._verified) >= MOST_REMEMBERED:
                self._verified.clear()
            self._verified[username] = (digest, stored or "", now + REMEMBERED)
        return True


def _verify(stored: str | None, password: str) -> bool:
    try:
        is_right = _hasher.verify(stored or _NOBODY, password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False  # Half a character is no password of anybody.
    return is_right and stored is not None

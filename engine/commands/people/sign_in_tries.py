"""Wrong passwords are counted by name and by address; past the limit the door stays shut for a while.

One count for all processes of a database: else each further web server would give a guesser as many tries again.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ScalarSelect, and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from engine.model import Rejected, SignInFailure, table_of

SPAN = timedelta(minutes=5)  # from the first failure that is counted
MOST_OF_A_NAME = 10
# An office shares one address, so it gets more room than a name.
MOST_OF_AN_ADDRESS = 50

_table = table_of(SignInFailure)
_ONE_MORE = {"failures": _table.c.failures + 1}
# Each database has its own words for it.
_COUNT = {
    "sqlite": sqlite.insert(_table).on_conflict_do_update(index_elements=["counter"], set_=_ONE_MORE),
    "postgresql": postgresql.insert(_table).on_conflict_do_update(index_elements=["counter"], set_=_ONE_MORE),
}


class TooManyTries(Rejected):
    """Said whether or not the password would have been right. `retry_after`: seconds, at least one."""

    status = 429
    code = "too_many_requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many tries. Please wait a few minutes.", "尝试次数过多，请过几分钟再试。")
        self.retry_after = max(retry_after, 1)


@dataclass(frozen=True)
class Counter:
    key: str
    most: int


def counters_of(username: str, address: str | None) -> list[Counter]:
    """In the order in which they are written, so that no two servers wait for each other. `address` None: unknown."""
    return [Counter(_key("name", username), MOST_OF_A_NAME), *counters_of_address(address)]


def counters_of_address(address: str | None) -> list[Counter]:
    return [Counter(_key("address", address), MOST_OF_AN_ADDRESS)] if address else []


def shut_until(counters: list[Counter], now: datetime) -> ScalarSelect[datetime | None]:
    """Until when the door is shut, or NULL: a part of the statement that looks the person up, so that it costs none."""
    is_full = or_(*(and_(_table.c.counter == one.key, _table.c.failures >= one.most) for one in counters))
    return (
        select(func.max(_table.c.counted_until))
        .where(is_full, _table.c.counted_until > now)
        .scalar_subquery()
    )


def note_failure(session: Session, counters: list[Counter], now: datetime) -> None:
    """Call it with the administration's chain held: then deleting and counting of two servers cannot meet."""
    session.execute(delete(SignInFailure).where(SignInFailure.counted_until <= now))
    if not counters:
        return
    connection = session.connection()
    rows = [{"counter": one.key, "failures": 1, "counted_until": now + SPAN} for one in counters]
    connection.execute(_COUNT[connection.dialect.name], rows)


def _key(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}\0{text}".encode(errors="surrogatepass")).hexdigest()

"""What a failed transaction means: a race or a connection that was lost, and whether it may be tried again."""

import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError

# serialization_failure, deadlock_detected
_RACES = {"40001", "40P01"}
# admin_shutdown, crash_shutdown, cannot_connect_now; beside them the whole class 08, connection exceptions.
_SHUTDOWNS = {"57P01", "57P02", "57P03"}


def is_lost_race(error: DBAPIError) -> bool:
    """Whether the database gave up on a transaction that may simply be tried again."""
    return getattr(error.orig, "sqlstate", None) in _RACES or "database is locked" in str(error.orig)


def is_lost_connection(error: DBAPIError) -> bool:
    """Whether the database went away. Outside a commit (CommitUnknown) it then kept nothing of the transaction."""
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        return False  # A file does not go away.
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state is None:
        return isinstance(error, OperationalError)  # Nobody was there to give a reason.
    return state in _SHUTDOWNS or state.startswith("08")


def may_be_tried_again(error: DBAPIError) -> bool:
    """Whether the transaction left no trace and may go better the next time."""
    return is_lost_race(error) or is_lost_connection(error)

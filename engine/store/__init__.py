"""Where rows live: the database, its transactions and its schema.

May import model. Read `database.py`; schema changes are Alembic revisions in `migrations/`.
"""

from engine.store.database import Store, hold_name
from engine.store.installation import read_fact, set_fact, settle_fact
from engine.store.lost import is_lost_connection, is_lost_race, may_be_tried_again
from engine.store.schema import SchemaBusy, SchemaState, SchemaUnknown, schema_state, upgrade_schema

__all__ = [
    "SchemaBusy",
    "SchemaState",
    "SchemaUnknown",
    "Store",
    "hold_name",
    "is_lost_connection",
    "is_lost_race",
    "may_be_tried_again",
    "read_fact",
    "schema_state",
    "set_fact",
    "settle_fact",
    "upgrade_schema",
]

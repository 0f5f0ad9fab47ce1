"""Where rows live: the database, its transactions and its schema.

May import model. Read `database.py`; schema changes are Alembic revisions in `migrations/`.
"""

from engine.store.database import Store, hold_name, is_lost_race
from engine.store.schema import SchemaState, SchemaUnknown, schema_state, upgrade_schema

__all__ = [
    "SchemaState",
    "SchemaUnknown",
    "Store",
    "hold_name",
    "is_lost_race",
    "schema_state",
    "upgrade_schema",
]

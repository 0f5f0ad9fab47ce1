"""Where rows live: the database, its transactions and its schema.

May import model. Read `database.py`; schema changes are Alembic revisions in `migrations/`.
"""

from engine.store.database import Store, is_lost_race
from engine.store.schema import upgrade_schema

__all__ = ["Store", "is_lost_race", "upgrade_schema"]

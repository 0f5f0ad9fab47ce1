"""Brings the schema up to date."""

from engine.model import Base
from engine.store.database import Store


def upgrade_schema(store: Store) -> None:
    Base.metadata.create_all(store.engine)

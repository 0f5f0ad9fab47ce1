"""How the schema came to be, one revision a file in `versions/`. Alembic reads this folder; `schema.py` drives it."""

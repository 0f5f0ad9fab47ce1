"""How the schema came to be, one revision a file in `versions/`. Alembic reads this folder; `schema.py` drives it."""

# The newest revision of the oldest program that may work beside this schema (decision 13). Revisions that only add
# leave it alone; one that takes something away moves it to the first program that no longer needs what goes.
OLDEST_PROGRAM = "0005"

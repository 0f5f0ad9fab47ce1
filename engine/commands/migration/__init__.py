"""Running cases move to another release of their family: first a verdict for each, then the move, and the way back.

Read `judge.py`; the verbs are `plan.py`, `migrate.py` and `undo.py`. Why it is so: docs/decisions/0014-….
"""

"""A story from a case: what its record holds becomes steps; people get other names, free texts give way to examples.

Read `record_case.py` (the door), `recorded_people.py` (who acts, and where they work), `hidden_values.py` (what of the
values stays).
"""

from engine.rehearsal.record.record_case import Recorded, record_case

__all__ = ["Recorded", "record_case"]

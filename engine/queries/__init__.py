"""What people see: reads only, each filtered by the rights of the person who asks.

May import model, people and the pure parts, never commands. Read `source.py`, then `visible.py`: the one place
that says which cases a person may see.
"""

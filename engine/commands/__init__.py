"""What people and timers do to cases: one verb a file, one transaction each.

May import everything below (queries stand beside). Read `case_work.py` first: it turns what the runner reports into rows.
"""

"""One case in one command: its row, its places, tasks, clocks, jobs and notices, loaded, changed and written together.

Read `work.py`; commands reach it through `on_case.py`.
"""

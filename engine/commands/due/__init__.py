"""What falls due: timers, ladder steps and jobs, done by whichever process is woken for them. Read `due_work.py`."""

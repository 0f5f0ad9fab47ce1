"""Changing the working calendars, and what follows from it for running cases."""

"""The deadline check over a year: can each promise be kept on every start date, when every step uses its whole limit?

Knows diagrams, profiles, decision tables and calendars, and asks no database. Read `check.py` (the door: `check_year`), then
`routes.py` (ways through a diagram), `timed_steps.py` (what of them takes time), `walk.py` (moments along a way).
"""

from engine.rehearsal.year.check import DayVerdict, PromiseYear, RouteYear, YearCheck, check_year
from engine.rehearsal.year.promises import Promise
from engine.rehearsal.year.routes import Route
from engine.rehearsal.year.subject import Subject, subjects_of_files, subjects_of_release
from engine.rehearsal.year.timed_steps import Step, StepLimit
from engine.rehearsal.year.to_data import year_data
from engine.rehearsal.year.walk import Leg, Walked

__all__ = [
    "DayVerdict",
    "Leg",
    "Promise",
    "PromiseYear",
    "Route",
    "RouteYear",
    "Step",
    "StepLimit",
    "Subject",
    "Walked",
    "YearCheck",
    "check_year",
    "subjects_of_files",
    "subjects_of_release",
    "year_data",
]

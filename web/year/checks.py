"""The last checks over a year: a reader goes to and fro between profiles and years."""

import hashlib
import threading
from collections import OrderedDict

from engine.commands.releases.family_files import FamilyFiles, kind_of_file
from engine.rehearsal.year import Subject, YearCheck, check_year
from engine.worktime import Calendar

KEPT = 32
_READ = ("bpmn", "dmn", "profile")
_Key = tuple[str, str, str, int]


class YearChecks:
    """By what they depend on: diagrams, tables and profiles, the calendar's version, the year."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, YearCheck] = OrderedDict()
        # One at a time: a check computes for seconds at worst, and other pages want to be answered.
        self._lock = threading.Lock()

    def get(self, files: FamilyFiles, subject: Subject, calendar: Calendar, year: int) -> YearCheck:
        """Raises CalendarMissing."""
        key = (_digest(files), subject.profile.id, f"{calendar.name} {calendar.version}", year)
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                found = self._kept[key] = check_year(subject, calendar, year)
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return found


def _digest(files: FamilyFiles) -> str:
    found = hashlib.sha256(files.family.encode())
    for path, content in sorted(files.files.items()):
        if kind_of_file(path) in _READ:
            found.update(f"\0{path}\0{len(content)}\0".encode())
            found.update(content)
    return found.hexdigest()

"""What was changed of a calendar at run time: a year's notice, single days of a site, a new site.

Content is JSON in the words of the calendar files, dates as text:
`{"notice": {"title", "number", "published"}, "holiday": [{"name", "from", "to", "makeup"}]}` with a year, or
`{"days": {"2026-06-30": {"kind": "closed" | "extra" | "half" | "usual", "name": {"zh", "en"}, "shifts": […]}}}`, or
`{"site": {"based_on", "title"}}`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

_OF_KIND = {"closed": "closed", "extra": "extra", "half": "own_shifts"}


@dataclass(frozen=True)
class CalendarChange:
    """`number` grows with each change of any calendar."""

    number: int
    year: int | None
    content: Mapping[str, Any]

    @property
    def makes_site(self) -> bool:
        return "site" in self.content


@dataclass(frozen=True)
class RawCalendar:
    """A calendar as its files say it, not checked yet. `digested`: the bytes that its version is made of."""

    place: Path
    base: Mapping[str, Any]
    years: Mapping[int, Mapping[str, Any]]
    digested: bytes

    def over(self, under: "RawCalendar") -> "RawCalendar":
        """A site over the calendar that it is based on: its own days and words win."""
        base = {**under.base, **self.base}
        for key in _OF_KIND.values():
            days = {**under.base.get(key, {}), **self.base.get(key, {})}
            if days:
                base[key] = days
        return replace(
            self, base=base, years={**under.years, **self.years}, digested=under.digested + self.digested
        )


def laid_over(raw: RawCalendar, changes: Sequence[CalendarChange]) -> RawCalendar:
    base = {key: dict(value) if key in _OF_KIND.values() else value for key, value in raw.base.items()}
    years = dict(raw.years)
    digested = raw.digested
    for change in sorted(changes, key=lambda one: one.number):
        digested += json.dumps([change.year, change.content], sort_keys=True, ensure_ascii=False).encode()
        if change.year is not None:
            years[change.year] = _year(change.content)
        base |= change.content.get("site", {})
        for day, said in change.content.get("days", {}).items():
            _set_day(base, day, said)
    return replace(raw, base=base, years=years, digested=digested)


def year_content(
    notice: Mapping[str, str], holidays: Sequence[tuple[Mapping[str, str], date, date, Sequence[date]]]
) -> dict[str, Any]:
    """The content of a change that gives a year: (name, first, last, make-up workdays) for each holiday."""
    return {
        "notice": dict(notice),
        "holiday": [
            {
                "name": dict(name),
                "from": first.isoformat(),
                "to": last.isoformat(),
                "makeup": [day.isoformat() for day in makeup],
            }
            for name, first, last, makeup in holidays
        ],
    }


def _year(content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "notice": content.get("notice", {}),
        "holiday": [
            one
            | {
                "from": date.fromisoformat(one["from"]),
                "to": date.fromisoformat(one["to"]),
                "makeup": [date.fromisoformat(day) for day in one.get("makeup", [])],
            }
            for one in content.get("holiday", [])
        ],
    }


def _set_day(base: dict[str, Any], day: str, said: Mapping[str, Any]) -> None:
    """The newest word about a day counts alone."""
    for key in _OF_KIND.values():
        base.get(key, {}).pop(day, None)
    kind = said["kind"]
    if kind in _OF_KIND:
        value = said["shifts"] if kind == "half" else said["name"]
        base.setdefault(_OF_KIND[kind], {})[day] = value

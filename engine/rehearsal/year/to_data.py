"""A year's check as JSON: for machines, and for the page's island."""

from datetime import datetime
from typing import Any

from engine.rehearsal.year.check import PromiseYear, RouteYear, YearCheck
from engine.rehearsal.year.walk import Leg
from engine.worktime import Calendar


def year_data(check: YearCheck) -> dict[str, Any]:
    """Moments with the offset of the calendar's zone."""
    return {
        "family": check.family,
        "profile": check.profile_id,
        "year": check.year,
        "calendar": check.calendar.name,
        "known_through": check.calendar.known_through.isoformat(),
        "provisional": check.is_provisional,
        "promises": [_promise(one, check.calendar) for one in check.promises],
        "untold": [
            {"process": one.process_key, "element": one.element_id, "name": one.name, "why": one.why}
            for one in check.untold
        ],
    }


def _promise(found: PromiseYear, calendar: Calendar) -> dict[str, Any]:
    promise = found.promise
    return {
        "process": promise.process_key,
        "element": promise.element_id,
        "name": promise.name,
        "limit": promise.limit.name,
        "id": promise.limit.register_id,
        "value": str(promise.limit.limit),
        "from": promise.start or "entry",
        "broken_days": found.broken_days,
        "more_ways": promise.is_cut,
        "ways": [_route(one, calendar) for one in found.routes],
        "days": [
            {"day": day.day.isoformat(), "broken": list(day.broken), "provisional": day.is_provisional}
            for day in found.days
        ],
    }


def _route(found: RouteYear, calendar: Calendar) -> dict[str, Any]:
    worst = found.worst
    return {
        "number": found.number,
        "branches": list(found.route.branches),
        "steps": [_leg(leg, calendar) for leg in worst.legs],
        "verdict": found.verdict,
        "broken_days": found.broken_days,
        "worst": {
            "starts_at": _moment(worst.starts_at, calendar),
            "ends_at": _moment(worst.ends_at, calendar),
            "due_at": _moment(worst.due_at, calendar),
            "kept": worst.is_kept,
            "blame": found.blame.step.element_id if found.blame else None,
        },
    }


def _leg(leg: Leg, calendar: Calendar) -> dict[str, Any]:
    return {
        "process": leg.step.process_key,
        "element": leg.step.element_id,
        "name": leg.step.name,
        "limit": leg.limit.name,
        "value": str(leg.limit.limit),
        "begins_at": _moment(leg.begins_at, calendar),
        "ends_at": _moment(leg.ends_at, calendar),
    }


def _moment(moment: datetime, calendar: Calendar) -> str:
    return moment.astimezone(calendar.zone).isoformat()

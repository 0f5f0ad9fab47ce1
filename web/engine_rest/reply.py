"""Answers: JSON with a bare content type (a client compares it), moments in the reader's zone."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from flask import Response, g

from engine.queries.known_person import find_known_person
from web.access import current_actor, current_engine

Body = dict[str, Any]


def reply(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, content_type="application/json")


def nothing() -> Response:
    """Without a type: there is nothing that could be of one, or be packed."""
    answer = Response(status=204)
    del answer.headers["Content-Type"]
    return answer


def reader_zone() -> ZoneInfo:
    """The zone of the calendar that the person's organisation works by."""
    zone: ZoneInfo | None = g.get("rest_zone")
    if zone is None:
        person = find_known_person(current_engine(), current_actor().username)
        zone = g.rest_zone = current_engine().calendars.get(person.calendar if person else "cn").zone
    return zone


def write_date(moment: datetime | None) -> str | None:
    """`2026-02-13T16:00:00.000+0800`: the only form that clients of that API read."""
    if moment is None:
        return None
    local = moment.astimezone(reader_zone())
    return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03}{local:%z}"


def milliseconds_between(start: datetime, end: datetime | None) -> int | None:
    return None if end is None else (end - start) // timedelta(milliseconds=1)


def link(path: str, relation: str = "self", method: str = "GET") -> Body:
    return {"method": method, "href": path, "rel": relation}

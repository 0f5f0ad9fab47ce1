"""A case with its limits and clocks; and registering one, by the form that people fill in at intake."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, url_for

from engine.commands.start_instance import start_instance
from engine.model import InvalidInput
from engine.queries.case_header import CaseHeader
from engine.queries.case_page import find_case
from engine.queries.case_steps import Step
from engine.queries.promise import Promise
from web.access import current_actor, current_engine, needs
from web.api.bodies import Body, read_body, reply, write_moment
from web.api.described import described
from web.intake.kinds import Kind, find_kinds
from web.languages import current_locale

area = Blueprint("cases", __name__)


@area.get("/kinds")
@needs("case.start")
@described("Kinds of matters that one may register, each with its form", answers={200: "Kinds"})
def kinds() -> Response:
    return reply(
        {"kinds": [_kind(one) for one in find_kinds(current_engine(), current_actor(), current_locale())]}
    )


@area.post("/cases")
@needs("case.start")
@described(
    "Registers a matter; its values must fill the form of its kind",
    takes="Intake",
    answers={201: "Registered"},
)
def register() -> Response:
    """`number` makes a second try harmless: it is refused with 409 when the first one has arrived."""
    body = read_body({"profile": str, "organisation": str, "unit": str, "number": str, "values": dict})
    profile = body.get("profile")
    if not profile:
        raise InvalidInput(
            "Expected profile, the kind of matter; GET /api/kinds lists them.",
            "请写明 profile（事项类型），可由 GET /api/kinds 查得。",
        )
    engine, actor = current_engine(), current_actor()
    fitting = [
        one
        for one in find_kinds(engine, actor, current_locale())
        if one.profile_id == profile and body.get("organisation") in (None, one.organisation_key)
    ]
    if len(fitting) != 1:
        found = ", ".join(one.organisation_key for one in fitting) or "none"
        raise InvalidInput(
            f"Expected the kind {profile!r} of one organisation, but it is offered by: {found}.",
            f"事项类型“{profile}”应属于一个机构，但现有：{found}。",
        )
    [kind] = fitting
    started = start_instance(
        engine,
        actor,
        variables=body.get("values") or {},
        profile_id=kind.profile_id,
        organisation_key=kind.organisation_key,
        unit_key=body.get("unit"),
        business_key=body.get("number"),
        is_form=kind.form is not None,
    )
    href = url_for("api.cases.show", case_key=started.instance_key)
    answer = reply(
        {
            "key": started.instance_key,
            "number": started.business_key,
            "process": started.process_key,
            "ended": started.is_ended,
            "href": href,
            "page": url_for("cases.show", instance_key=started.instance_key),
        },
        201,
    )
    answer.headers["Location"] = href
    return answer


@area.get("/cases/<case_key>")
@needs("case.read")
@described("One case: where it stands, who may do what, what was promised until when", answers={200: "Case"})
def show(case_key: str) -> Response:
    page = find_case(current_engine(), current_actor(), case_key, current_locale())
    header, row = page.header, page.header.row
    return reply(
        {
            "key": header.key,
            "number": row.business_key,
            "organisation": row.organisation_key,
            "unit": row.unit_key,
            "process": row.process_key,
            "profile": row.profile_id,
            "title": header.title(current_locale()),
            "subject": row.subject,
            "state": row.state,
            "started_at": write_moment(row.started_at, header.calendar),
            "started_by": row.started_by,
            "ended_at": write_moment(row.ended_at, header.calendar),
            "end": row.end_element_id,
            "next_due_at": write_moment(page.next_due_at, header.calendar),
            "tasks": [_task(header, step) for step in page.steps],
            "incidents": [
                {
                    "kind": one.kind,
                    "element": one.element_id,
                    "says": _words(one.message),
                    "raised_at": write_moment(one.raised_at, header.calendar),
                }
                for one in page.incidents
            ],
            "clocks": [clock(one) for one in page.promises],
        }
    )


@area.get("/cases/<case_key>/clocks")
@needs("case.read")
@described("Limits and clocks of a case, with the reason of each due moment", answers={200: "Clocks"})
def clocks(case_key: str) -> Response:
    page = find_case(current_engine(), current_actor(), case_key, current_locale())
    return reply({"clocks": [clock(one) for one in page.promises]})


def limit_of(one: Promise) -> Body:
    """What every answer says of a limit."""
    return {
        "key": one.key,
        "limit": one.row.limit_name,
        "register_id": one.row.limit_id,
        "title": one.title(current_locale()),
        "value": str(one.clock.limit),
        "element": one.row.element_id,
        "status": one.status,
        "due_at": write_moment(one.due_at, one.calendar),
        "provisional": one.row.is_provisional,
    }


def clock(one: Promise) -> Body:
    return limit_of(one) | {
        "started_at": write_moment(one.row.started_at, one.calendar),
        "stopped_at": write_moment(one.row.stopped_at, one.calendar),
        "breached_at": write_moment(one.row.breached_at, one.calendar),
        "acknowledged_at": write_moment(one.row.acknowledged_at, one.calendar),
        "acknowledged_by": one.row.acknowledged_by,
        "pausable": one.row.is_pausable,
        "fact": one.is_fact,
        "source": one.source,
        "says": {"zh": one.says("zh"), "en": one.says("en")},
        "pauses": [
            {
                "kind": pause.kind,
                "reason": pause.reason,
                "evidence": pause.evidence,
                "by": pause.by,
                "from": write_moment(pause.from_at, one.calendar),
                "to": write_moment(pause.to_at, one.calendar),
                "moved_seconds": pause.moved,
            }
            for pause in one.clock.pauses
        ],
    }


def _kind(one: Kind) -> Body:
    return {
        "organisation": one.organisation_key,
        "organisation_name": one.organisation_name,
        "profile": one.profile_id,
        "title": one.title,
        "source": one.source,
        "form": None if one.form is None else dict(one.form.schema),
    }


def _task(header: CaseHeader, step: Step) -> Body:
    row = step.row
    return {
        "key": step.key,
        "element": row.element_id,
        "name": header.release.name_of(row.process_key, row.element_id, current_locale()),
        "unit": row.unit_key,
        "assignee": row.assignee,
        "candidates": [
            {"role": role, "unit": unit, "username": username} for role, unit, username in step.candidates
        ],
        "created_at": write_moment(row.created_at, header.calendar),
        "due_at": write_moment(row.due_at, header.calendar),
    }


def _words(given: Mapping[str, Any]) -> Body:
    return {"zh": given.get("zh") or "", "en": given.get("en") or ""}

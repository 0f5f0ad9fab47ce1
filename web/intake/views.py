"""Registers a matter: which kind, the form of its profile, and at once the number and what to tell the customer."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.start_instance import start_instance
from engine.forms import render_model
from engine.model import InvalidForm, NotFound
from engine.people import Directory
from engine.queries.case_page import find_case
from engine.queries.choices import load_people, people_choices, unit_choices
from web.access import current_actor, current_engine, needs
from web.cases.acts import add_files
from web.intake.kinds import Kind, find_kinds
from web.languages import current_locale
from web.tasks.acts import posted_values

blueprint = Blueprint("intake", __name__, template_folder="templates")


@blueprint.get("/intake")
@needs("case.start")
def choose() -> ResponseReturnValue:
    kinds = find_kinds(current_engine(), current_actor(), current_locale())
    if len(kinds) == 1:
        return redirect(_address(kinds[0]))
    return render_template("intake/choose.html", kinds=kinds, address=_address)


@blueprint.get("/intake/<organisation_key>/<profile_id>")
@needs("case.start")
def form(organisation_key: str, profile_id: str) -> ResponseReturnValue:
    return _page(_kind(organisation_key, profile_id), {}, {}, 200)


@blueprint.post("/intake/<organisation_key>/<profile_id>")
@needs("case.start")
def register(organisation_key: str, profile_id: str) -> ResponseReturnValue:
    kind = _kind(organisation_key, profile_id)
    values = posted_values(kind.form)
    unit_key = values.pop("unit_key", None) or request.form.get("unit_key") or None
    try:
        started = start_instance(
            current_engine(),
            current_actor(),
            variables=values,
            profile_id=profile_id,
            organisation_key=organisation_key,
            unit_key=unit_key,
            is_form=kind.form is not None,
        )
    except InvalidForm as refused:
        return _page(kind, values, refused.errors, refused.status)
    add_files(started.instance_key)
    return redirect(url_for("intake.done", instance_key=started.instance_key), 303)


@blueprint.get("/intake/done/<instance_key>")
@needs("case.start")
def done(instance_key: str) -> ResponseReturnValue:
    """The number, the due moment, and the sentence to tell the customer."""
    page = find_case(current_engine(), current_actor(), instance_key, current_locale())
    answers = [
        one
        for one in page.open_promises
        if (one.limit is not None and one.limit.is_answer)
        or one.row.element_id == page.header.row.process_key
    ]
    return render_template(
        "intake/done.html",
        page=page,
        header=page.header,
        # What the profile calls the answer, or what covers the whole case; else the last moment promised so far.
        promise=max(answers or page.open_promises, key=lambda one: one.due_at, default=None),
        is_answer=bool(answers),
        step_name=lambda step: page.header.release.name_of(
            step.row.process_key, step.row.element_id, current_locale()
        ),
    )


def _kind(organisation_key: str, profile_id: str) -> Kind:
    for kind in find_kinds(current_engine(), current_actor(), current_locale()):
        if (kind.organisation_key, kind.profile_id) == (organisation_key, profile_id):
            return kind
    raise NotFound("profile", profile_id, "事项类型")


def _address(kind: Kind) -> str:
    return url_for("intake.form", organisation_key=kind.organisation_key, profile_id=kind.profile_id)


def _page(
    kind: Kind, values: Mapping[str, Any], errors: Mapping[str, Mapping[str, str]], status: int
) -> ResponseReturnValue:
    locale = current_locale()
    directory = load_people(current_engine(), kind.organisation_key)
    fields = (
        render_model(
            kind.form,
            values,
            errors,
            locale,
            people=lambda: people_choices(directory, locale),
            units=lambda: unit_choices(directory, locale),
        )
        if kind.form is not None
        else []
    )
    html = render_template(
        "intake/form.html",
        kind=kind,
        fields=fields,
        errors=errors,
        units=unit_choices(directory, locale),
        own_unit=request.form.get("unit_key") or _own_unit(directory),
    )
    return html, status


def _own_unit(directory: Directory) -> str:
    held = current_actor().memberships
    return next((one.unit_key for one in held if one.unit_key in directory.units), directory.root_key)

"""What a person does on the page of a case: documents, pauses, acknowledgement, a stopped step, the end."""

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.attachments import add_attachment
from engine.commands.clock_commands import acknowledge_clock, pause_clock, resume_clock
from engine.commands.correlate_message import correlate_message
from engine.commands.incidents import resolve_incident
from engine.commands.terminate_instance import terminate_instance
from engine.model import HuiyinError, InvalidInput, Rejected
from engine.queries.case_header import require_visible
from web.access import current_actor, current_engine, needs
from web.languages import current_locale, ngettext
from web.languages import gettext as _
from web.ways import back

blueprint = Blueprint("case_acts", __name__)


@blueprint.post("/cases/<instance_key>/attachments")
@needs("attachment.add")
def attach(instance_key: str) -> ResponseReturnValue:
    require_visible(current_engine(), current_actor(), instance_key)
    taken = add_files(instance_key)
    if taken:
        flash(ngettext("%(num)s document added.", "%(num)s documents added.", taken), "good")
    return back(url_for("cases.show", instance_key=instance_key) + "#documents")


def add_files(instance_key: str) -> int:
    """Adds what was chosen in the field `files`; each refusal becomes a message of its own. Returns how many."""
    taken = 0
    for file in request.files.getlist("files"):
        if not file.filename:
            continue
        try:
            add_attachment(
                current_engine(),
                current_actor(),
                instance_key=instance_key,
                file_name=file.filename,
                content=file.read(),
            )
            taken += 1
        except InvalidInput as refused:
            flash(refused.says(current_locale()), "bad")
    return taken


@blueprint.post("/cases/<instance_key>/clocks/<clock_key>/pause")
@needs("clock.pause")
def pause(instance_key: str, clock_key: str) -> ResponseReturnValue:
    require_visible(current_engine(), current_actor(), instance_key)
    pause_clock(
        current_engine(),
        current_actor(),
        clock_key=clock_key,
        kind=request.form.get("kind", "other"),
        reason=request.form.get("reason", ""),
        evidence=request.form.get("evidence", ""),
    )
    flash(_("The time stands still until it is resumed."), "good")
    return back(url_for("cases.show", instance_key=instance_key))


@blueprint.post("/cases/<instance_key>/clocks/<clock_key>/resume")
@needs("clock.pause")
def resume(instance_key: str, clock_key: str) -> ResponseReturnValue:
    require_visible(current_engine(), current_actor(), instance_key)
    resume_clock(current_engine(), current_actor(), clock_key=clock_key)
    flash(_("The time runs again; the due moment has moved by what was lost."), "good")
    return back(url_for("cases.show", instance_key=instance_key))


@blueprint.post("/cases/<instance_key>/clocks/<clock_key>/acknowledge")
@needs("clock.acknowledge")
def acknowledge(instance_key: str, clock_key: str) -> ResponseReturnValue:
    require_visible(current_engine(), current_actor(), instance_key)
    acknowledge_clock(current_engine(), current_actor(), clock_key=clock_key)
    flash(_("Taken in hand: nobody further up is told of this delay."), "good")
    return back(url_for("cases.show", instance_key=instance_key))


@blueprint.post("/cases/<instance_key>/incidents/<incident_key>/resolve")
@needs("incident.resolve")
def resolve(instance_key: str, incident_key: str) -> ResponseReturnValue:
    require_visible(current_engine(), current_actor(), instance_key)
    try:
        resolve_incident(current_engine(), current_actor(), incident_key=incident_key)
        flash(_("The stopped step is tried again."), "good")
    except Rejected as refused:
        flash(refused.says(current_locale()), "bad")
    return back(url_for("cases.show", instance_key=instance_key))


@blueprint.post("/cases/<instance_key>/messages")
@needs("message.send")
def record_message(instance_key: str) -> ResponseReturnValue:
    """What the case waits for has come, and a person says so: goods, a payment."""
    require_visible(current_engine(), current_actor(), instance_key)
    try:
        correlate_message(
            current_engine(),
            current_actor(),
            message_name=request.form.get("message", ""),
            correlation=request.form.get("correlation", ""),
            variables={},
        )
        flash(_("Recorded; the case goes on."), "good")
    except HuiyinError as refused:  # Somebody was quicker: the page that follows shows where the case stands.
        flash(refused.says(current_locale()), "bad")
    return back(url_for("cases.show", instance_key=instance_key))


@blueprint.post("/cases/<instance_key>/terminate")
@needs("case.terminate")
def terminate(instance_key: str) -> ResponseReturnValue:
    require_visible(current_engine(), current_actor(), instance_key)
    terminate_instance(
        current_engine(), current_actor(), instance_key=instance_key, reason=request.form.get("reason", "")
    )
    flash(_("The case was ended."), "good")
    return back(url_for("cases.show", instance_key=instance_key))

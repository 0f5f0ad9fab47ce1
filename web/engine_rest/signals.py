"""Signals for every case of an organisation that waits for them."""

from flask import Blueprint, Response

from engine.commands.broadcast_signal import broadcast_signal
from web.access import current_actor, current_engine, needs
from web.engine_rest.errors import BadRequest
from web.engine_rest.parameters import read_body, read_text
from web.engine_rest.reply import nothing

area = Blueprint("signals", __name__)

NOT_OBEYED = ("executionId", "variables", "withoutTenantId")


@area.post("/signal")
@needs("message.send")
def throw() -> Response:
    """`tenantId`, the organisation, may be left out by people of one. A signal carries no variables."""
    body = read_body()
    name = read_text(body, "name")
    for word in NOT_OBEYED:
        if body.get(word):
            raise BadRequest(f"Expected no {word}: a signal goes to all that wait for it, as it is.")
    organisation = body.get("tenantId") or current_actor().organisation_key
    if not isinstance(organisation, str):
        raise BadRequest("Expected tenantId, the organisation of the signal.")
    broadcast_signal(current_engine(), current_actor(), signal_name=name, organisation_key=organisation)
    return nothing()

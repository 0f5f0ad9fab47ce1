"""Messages for cases. One that comes before its case waits for it is kept for some days, and taken once by its id."""

from typing import Any

from flask import Blueprint, Response, request

from engine.commands.correlate_message import correlate_message
from engine.model import NotFound
from engine.queries.rest_instances import RUNNING
from engine.queries.rest_listing import find_row
from engine.queries.rest_messages import knows_message, organisation_of_message, waited_correlation
from engine.queries.rest_variables import case_variables
from web.access import current_actor, current_engine, needs
from web.engine_rest.errors import BadRequest
from web.engine_rest.parameters import read_body, read_text
from web.engine_rest.reply import Body, nothing, reply
from web.engine_rest.variables import read_variables, write_variables

area = Blueprint("messages", __name__)

NOT_OBEYED = ("all", "localCorrelationKeys", "processVariablesLocal", "processVariablesToTriggeredScope")


@area.post("/message")
@needs("message.send")
def send() -> Response:
    """`businessKey` or one of `correlationKeys` says which case; `messageId` (ours) makes a second try harmless."""
    body = read_body()
    name = read_text(body, "messageName")
    for word in NOT_OBEYED:
        if body.get(word):
            raise BadRequest(f"Expected no {word}: a message goes to the one place that waits for it.")
    variables = read_variables(body.get("processVariables"), "processVariables")
    correlation, organisation = _correlation(body, name)
    with current_engine().store.reading() as session:
        if not knows_message(session, name):
            raise BadRequest(
                f"Cannot correlate message {name!r}: No process definition or execution matches the parameters"
            )
        if organisation is None and current_actor().organisation_key is None:
            organisation = organisation_of_message(session, name, correlation)
            if organisation is None:
                raise BadRequest(
                    f"Expected tenantId, the organisation of the message: no single case waits for {name!r} "
                    f"with {correlation!r}."
                )
    done = correlate_message(
        current_engine(),
        current_actor(),
        message_name=name,
        correlation=correlation,
        variables=variables,
        organisation_key=organisation,
        message_id=_optional(body, "messageId") or request.headers.get("Idempotency-Key"),
    )
    if body.get("resultEnabled") is not True:
        return nothing()
    return reply(
        [_result(done.instance_key, with_variables=body.get("variablesInResultEnabled") is True)]
        if done.instance_key
        else []
    )


def _correlation(body: Body, name: str) -> tuple[str, str | None]:
    """(what the waiting place compares, organisation)."""
    organisation = _optional(body, "tenantId")
    instance_key = _optional(body, "processInstanceId")
    if instance_key is not None:
        with current_engine().store.reading() as session:
            row = find_row(session, RUNNING, current_actor(), instance_key)
            waited = waited_correlation(session, instance_key, name)
        if row is None:
            raise NotFound("process instance with id", instance_key, "运行中的事项")
        return waited or row.business_key, row.organisation_key
    keys = read_variables(body.get("correlationKeys"), "correlationKeys")
    if len(keys) > 1:
        raise BadRequest(
            f"Expected one correlation key, but there are {len(keys)}: {', '.join(sorted(keys))}."
        )
    if keys:
        return str(next(iter(keys.values()))), organisation
    business_key = _optional(body, "businessKey")
    if business_key is None:
        raise BadRequest(
            "Expected businessKey, processInstanceId or one of correlationKeys, but there is none."
        )
    return business_key, organisation


def _optional(body: Body, name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise BadRequest(f"Expected {name} as a text, but it is {value!r}.")
    return value or None


def _result(instance_key: str, *, with_variables: bool) -> Body:
    with current_engine().store.reading() as session:
        organisation, variables = case_variables(session, instance_key)
        is_running: Any = find_row(session, RUNNING, current_actor(), instance_key)
    body: Body = {
        "resultType": "Execution",
        "execution": {
            "id": instance_key,
            "processInstanceId": instance_key,
            "ended": is_running is None,
            "tenantId": organisation,
        },
        "processInstance": None,
    }
    if with_variables:
        # Who may send a message need not be allowed to read the case.
        body["variables"] = write_variables(variables) if is_running is not None else {}
    return body

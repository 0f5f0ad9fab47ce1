"""Telling people: the customer, a role, and those who must hear the result (D-01)."""

from engine.commands.handler import HandlerContext
from handlers.inputs import names_of, text_of

AUTHORITY = "authority"
CUSTOMER = "customer"


def notify_customer(context: HandlerContext) -> None:
    """Inputs: `kind` of the text (acknowledgement, reply, closed); `message`, what it says beside, or empty."""
    kind = text_of(context.inputs, "kind")
    context.notify(kind, CUSTOMER, {"message": context.inputs.get("message")})


def notify_role(context: HandlerContext) -> None:
    """Inputs: `roles` (role keys, usernames or both); `message`; `kind` of the text, `reminder` when it is left out."""
    kind = str(context.inputs.get("kind") or "reminder")
    for name in names_of(context.inputs.get("roles")):
        context.notify(kind, name, {"message": context.inputs.get("message")})


def tell_feedback_recipients(context: HandlerContext) -> None:
    """Inputs: `roles` that hear the result besides the customer (D-01); `authority`, whether the meeting decided to
    report to the authority too (CMP-07); `message`, the result in a sentence.
    """
    roles = names_of(context.inputs.get("roles"))
    if context.inputs.get("authority") is True:
        roles.append(AUTHORITY)
    for role in dict.fromkeys(roles):
        context.notify("reminder", role, {"message": context.inputs.get("message")})

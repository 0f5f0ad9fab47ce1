"""How programs say who they are: HTTP Basic, or a token. A verified password is remembered for a minute."""

from flask import request

from engine.commands.engine import Engine
from engine.model import Forbidden
from engine.people import Actor
from web.tries import try_password, try_token


def actor_from_header(engine: Engine) -> Actor | None:
    """None when the name or password is wrong, or the token opens nothing. Raises TooManyRequests."""
    given = request.authorization
    if given is None:
        return None
    try:
        if given.type == "bearer" and given.token:
            return try_token(engine, given.token)
        if given.type == "basic":
            return try_password(engine, given.username or "", given.password or "", is_audited=False)
    except Forbidden:
        return None
    return None

"""HTTP Basic for programs. A verified password is remembered for a minute; tokens do not exist yet."""

from flask import request

from engine.commands.engine import Engine
from engine.model import Forbidden
from engine.people import Actor
from web.tries import try_password


def actor_from_header(engine: Engine) -> Actor | None:
    """None when the name or password is wrong. Raises TooManyRequests."""
    given = request.authorization
    if given is None or given.type != "basic":
        return None
    try:
        return try_password(engine, given.username or "", given.password or "", is_audited=False)
    except Forbidden:
        return None

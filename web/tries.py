"""A name and a password at one of the doors, from the address that tries them."""

from flask import request
from werkzeug.exceptions import TooManyRequests

from engine.commands.engine import Engine
from engine.commands.people.sign_in import sign_in
from engine.commands.people.sign_in_tries import TooManyTries
from engine.people import Actor


def try_password(engine: Engine, username: str, password: str, *, is_audited: bool = True) -> Actor:
    """Raises Forbidden; TooManyRequests (429), whether or not the password would have been right."""
    try:
        return sign_in(engine, username, password, address=request.remote_addr, is_audited=is_audited)
    except TooManyTries as shut:
        raise TooManyRequests(shut.en, retry_after=shut.retry_after) from None

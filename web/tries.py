"""A name and a password, or a token, at one of the doors, from the address that tries them."""

from flask import request
from werkzeug.exceptions import TooManyRequests

from engine.commands.engine import Engine
from engine.commands.people.sign_in import sign_in
from engine.commands.people.sign_in_by_token import sign_in_by_token
from engine.commands.people.sign_in_tries import TooManyTries
from engine.people import Actor


def try_password(engine: Engine, username: str, password: str, *, is_audited: bool = True) -> Actor:
    """Raises Forbidden; TooManyRequests (429), whether or not the password would have been right."""
    try:
        return sign_in(engine, username, password, address=request.remote_addr, is_audited=is_audited)
    except TooManyTries as shut:
        raise TooManyRequests(shut.en, retry_after=shut.retry_after) from None


def try_token(engine: Engine, secret: str) -> Actor:
    """Raises Forbidden; TooManyRequests (429), whether or not the token would have been right."""
    try:
        return sign_in_by_token(engine, secret, address=request.remote_addr)
    except TooManyTries as shut:
        raise TooManyRequests(shut.en, retry_after=shut.retry_after) from None

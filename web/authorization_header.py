"""HTTP Basic for programs. A verified password is remembered for a minute; tokens do not exist yet."""

from flask import current_app, request

from engine.commands.engine import Engine
from engine.commands.sign_in import name_at_the_door, sign_in
from engine.model import Forbidden
from engine.people import Actor
from web.tries import SignInTries


def actor_from_header(engine: Engine) -> Actor | None:
    """None when the name or password is wrong. Raises TooManyTries."""
    given = request.authorization
    if given is None or given.type != "basic":
        return None
    username = name_at_the_door(given.username or "")
    tries: SignInTries = current_app.extensions["huiyin_tries"]
    tries.require_room(username)
    try:
        return sign_in(engine, username, given.password or "", is_audited=False)
    except Forbidden:
        tries.note_failure(username)
        return None

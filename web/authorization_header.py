"""HTTP Basic for programs. A verified password is remembered for a minute; tokens do not exist yet."""

from flask import current_app, request

from engine.commands.engine import Engine
from engine.people import Actor, PasswordCheck
from engine.queries.known_person import find_known_person
from web.tries import SignInTries


def actor_from_header(engine: Engine) -> Actor | None:
    """None when the name or password is wrong. Raises TooManyTries."""
    given = request.authorization
    if given is None or given.type != "basic":
        return None
    username, password = given.username or "", given.password or ""
    tries: SignInTries = current_app.extensions["huiyin_tries"]
    tries.require_room(username)
    person = find_known_person(engine, username)
    check: PasswordCheck = current_app.extensions["huiyin_passwords"]
    stored = person.password_hash if person else None
    if not check.is_right(username, password, stored, engine.clock.now()) or person is None:
        tries.note_failure(username)
        return None
    return person.actor

"""People who may do everything, with a password, for tests that work over the network."""

from collections.abc import Iterable

from rest_client import PASSWORD
from sqlalchemy import insert

from engine.commands.engine import Engine
from engine.commands.people.people_commands import add_person
from engine.model import Membership
from engine.people import SYSTEM


def add_clerks(engine: Engine, usernames: Iterable[str]) -> None:
    names = list(usernames)
    for username in names:
        add_person(
            engine,
            SYSTEM,
            username=username,
            organisation_key="bank",
            name={"zh": username, "en": username},
            password=PASSWORD,
        )
    with engine.store.transaction() as session:
        session.execute(
            insert(Membership),
            [
                {"username": username, "unit_key": "bank", "role_key": role}
                for username in names
                for role in (*engine.register.roles, "supervisor")
            ],
        )

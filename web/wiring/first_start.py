"""What happens when the product meets a database: schema, administrator, the procedures that it lacks."""

import secrets
from dataclasses import dataclass

from sqlalchemy import select

from engine.commands.due.recompute_clocks import recompute_clocks
from engine.commands.engine import Engine
from engine.commands.people.people_commands import add_person, set_password
from engine.commands.releases.deploy import deploy
from engine.commands.releases.family_files import read_families
from engine.model import Membership, Organisation, Person, Release, Unit
from engine.people import SYSTEM
from engine.store import upgrade_schema
from web.wiring.settings import Settings

ADMIN = ADMIN_ROLE = "admin"
HOUSE_KEY = "huiyin"  # the organisation of the installation itself, which holds its administrators


@dataclass(frozen=True)
class FirstStart:
    """`admin_password` only when one was made now: it is printed once and nowhere kept."""

    admin_password: str | None
    deployed: tuple[tuple[str, int], ...]


def first_start(engine: Engine, settings: Settings) -> FirstStart:
    """Idempotent. An owner's change is never overwritten: a family that has a release is left alone."""
    upgrade_schema(engine.store)
    with engine.store.alone("first start"):
        password = _make_admin(engine, settings)
        deployed = _deploy_missing(engine, settings)
    # Calendars are files: what was provisional may be known since the last start.
    recompute_clocks(engine)
    return FirstStart(password, deployed)


def _make_admin(engine: Engine, settings: Settings) -> str | None:
    """Where nobody is administrator: at the first start, or when that was cut off before it came to the role."""
    with engine.store.reading() as session:
        held = select(Membership.username).where(Membership.role_key == ADMIN_ROLE).limit(1)
        if session.execute(held).first() is not None:
            return None
        is_known = session.get(Person, ADMIN) is not None
    made = None if settings.admin_password else secrets.token_urlsafe(12)
    password = settings.admin_password or made or ""
    with engine.store.transaction() as session:
        if session.get(Organisation, HOUSE_KEY) is None:
            name = {"zh": "回音系统", "en": "Huiyin"}
            session.add(
                Organisation(
                    organisation_key=HOUSE_KEY, name=name, profiles={}, calendar="cn", settings={}, directory_version=1
                )
            )  # fmt: skip
            session.flush()
            session.add(
                Unit(
                    unit_key=HOUSE_KEY, organisation_key=HOUSE_KEY, parent_key=None, path=f"/{HOUSE_KEY}/", name=name
                )
            )  # fmt: skip
    if is_known:
        set_password(engine, SYSTEM, username=ADMIN, password=password)
    else:
        name = {"zh": "管理员", "en": "Administrator"}
        add_person(engine, SYSTEM, username=ADMIN, organisation_key=None, name=name, password=password)
    with engine.store.transaction() as session:
        session.add(Membership(username=ADMIN, unit_key=HOUSE_KEY, role_key=ADMIN_ROLE))
    return made


def _deploy_missing(engine: Engine, settings: Settings) -> tuple[tuple[str, int], ...]:
    with engine.store.reading() as session:
        known = set(session.execute(select(Release.family)).scalars())
    missing = [one for one in read_families([settings.processes_folder]) if one.family not in known]
    if not missing:
        return ()
    return deploy(engine, SYSTEM, missing, name="processes", source="first start").releases

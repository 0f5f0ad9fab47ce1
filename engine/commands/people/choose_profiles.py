"""Says which profiles an organisation follows. What it starts from now on runs under them; cases keep theirs."""

from collections.abc import Mapping

from sqlalchemy import update

from engine.audit import AuditEntry, append_administration
from engine.commands.engine import Engine
from engine.commands.tried_again import tried_again
from engine.model import InvalidInput, NotFound, Organisation
from engine.people import Actor, require
from engine.profiles import chosen_profiles


@tried_again
def choose_profiles(
    engine: Engine, actor: Actor, *, organisation_key: str, profiles: Mapping[str, str | list[str]]
) -> None:
    """Family → one profile or several; other families are no longer followed. Raises Forbidden, NotFound, InvalidInput."""
    require(actor, "people.change", organisation_key=organisation_key)
    with engine.store.transaction() as session:
        organisation = session.get(Organisation, organisation_key)
        if organisation is None:
            raise NotFound("organisation", organisation_key, "机构")
        releases = {one.family: one for one in engine.releases.newest_of_families(session)}
        for family in profiles:
            for profile_id in chosen_profiles(profiles, family):
                if family not in releases or profile_id not in releases[family].profiles:
                    raise InvalidInput(
                        f"Expected a profile of family {family}, but {profile_id} is none.",
                        f"流程族“{family}”没有策略档案“{profile_id}”。",
                    )
        former = dict(organisation.profiles)
        session.execute(
            update(Organisation)
            .where(Organisation.organisation_key == organisation_key)
            .values(profiles=dict(profiles))
        )
        append_administration(
            session,
            AuditEntry(
                engine.clock.now(),
                actor.username,
                "organisation.profiles_chosen",
                organisation_key,
                {"from": former, "to": dict(profiles)},
            ),
        )

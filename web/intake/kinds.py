"""The kinds of matters that a person may register: one for each family that the organisation has chosen a profile of."""

from dataclasses import dataclass

from engine.commands.engine import Engine
from engine.forms import FormDefinition
from engine.people import Actor
from engine.profiles import chosen_profiles
from engine.queries.choices import organisation_choices


@dataclass(frozen=True)
class Kind:
    organisation_key: str
    organisation_name: str
    profile_id: str
    title: str
    source: str
    form: FormDefinition | None


def find_kinds(engine: Engine, actor: Actor, locale: str) -> list[Kind]:
    """An organisation that says nothing of a family may use each of its profiles; an empty list switches it off."""
    organisations = organisation_choices(engine, actor, locale)
    with engine.store.reading() as session:
        releases = engine.releases.newest_of_families(session)
    found = []
    for organisation in organisations:
        for release in releases:
            chosen = chosen_profiles(organisation.profiles, release.family)
            for profile in release.profiles.values():
                if release.family in organisation.profiles and profile.id not in chosen:
                    continue
                if profile.process not in release.models:
                    continue
                found.append(
                    Kind(
                        organisation_key=organisation.organisation_key,
                        organisation_name=organisation.name,
                        profile_id=profile.id,
                        title=profile.title.get(locale) or profile.id,
                        source=profile.source,
                        form=release.start_form(profile.process),
                    )
                )
    return found

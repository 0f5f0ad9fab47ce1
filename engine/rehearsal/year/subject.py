"""What is checked: the diagrams, tables and one profile of a family, from files or from a release."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.commands.releases.check_family import CheckedFamily
from engine.commands.releases.installed import InstalledRelease
from engine.decisions import DecisionTable
from engine.diagrams import ProcessModel
from engine.profiles import Profile


@dataclass(frozen=True)
class Subject:
    family: str
    models: Mapping[str, ProcessModel]
    decisions: Mapping[str, DecisionTable]
    profile: Profile


def subjects_of_files(checked: CheckedFamily) -> list[Subject]:
    """One for each profile that can be read, by their ids."""
    models = {process.id: process for diagram in checked.diagrams for process in diagram.processes}
    decisions = {table.id: table for table in checked.decisions}
    family = checked.files.family
    profiles = sorted(checked.profiles, key=lambda one: one.id)
    return [Subject(family, models, decisions, profile) for profile in profiles]


def subjects_of_release(release: InstalledRelease) -> list[Subject]:
    profiles = sorted(release.profiles.values(), key=lambda one: one.id)
    return [Subject(release.family, release.models, release.decisions, profile) for profile in profiles]

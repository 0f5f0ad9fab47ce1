"""What a linter knows of the surroundings of a diagram. What it does not know (None) it does not judge."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ProfileNames:
    limits: Collection[str]
    options: Collection[str] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    ladders: Collection[str] = ()
    process: str | None = None


@dataclass(frozen=True)
class LintContext:
    forms: Collection[str] | None = None
    decisions: Collection[str] | None = None
    roles: Collection[str] | None = None
    topics: Collection[str] | None = None
    profiles: Mapping[str, ProfileNames] | None = None
    register_ids: Collection[str] | None = None
    # Variables that exist at the start: fields of forms. None: variables are not judged.
    variables: Collection[str] | None = None

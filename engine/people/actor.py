"""Who does something: a person with the roles held, or the engine itself when a timer fires."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Held:
    """One role held in one unit. `unit_path` is `/bank/east/`."""

    unit_key: str
    unit_path: str
    role_key: str


@dataclass(frozen=True)
class Actor:
    username: str
    organisation_key: str | None
    name: str
    locale: str = "zh"
    memberships: tuple[Held, ...] = ()
    acts: frozenset[str] | None = None  # what the token in use allows; None: all that the roles give

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(one.role_key for one in self.memberships)

    @property
    def is_system(self) -> bool:
        return self.username == "system"


SYSTEM = Actor("system", None, "Huiyin")

"""What all parts of one command on one case share: the case, who acts, when, and under which rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.audit import AuditEntry
from engine.commands.case.host import CaseHost
from engine.commands.case.record import CaseRecord
from engine.commands.engine import Engine
from engine.commands.releases.installed import InstalledRelease
from engine.model import InvalidInput
from engine.people import Actor, Directory
from engine.profiles import Profile
from engine.spiff import CaseRun, Scope
from engine.worktime import Calendar


@dataclass
class CaseFrame:
    engine: Engine
    session: Session
    actor: Actor
    record: CaseRecord
    directory: Directory
    release: InstalledRelease
    profile: Profile | None
    calendar: Calendar
    host: CaseHost
    now: datetime
    run: CaseRun
    # Of a case that the calendar begins now: when its period began. Its recurring promises count from then.
    period_from: datetime | None = None
    audit: list[AuditEntry] = field(default_factory=list)

    def note(self, act: str, subject: str, payload: Mapping[str, Any] | None = None) -> None:
        """One audit row in the chain of the case."""
        self.audit.append(AuditEntry(self.now, self.actor.username, act, subject, dict(payload or {})))

    @property
    def excluded(self) -> frozenset[str]:
        """Who may never hold a task of this case (COI-1)."""
        return frozenset((self.record.complained_about,)) if self.record.complained_about else frozenset()

    @property
    def escalates_to(self) -> dict[str, str | None]:
        """Role → the role above it: the profile's word goes before the register's."""
        own = self.profile.escalates_to if self.profile else {}
        return {**self.engine.register.escalates_to, **own}

    def scope(self, key: str) -> Scope:
        """What the element instance `key` sees; the case itself where there is none such."""
        try:
            return self.run.scope(key)
        except (KeyError, ValueError):
            return self.run.case_scope()

    def task_names(self, process_key: str, element_id: str) -> dict[str, str]:
        """The element's name in each language."""
        return {locale: self.release.name_of(process_key, element_id, locale) for locale in ("zh", "en")}

    def correlation(self, text: str | None, variables: Mapping[str, Any]) -> str:
        """What a message and its receiver have in common: a variable or an expression, else the case number."""
        if not text:
            return self.record.business_key
        scope = Scope((("message", "called", dict(variables)),))
        value = self.host.text(text, scope) if "${" in text else variables.get(text)
        if value is None or value == "":
            raise InvalidInput(
                f"Expected variable {text} to say whom the message is for, but it is empty.",
                f"变量“{text}”应说明消息与哪件事项有关，但它是空的。",
            )
        return str(value)

    def names(self, text: str | None, scope: Scope) -> list[str]:
        """Comma separated names, or the list that an expression gives."""
        if not text:
            return []
        return split_names(self.host.text(text, scope))


def split_names(names: Any) -> list[str]:
    if isinstance(names, list):
        return [str(name) for name in names if name]
    return [part.strip() for part in str(names or "").split(",") if part.strip()]

"""What would have been different in one case, in words that its people know."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from engine.commands.releases.installed import InstalledRelease
from engine.people import Directory
from engine.people.register_roles import RegisterRole
from engine.rehearsal.replay.course import Place

# Kinds in the order of how much they matter to an owner, with their names for people.
KINDS: Mapping[str, tuple[str, str]] = {
    "stuck": ("Stuck", "停滞不前"),
    "stopped": ("Stopped by a fault", "出错中止"),
    "refused": ("Form would not be taken", "表单无法提交"),
    "barred": ("Somebody else must do it", "须由他人办理"),
    "broken": ("Promise newly broken", "新增超时"),
    "kept": ("Promise no longer broken", "不再超时"),
    "told": ("Escalated to others", "升级告知有增"),
    "not_told": ("No longer escalated", "升级告知有减"),
    "way": ("Another way", "走向不同"),
    "new_step": ("Step is new", "新增环节"),
    "gone_step": ("Step is gone", "取消环节"),
    "end": ("Another end", "结局不同"),
    "decision": ("Another row decides", "判定行不同"),
    "people": ("Offered to others", "可办理人不同"),
}


@dataclass(frozen=True)
class Difference:
    """`kind`: a key of KINDS. `facts`: figures behind the words, such as a limit's id and seconds."""

    kind: str
    process_key: str
    element_id: str
    en: str
    zh: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        return (self.process_key, self.element_id)

    def says(self, locale: str) -> str:
        return self.zh if locale.startswith("zh") else self.en

    def to_data(self) -> dict[str, Any]:
        return asdict(self)


def difference(kind: str, place: Place, en: str, zh: str, **facts: object) -> Difference:
    return Difference(kind, place[0], place[1], en, zh, facts)


class Names:
    """Names of elements, roles and people as the two versions and the directory have them."""

    def __init__(
        self,
        old: InstalledRelease,
        new: InstalledRelease,
        directory: Directory,
        roles: Mapping[str, RegisterRole],
    ) -> None:
        self.old, self.new, self._directory, self._roles = old, new, directory, roles

    def element(self, place: Place, locale: str) -> str:
        release = self.new if self.new.element(*place) is not None else self.old
        if place[0] == place[1]:
            return release.names.get(place[0]) or place[0]
        return release.name_of(*place, locale)

    def is_in_new(self, place: Place) -> bool:
        return self.new.element(*place) is not None

    def is_in_old(self, place: Place) -> bool:
        return self.old.element(*place) is not None

    def people(self, usernames: tuple[str, ...], locale: str) -> str:
        shown = [self._directory.shown(name, locale) for name in usernames]
        return ("、" if locale == "zh" else ", ").join(shown) or ("无人" if locale == "zh" else "nobody")

    def offered(self, to: tuple[str, ...], locale: str) -> str:
        shown = [
            self._directory.shown(one[1:], locale) if one.startswith("@") else self._role(one, locale)
            for one in to
        ]
        return ("、" if locale == "zh" else ", ").join(shown) or ("无人" if locale == "zh" else "nobody")

    def _role(self, key: str, locale: str) -> str:
        role = self._roles.get(key)
        return key if role is None else role.zh if locale == "zh" else role.en

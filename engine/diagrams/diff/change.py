"""One change between two versions, as data and as a sentence."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Difference:
    """One attribute that is not what it was. `old` and `new` as they are written; empty for none."""

    attribute: str
    old: str
    new: str
    words: Mapping[str, str]  # {"zh": …, "en": …}: what the attribute is called
    # Language → (old, new) as people say them, such as (“2 个工作日”, “1 个工作日”); empty: as they are written.
    spoken: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def says(self, locale: str) -> str:
        language = "zh" if locale.startswith("zh") else "en"
        old, new = self.spoken.get(language, (self.old, self.new))
        if language == "zh":
            return f"{self.words['zh']}：{_quoted(old, '无')}→{_quoted(new, '无')}"
        return f"{self.words['en']}: {_quoted(old, 'none')} → {_quoted(new, 'none')}"


def _quoted(text: str, empty: str) -> str:
    return f"“{text}”" if text else empty


@dataclass(frozen=True)
class Change:
    """`what`: added | removed | changed | moved | renumbered. `thing`: process | element | flow | lane, or of another
    file limit | option | role | ladder | setting | table | rule | form | field | file.

    `touches`: (process key, id of an element of the old version) at which a running case would notice.
    """

    what: str
    thing: str
    place: str  # the process key; for other things the profile, table, form or file
    id: str
    title: Mapping[str, str]  # {"zh": "用户任务“登记”", "en": "user task “登记” (register)"}
    differences: tuple[Difference, ...] = ()
    new_id: str | None = None  # of what was renumbered
    touches: tuple[tuple[str, str], ...] = ()

    def says(self, locale: str = "zh") -> str:
        """One sentence."""
        language = "zh" if locale.startswith("zh") else "en"
        told = ("；" if language == "zh" else "; ").join(one.says(language) for one in self.differences)
        title = self.title[language]
        if language == "zh":
            start = {
                "added": f"新增{title}",
                "removed": f"删除{title}",
                "changed": f"修改{title}",
                "moved": f"移动{title}",
                "renumbered": f"{title}改编号为“{self.new_id}”",
            }[self.what]
            return f"{start}：{told}。" if told else f"{start}。"
        start = {
            "added": f"Added {title}",
            "removed": f"Removed {title}",
            "changed": f"Changed {title}",
            "moved": f"Moved {title}",
            "renumbered": f"{title[:1].upper()}{title[1:]} has the new id “{self.new_id}”",
        }[self.what]
        return f"{start}: {told}." if told else f"{start}."

    def to_data(self) -> dict[str, Any]:
        return asdict(self) | {"says": {"zh": self.says("zh"), "en": self.says("en")}}

"""What a story expected and did not find, in one sentence of each language."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from engine.worktime import Calendar

_DAYS_ZH = "一二三四五六日"


class Unmet(Exception):
    """A step that did not come out as the story says."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh

    def says(self, locale: str) -> str:
        return self.zh if locale.startswith("zh") else self.en


@dataclass(frozen=True)
class Said:
    """A part of such a sentence in both languages."""

    en: str
    zh: str


def listed(words: Collection[str]) -> Said:
    """Words in their order, or `nowhere`-like nothing."""
    return Said(", ".join(words), "、".join(words)) if words else Said("nothing", "无")


def shown(moment: datetime | None, calendar: Calendar) -> Said:
    """A moment in the calendar's zone with its weekday; seconds only where there are some."""
    if moment is None:
        return Said("no moment", "无时刻")
    local = moment.astimezone(calendar.zone)
    text = f"{local:%Y-%m-%d %H:%M}"
    if local.microsecond:
        text += f":{local:%S}.{local.microsecond // 1000:03d}"
    elif local.second:
        text += f":{local:%S}"
    return Said(f"{local:%a} {text}", f"{text}（周{_DAYS_ZH[local.weekday()]}）")

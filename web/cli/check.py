"""One thing that the doctor looked at: how it is, in words, and what to do about it."""

from dataclasses import dataclass

OK, WARNING, ERROR = "ok", "warning", "error"


@dataclass(frozen=True)
class Check:
    name: str
    state: str
    en: str
    zh: str
    remedy_en: str = ""
    remedy_zh: str = ""

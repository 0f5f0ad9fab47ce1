"""Limits and units: `3 WD`, `8 WH`, `same day`. Units never convert into each other: one `CD` is not 24 `H`."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Unit(StrEnum):
    MIN = "MIN"
    H = "H"
    WH = "WH"
    WD = "WD"
    CD = "CD"
    CM = "CM"
    SAME_DAY = "same day"

    @property
    def is_working(self) -> bool:
        """Whether only working time counts; pauses then cost working time too."""
        return self in (Unit.WH, Unit.WD, Unit.SAME_DAY)

    @property
    def is_elapsed(self) -> bool:
        return self in (Unit.MIN, Unit.H)


UNIT_NAMES = {
    "zh": {
        Unit.MIN: "分钟",
        Unit.H: "小时",
        Unit.WH: "个工作小时",
        Unit.WD: "个工作日",
        Unit.CD: "天",
        Unit.CM: "个月",
    },
    "en": {
        Unit.MIN: "minutes",
        Unit.H: "hours",
        Unit.WH: "working hours",
        Unit.WD: "working days",
        Unit.CD: "calendar days",
        Unit.CM: "months",
    },
}
MOST = {Unit.MIN: 1_000_000, Unit.H: 20_000, Unit.WH: 5_000, Unit.WD: 1_000, Unit.CD: 2_000, Unit.CM: 60}

# ASCII: otherwise \d would take the digits of all scripts, and two texts would mean one limit.
_LIMIT = re.compile(r"([1-9]\d{0,6}) (MIN|H|WH|WD|CD|CM)", re.ASCII)
_RANGE = re.compile(r"([1-9]\d{0,6}) ?[–-] ?([1-9]\d{0,6}) (MIN|H|WH|WD|CD|CM)", re.ASCII)
_ISO = re.compile(
    r"P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?", re.ASCII
)
_REPETITION = re.compile(r"R([1-9]\d{0,3})?", re.ASCII)


class LimitError(ValueError):
    """A text that is no limit. Names the text, the reason and the remedy, in English and Chinese."""

    def __init__(self, text: str, en: str, zh: str) -> None:
        super().__init__(f"Expected {en}, but found {text!r}.")
        self.text = text
        self.en = str(self)
        self.zh = f"应为{zh}，但写的是“{text}”。"


@dataclass(frozen=True)
class Limit:
    """A positive whole number of one unit; of `same day` always one."""

    amount: int
    unit: Unit

    @property
    def is_working(self) -> bool:
        return self.unit.is_working

    @property
    def is_elapsed(self) -> bool:
        return self.unit.is_elapsed

    def __str__(self) -> str:
        return self.unit.value if self.unit is Unit.SAME_DAY else f"{self.amount} {self.unit.value}"

    def says(self, locale: str) -> str:
        is_zh = locale.startswith("zh")
        if self.unit is Unit.SAME_DAY:
            return "当日" if is_zh else "the same day"
        name = UNIT_NAMES["zh" if is_zh else "en"][self.unit]
        if not is_zh and self.amount == 1:
            name = name.removesuffix("s")
        return f"{self.amount} {name}"


@dataclass(frozen=True)
class LimitRange:
    """`1–3 WD`: a warning at the lower end and the limit at the upper."""

    lower: Limit
    upper: Limit


def parse_limit(text: str) -> Limit:
    """Reads `<positive whole number> <unit>` or `same day`. Raises LimitError for everything else."""
    if text == Unit.SAME_DAY.value:
        return Limit(1, Unit.SAME_DAY)
    found = _LIMIT.fullmatch(text)
    if found is None:
        raise LimitError(
            text,
            "a positive whole number, a space and one of MIN, H, WH, WD, CD, CM, or `same day`",
            "“正整数 空格 单位”（单位：MIN、H、WH、WD、CD、CM），或 same day，例如 3 WD",
        )
    return _limit(text, int(found[1]), Unit(found[2]))


def _limit(text: str, amount: int, unit: Unit) -> Limit:
    if amount > MOST[unit]:
        raise LimitError(text, f"at most {MOST[unit]} {unit.value}", f"不超过 {MOST[unit]} {unit.value}")
    return Limit(amount, unit)


def parse_range(text: str) -> LimitRange:
    """Reads `1–3 WD` (a dash or a hyphen). Raises LimitError."""
    found = _RANGE.fullmatch(text)
    if found is None or int(found[1]) >= int(found[2]):
        raise LimitError(
            text, "a range such as `1–3 WD`, the smaller number first", "区间，例如 1–3 WD，小数在前"
        )
    unit = Unit(found[3])
    return LimitRange(_limit(text, int(found[1]), unit), _limit(text, int(found[2]), unit))


def parse_iso_duration(text: str) -> timedelta:
    """Reads an ISO 8601 duration of weeks, days, hours, minutes, seconds: elapsed time, never working time.

    Months and years have no fixed length and are refused: write `1 CM` instead. Raises LimitError.
    """
    found = _ISO.fullmatch(text)
    if found is None or not any(found.groups()) or text.endswith("T"):
        raise LimitError(
            text,
            "an ISO 8601 duration such as PT48H or P2D (for months write a limit such as `1 CM`)",
            "ISO 8601 时长，例如 PT48H 或 P2D（按月请写 1 CM）",
        )
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not span:
        raise LimitError(text, "a duration longer than nothing", "大于零的时长")
    return span


def parse_cycle(text: str) -> tuple[int | None, timedelta]:
    """Reads `R3/PT1H` (three times) or `R/PT1H` (for ever: None). Raises LimitError."""
    head, slash, duration = text.partition("/")
    found = _REPETITION.fullmatch(head)
    if not slash or found is None:
        raise LimitError(text, "a repetition such as R3/PT1H", "循环写法，例如 R3/PT1H")
    return (int(found[1]) if found[1] else None), parse_iso_duration(duration)

"""Reads the State Council's yearly notice on holidays, as it is published, into days. Nothing is guessed in silence.

`一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。` Weekdays and counts in the text are compared
with the calendar: a slip of the pen is told, not taken over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from engine.worktime.notice_read import (
    Doubt,
    ReadHoliday,
    ReadNotice,
    day_of,
    doubts_of,
    no_days,
    no_year,
)

_TITLE = re.compile(r"[^\s。]*关于\s*(\d{4})\s*年\s*[^\s。]*节假日安排的通知")
_YEAR = re.compile(r"现将\s*(\d{4})\s*年")
_NUMBER = re.compile(r"国办发[^\s（(〔\[【]*\s*[〔\[【(（]\s*(\d{4})\s*[〕\]】)）]\s*(\d+)\s*号")
_SIGNED = re.compile(r"(?m)^\s*(?:国务院办公厅\s*)?(\d{4})年(\d{1,2})月(\d{1,2})日\s*$")
_ENTRY = re.compile(
    r"(?:(?<=[。\n])|^)\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|\d+\s*[.．、])?\s*"
    r"([\u4e00-\u9fff]{2,6}(?:[、和与及][\u4e00-\u9fff]{2,6}){0,2})\s*[：:]",
)
_DATE = r"(?:(\d{4})年)?\s*(?:(\d{1,2})月)?\s*(\d{1,2})日\s*(?:[（(]([^）)]*)[）)])?"
_SPAN = re.compile(rf"^\s*{_DATE}(?:\s*(?:至|到|—|－|-|~|～)\s*{_DATE})?\s*(?:全国)?放假(?:(\d+)天)?(.*)$")
_DAY = re.compile(_DATE)
_COUNT = re.compile(r"共\s*(\d+)\s*天")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_WORDS = "一二三四五六日"


@dataclass
class _Entry:
    name: str
    spans: list[tuple[date, date, int, str]] = field(default_factory=list)
    makeup: list[date] = field(default_factory=list)
    has_slip: bool = False


class _Slip(ValueError):
    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


def read_notice_text(text: str, year: int | None = None) -> ReadNotice:
    """`year` is used where the text names none. Never raises: what is wrong stands in `doubts`, with line and text."""
    text = text.replace("\r\n", "\n").replace("\u3000", " ").replace("\u00a0", " ")
    title = _TITLE.search(text)
    named = title or _YEAR.search(text)
    year = int(named[1]) if named else year
    number, signed = _NUMBER.search(text), _SIGNED.findall(text)
    published = "-".join(f"{int(part):02d}" for part in signed[-1]) if signed else ""
    if year is None:
        return ReadNotice(None, "", "", published, (), (no_year(),))
    doubts: list[Doubt] = []
    holidays: list[ReadHoliday] = []
    for entry in _entries(text, year, doubts):
        for place, (first, last, line, said) in enumerate(entry.spans):
            makeup = tuple(sorted(entry.makeup)) if place == 0 else ()
            holidays.append(ReadHoliday(entry.name, first, last, makeup, line, said))
        if not entry.spans and entry.makeup and not entry.has_slip:
            days = "、".join(str(day) for day in entry.makeup)
            doubts.append(
                Doubt(0, entry.name, f"Work on {days}, but no day off was read.", f"读到 {days} 上班，但没有读到放假日期。")
            )  # fmt: skip
    if not holidays:
        doubts.append(no_days())
    doubts += doubts_of(year, holidays)
    return ReadNotice(
        year,
        "".join(title[0].split()) if title else "",
        f"国办发明电〔{number[1]}〕{number[2]}号" if number and "明电" in number[0] else number[0] if number else "",
        published,
        tuple(sorted(holidays, key=lambda one: one.first)),
        tuple(doubts),
    )  # fmt: skip


def _entries(text: str, year: int, doubts: list[Doubt]) -> Iterator[_Entry]:
    found = list(_ENTRY.finditer(text))
    if found:
        _tell_unread(text[: found[0].start()], 1, doubts)
    for match, following in zip(found, [*found[1:], None], strict=False):
        end = following.start() if following else len(text)
        body, entry = text[match.end() : end], _Entry(match[1])
        position = match.end()
        for sentence in re.split(r"(?<=[。；;\n])", body):
            line = text.count("\n", 0, position) + 1
            position += len(sentence)
            said = sentence.strip(" \n。；;")
            if not said:
                continue
            try:
                if not _take(entry, said, line, year):
                    _tell_unread(said, line, doubts)
            except _Slip as slip:
                entry.has_slip = True
                doubts.append(Doubt(line, said, slip.en, slip.zh))
        yield entry


def _take(entry: _Entry, said: str, line: int, year: int) -> bool:
    """False when the sentence is neither about days off nor about make-up workdays."""
    span = _SPAN.match(said)
    if span:
        first = _date(span.group(1), span.group(2), span.group(3), span.group(4), year, None)
        last = first
        if span.group(7):
            last = _date(span.group(5), span.group(6), span.group(7), span.group(8), year, first)
        if not first <= last <= first + timedelta(days=60):
            raise _Slip(f"{first} to {last} is no span of days.", f"{first} 至 {last} 不是有效的起止日期。")
        count = span.group(9) or (_COUNT.search(span.group(10)) or [None, None])[1]
        length = (last - first).days + 1
        if count and int(count) != length:
            raise _Slip(
                f"The text says {count} days, but {first} to {last} are {length}.",
                f"文中写共 {count} 天，但 {first} 至 {last} 是 {length} 天。",
            )
        entry.spans.append((first, last, line, said))
        rest = span.group(10)
        return "上班" not in rest or _take_work(entry, rest.strip("，, "), year)
    if said.endswith(("上班", "正常上班", "补班")):
        return _take_work(entry, said, year)
    return False


def _take_work(entry: _Entry, said: str, year: int) -> bool:
    days: list[date] = []
    for match in _DAY.finditer(said):
        days.append(_date(match[1], match[2], match[3], match[4], year, days[-1] if days else None))
    left = re.sub(r"[\s、，,和及]|正常|照常|上班|补班|调休|共\d+天", "", _DAY.sub("", said))
    if left or not days:
        return False
    entry.makeup += days
    return True


def _date(
    year: str | None, month: str | None, day: str, beside: str | None, of_year: int, after: date | None
) -> date:
    """A date that may leave out its year, and its month when it follows another. Raises _Slip."""
    if not month and after is None:
        raise _Slip(f"{day}日 names no month.", f"“{day}日”没有写明月份。")
    number = int(month) if month else after.month if after else 0
    in_year = int(year) if year else after.year if after else of_year
    if not year and after is not None and number < after.month:
        in_year += 1  # 12月31日至1月2日
    found = day_of(in_year, number, int(day))
    if found is None:
        raise _Slip(
            f"{in_year}-{number:02d}-{int(day):02d} does not exist.", f"{in_year}年{number}月{day}日不存在。"
        )
    weekday = _WEEKDAY.search(beside or "")
    if weekday and _WORDS.index(weekday[1].replace("天", "日")) != found.weekday():
        real = _WORDS[found.weekday()]
        raise _Slip(
            f"The text says 周{weekday[1]}, but {found} is a 周{real}.",
            f"文中写周{weekday[1]}，但 {found} 是周{real}。",
        )
    return found


def _tell_unread(said: str, line: int, doubts: list[Doubt]) -> None:
    """A sentence with a day in it that was not used is told; one without is talk."""
    for offset, one in enumerate(said.split("\n")):
        has_day = re.search(r"\d{1,2}月\d{1,2}日|\d日", _SIGNED.sub("", one))
        if has_day:
            doubts.append(
                Doubt(
                    line + offset,
                    one.strip(),
                    "Not read: neither days off nor days of work are said here.",
                    "没有采用：这句话没有写明放假或上班。",
                    # "鼓励……在除夕（2月9日）休息" gives nobody a day off; a sentence that begins with a day means to.
                    is_harmless=not _DAY.match(one.strip()) and "放假" not in one and "上班" not in one,
                )
            )

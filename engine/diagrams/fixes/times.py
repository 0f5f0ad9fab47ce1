"""Times as owners write them, limits and ladders that are called nearly so, settings of clocks."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from engine.diagrams.fixes.fix import Fix, change
from engine.diagrams.fixes.place import Place, alike
from engine.diagrams.fixes.texts import rewritten
from engine.worktime import LimitError, parse_any_limit, parse_iso_duration, parse_recurring

_UNITS = {
    "WD": ("wd", "工作日", "个工作日", "working days", "working day", "workdays", "business days"),
    "WH": ("wh", "工作小时", "个工作小时", "working hours", "working hour"),
    "CD": ("cd", "d", "天", "日", "自然日", "个自然日", "days", "day", "calendar days"),
    "CM": ("cm", "个月", "月", "months", "month"),
    "H": ("h", "小时", "个小时", "hours", "hour", "hrs"),
    "MIN": ("min", "m", "分钟", "minutes", "minute", "mins"),
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words}
_AMOUNT = re.compile(r"\s*(\d+)\s*([A-Za-z一-鿿 ]+?)\s*")
_NAMED_LIMIT = re.compile(r"\s*\$?\{?\s*(?:limit\()?\s*[\"'“”‘’]?([A-Za-z_][\w.-]*)[\"'“”‘’]?\s*\)?\s*\}?\s*")


def _readable(text: str) -> str | None:
    """`2 WD` of `2wd`, `2个工作日` and so on; None when nothing certain can be made of it."""
    amount = _AMOUNT.fullmatch(text)
    unit = _UNIT_OF.get(amount[2].lower().strip()) if amount else None
    for candidate in (
        f"{amount[1]} {unit}" if amount and unit else "",
        text.strip().upper(),
        text.strip().strip("\"'"),
    ):
        for read in (parse_any_limit, parse_iso_duration, datetime.fromisoformat):
            try:
                read(candidate)
            except (LimitError, ValueError):
                continue
            return candidate
    return None  # fmt: skip


def _timer(place: Place) -> Iterator[Fix]:
    element = place.element
    written = element.timer.text if element and element.timer else ""
    read = _readable(written)
    if read and read != written:
        yield _rings(place, read)
    named = _NAMED_LIMIT.fullmatch(written)
    for limit in (
        [named[1]] if named and named[1] in place.limits else alike(named[1], place.limits) if named else ()
    ):
        yield _rings(place, f'${{limit("{limit}")}}')  # fmt: skip


def _no_timer(place: Place) -> Iterator[Fix]:
    """The limit whose clock runs on the task, else those that are called like the task."""
    process, element = place.process, place.element
    host = process.elements.get(element.attached_to or "") if process and element else None
    if host is None:
        return
    held = [
        one.strip() for one in (host.sla or "").split(",") if one.strip() and "${" not in (host.sla or "")
    ]
    known = [one for one in held if one in place.limits or not place.limits]
    for limit in known or [*({host.id} & place.limits), *alike(host.id, place.limits)]:
        yield _rings(place, f'${{limit("{limit}")}}')  # fmt: skip


def _rings(place: Place, text: str) -> Fix:
    return Fix(f"时间写成 {text}", f"Write {text}", (change(place.key, timer=text, kind="timeDuration"),))


def _recurring(place: Place) -> Iterator[Fix]:
    """A rule that stands as a duration or a date is one all the same."""
    element = place.element
    timer = element.timer if element else None
    if timer is None or timer.kind == "cycle":
        return
    try:
        parse_recurring(timer.text)
    except LimitError:
        return
    yield Fix("设为循环", "Make it a cycle", (change(place.key, timer=timer.text, kind="timeCycle"),))


def _limit(place: Place) -> Iterator[Fix]:
    """Names that every profile of the process knows: with another one the next profile would be told."""
    wrong = place.said.rpartition(": ")[2]
    call = re.compile(rf"(limit\(\s*[\"']){re.escape(wrong)}([\"']\s*\))")
    for near in alike(wrong, place.limits):
        changes = [
            one
            for one in rewritten(place, lambda text, near=near: call.sub(rf"\g<1>{near}\g<2>", text))  # type: ignore[misc]
            if one.get("property") != "sla"
        ]
        sla = place.element.sla if place.element else None
        if sla:
            mended = _renamed(call.sub(rf"\g<1>{near}\g<2>", sla), wrong, near)
            if mended != sla:
                changes.append(change(place.key, property="sla", to=mended))
        if changes:
            yield Fix(f"改为时限 {near}", f"Use the limit {near}", tuple(changes))


def _renamed(sla: str, wrong: str, near: str) -> str:
    if "${" in sla:
        return sla
    return ", ".join(dict.fromkeys(near if one.strip() == wrong else one.strip() for one in sla.split(",")))


def _ladder(place: Place) -> Iterator[Fix]:
    element, process = place.element, place.process
    if element is None or process is None:
        return
    known = [set(one.ladders) for _, one in place.names.profiles_of(process.id)]
    for near in alike(element.sla_ladder or "", set.intersection(*known) if known else set()):
        yield Fix(
            f"改为阶梯 {near}", f"Use the ladder {near}", (change(place.key, property="sla.ladder", to=near),)
        )
    yield Fix(
        "按时限的规定", "As the limit itself says", (change(place.key, property="sla.ladder", to=None),)
    )


def _setting(place: Place) -> Iterator[Fix]:
    name = place.said.partition(" = ")[0]
    element = place.element
    if element is None or name not in element.properties:
        return
    written = element.properties[name]
    mended = _pausable(written) if name == "sla.pausable" else _warnings(written)
    if mended and mended != written:
        yield Fix(f"写成 {mended}", f"Write {mended}", (change(place.key, property=name, to=mended),))
    yield Fix(f"删除 {name}", f"Remove {name}", (change(place.key, property=name, to=None),))


def _pausable(text: str) -> str | None:
    word = text.strip().lower()
    yes, no = ("yes", "true", "1", "是", "可以", "y"), ("no", "false", "0", "否", "不", "不可以", "n")
    return "yes" if word in yes else "no" if word in no else None


def _warnings(text: str) -> str | None:
    """`75` and `75 ％` are shares; None when one of them cannot be made out."""
    found = []
    for one in re.split(r"[,，、;；]", text):
        share = re.fullmatch(r"\s*([1-9]\d?)\s*[%％]?\s*", one)
        read = f"{share[1]}%" if share else _readable(one)
        if read is None:
            return None
        found.append(read)
    return ", ".join(found)


def _start(place: Place) -> Iterator[Fix]:
    element, process = place.element, place.process
    if element is None or process is None:
        return
    for near in alike(element.sla_start or "", set(process.elements)):
        yield Fix(
            f"从 {near} 起算", f"Start with {near}", (change(place.key, property="sla.start", to=near),)
        )
    yield Fix("进入这里时起算", "Start when it begins", (change(place.key, property="sla.start", to=None),))


def _date(place: Place) -> Iterator[Fix]:
    element = place.element
    for name, written in (
        (("dueDate", element.due_date), ("followUpDate", element.follow_up_date)) if element else ()
    ):
        read = _readable(written or "")
        if written == place.said and read and read != written:
            yield Fix(f"写成 {read}", f"Write {read}", (change(place.key, set=f"camunda:{name}", to=read),))  # fmt: skip


def _retry(place: Place) -> Iterator[Fix]:
    yield Fix("重试三次，每次隔十分钟", "Three times, ten minutes apart", (change(place.key, retry="R3/PT10M"),))  # fmt: skip


def _priority(place: Place) -> Iterator[Fix]:
    yield Fix("不设优先级", "No priority", (change(place.key, set="camunda:priority", to=None),))


REMEDIES: Mapping[str, Callable[[Place], Iterator[Fix]]] = {
    "no-timer": _no_timer,
    "bad-timer": _timer,
    "timer-start": _recurring,
    "unknown-limit": _limit,
    "unknown-ladder": _ladder,
    "bad-sla": _setting,
    "unknown-start": _start,
    "bad-date": _date,
    "bad-retry": _retry,
    "bad-priority": _priority,
}

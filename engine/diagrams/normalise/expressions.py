"""Expressions of Java engines (JUEL), in our own words where they mean the same; all others are left to lint."""

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree

from engine.diagrams.normalise.rewrite import Rewrite
from engine.diagrams.unread import BPMN, CAMUNDA

RULE = "expression"
_WHOLE = ("conditionExpression", "completionCondition", "loopCondition", "condition", "loopCardinality")
_TIMES = ("timeDuration", "timeDate", "timeCycle")
_MARKED = re.compile(r"[$#]\{([^{}]*)\}")
_QUOTED = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\''
_TEXT = re.compile(_QUOTED)
# Each start is tried once only, however hostile a text is: escapes outside of quotes are stepped over as well.
_PIECE = re.compile(rf"\\.|(?P<text>{_QUOTED})", re.DOTALL)
_LONGEST = 2_000  # what our own language reads
_PATH = r"(?<![\w.\]])[^\W\d]\w*(?:\.[^\W\d]\w*|\[[^\[\]]*\])*"
_HELD = r"\x00\d+\x00"  # a text in quotes, put aside
_CHANGES = (
    # The order matters: what asks the engine for a variable becomes a name first.
    (re.compile(rf"\bexecution\.getVariable\(\s*(?P<name>{_HELD})\s*\)"), "\\g<name>\x01"),
    (re.compile(rf"(?P<left>{_PATH}|{_HELD})\.equals\(\s*(?P<right>{_PATH}|{_HELD}|\d+)\s*\)"), r"(\g<left> == \g<right>)"),
    (re.compile(rf"(?P<path>{_PATH})\.isEmpty\(\s*\)"), r"empty(\g<path>)"),
    (re.compile(rf"(?P<path>{_PATH})\.(?:size|length)\(\s*\)"), r"len(\g<path>)"),
    (re.compile(rf"(?<![.\w])empty\s+(?!(?:and|or|not|in|if|else|eq|ne|lt|gt|le|ge)\b)(?P<path>(?>{_PATH}|{_HELD}))(?!\s*[(.\[])"), r"empty(\g<path>)"),
    (re.compile(r"(?<=[\w)\]\x00])\s+div\s+(?=[\w(\x00])"), " / "),
)  # fmt: skip
_FOREIGN = re.compile(r"equals|empty|isEmpty|size|length|getVariable|\bdiv\b|\?")
_NAME = re.compile(r"[^\W\d]\w*")
_CHOICE = re.compile(r"(?P<asked>[^?:]+)\?(?P<yes>[^?:]+):(?P<no>[^?:]+)")


def rewrite(root: etree._Element) -> Iterator[Rewrite]:
    for node in root.iter(*(f"{BPMN}{tag}" for tag in (*_WHOLE, *_TIMES))):
        if not node.text:
            continue
        is_whole = node.tag.removeprefix(BPMN) in _WHOLE
        read = _marked(node.text) if _MARKED.search(node.text) else None
        if read is None:
            read = _translated(node.text) if is_whole else _unquoted(node.text)
        if (node.get("language") or "").lower() == "juel":
            del node.attrib["language"]
        if read != node.text:
            yield _note(node, node.text, read)
            node.text = read
    for node in root.iter(f"{BPMN}*", f"{CAMUNDA}*"):
        for name, written in node.attrib.items():
            if str(name).startswith(CAMUNDA) or str(node.tag).startswith(CAMUNDA):
                read = _marked(written)
                if read != written:
                    yield _note(node, written, read)
                    node.set(name, read)
        if str(node.tag).startswith(CAMUNDA) and node.text and _marked(node.text) != node.text:
            yield _note(node, node.text, _marked(node.text))
            node.text = _marked(node.text)


def _marked(text: str) -> str:
    return _MARKED.sub(lambda found: f"${{{_translated(found.group(1))}}}", text)


@lru_cache(1_000)
def _translated(text: str) -> str:
    held: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        if found.group("text") is None:
            return found.group()
        held.append(found.group())
        return f"\x00{len(held) - 1}\x00"

    if len(text) > _LONGEST or not _FOREIGN.search(text):
        return text  # Lint refuses it for its length, or it is ours.
    read = _PIECE.sub(put_aside, text)
    for pattern, instead in _CHANGES:
        read = pattern.sub(instead, read)
    choice = _CHOICE.fullmatch(read)
    if choice and "{" not in read and "[" not in read:
        asked, yes, no = (choice.group(name).strip() for name in ("asked", "yes", "no"))
        read = f"({yes}) if ({asked}) else ({no})"
    asked_for = [held[int(number)] for number in re.findall(r"\x00(\d+)\x00\x01", read)]
    if not all(_NAME.fullmatch(quoted[1:-1]) for quoted in asked_for):
        return text
    read = re.sub(r"\x00(\d+)\x00\x01", lambda found: held[int(found.group(1))][1:-1], read)
    return re.sub(r"\x00(\d+)\x00", lambda found: held[int(found.group(1))], read)


def _unquoted(text: str) -> str:
    """`"PT1H"`: a time in quotes is a time."""
    bare = text.strip()
    return bare[1:-1].strip() if _TEXT.fullmatch(bare) and "\\" not in bare else text


def _note(node: etree._Element, written: str, read: str) -> Rewrite:
    holder = next(
        (one for one in (node, *node.iterancestors()) if one.get("id") and one.tag.startswith(BPMN)), None
    )
    return Rewrite(
        RULE, None if holder is None else holder.get("id"), node.sourceline,
        f"“{written.strip()}”按“{read.strip()}”执行。",
        f"{written.strip()!r} is carried out as {read.strip()!r}.",
    )  # fmt: skip

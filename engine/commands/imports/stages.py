"""What a register's status means: over, or waiting at a stage of the procedure."""

import re
from collections.abc import Mapping

_OVER = frozenset(
    (
        *("办结", "已办结", "结案", "已结案", "关闭", "已关闭", "完成", "已完成", "已处理", "已解决", "已归档", "已闭环"),
        *("closed", "done", "completed", "complete", "finished", "resolved", "settled", "archived"),
    )
)  # fmt: skip
_ANYWHERE = frozenset(
    (
        *("", "未办结", "未结案", "未完成", "进行中", "在办", "办理中", "新建", "已受理", "待办"),
        *("open", "new", "in progress", "running", "pending", "ongoing"),
    )
)
# Words that mean one stage, in names of tasks, in their English labels and in element ids.
_STAGES = (
    ("登记", "记录", "录入", "record", "register"),
    ("受理", "接收", "接待", "accept", "receive"),
    ("核实", "核查", "调查", "查证", "查实", "verif", "investigat", "establish"),
    ("转交", "分派", "交办", "转办", "派单", "指派", "hand_on", "assign", "dispatch"),
    ("审批", "批准", "审核", "approv"),
    ("处理", "处置", "解决", "拟定", "handl", "solve", "solution", "decide_complaint"),
    ("答复", "回复", "反馈", "告知", "reply", "answer", "inform", "feed_back", "tell"),
    ("回访", "hear_customer", "call_back", "call_the_customer_back", "callback"),
    ("跟进", "follow_up"),
    ("归档", "归入", "存档", "立卷", "archiv", "file_dossier"),
    ("总结", "分析", "改进", "summar", "analys", "improve"),
    ("裁决", "协调", "争议", "settle", "dispute", "coordinat"),
    ("督办", "督促", "催办", "press", "urge"),
    ("提供", "配合", "supply"),
    ("会议", "meeting"),
    ("出具", "书面意见", "opinion"),
    ("处罚", "penalty"),
    ("满意", "survey", "satisf"),
)
_AROUND = re.compile(r"^(?:待|正在|等待|进入)+|(?:中|阶段|环节|人)+$")
_AROUND_EN = re.compile(r"\b(?:awaiting|waiting|pending|for|in|to|be|being|under|stage|the)\b")
Words = tuple[str, ...]


def is_over(status: str) -> bool:
    return status.strip().casefold() in _OVER


def is_anywhere(status: str) -> bool:
    """Whether the status says no more than that the case is open."""
    return status.strip().casefold() in _ANYWHERE


def stage_words(status: str) -> Words:
    """The words by which a task of this stage can be known."""
    text = status.strip().casefold()
    stem = "_".join(_AROUND_EN.sub(" ", text).split()) if text.isascii() else _AROUND.sub("", text)
    return _first_stage(stem) or ((stem,) if stem else ())


def belongs(words: Words, element_id: str, names: Mapping[str, str]) -> bool:
    """Whether a task stands at the stage. `names`: its name in each language.

    What a task is called first is what it is: "如实登记，转入处理" is recording, not handling.
    """
    label = "_".join(names.get("en", "").casefold().split())
    places = (element_id.casefold(), names.get("zh", ""), label)
    if words in _STAGES:
        return any(_first_stage(place) == words for place in places)
    return any(word in place for word in words for place in places)


def _first_stage(text: str) -> Words | None:
    found = [(text.index(word), -len(word), words) for words in _STAGES for word in words if word in text]
    return min(found)[2] if found else None

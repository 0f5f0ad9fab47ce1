"""What a register's status means: over, or waiting at a stage of the procedure."""

import re
from collections.abc import Iterable, Mapping

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
# Words that mean one stage; a task belongs to it when its name, label or id holds one of them.
_STAGES = (
    ("登记", "记录", "录入", "record", "register"),
    ("受理", "接收", "接待", "accept", "receive"),
    ("核实", "核查", "调查", "查证", "查实", "verify", "verif", "investigat", "establish_facts", "facts"),
    ("分派", "交办", "转办", "派单", "指派", "assign", "dispatch", "hand_over"),
    ("审批", "批准", "审核", "approv"),
    ("处理", "处置", "解决", "handl", "solve", "solution"),
    ("答复", "回复", "反馈", "告知", "reply", "answer", "inform"),
    ("回访", "满意", "call_back", "callback", "survey", "satisf"),
    ("归档", "存档", "立卷", "archiv", "file_dossier"),
    ("总结", "分析", "改进", "summar", "analys", "improve"),
    ("裁决", "协调", "争议", "settle", "dispute", "coordinat"),
    ("督办", "催办", "press", "urge"),
)
_AROUND = re.compile(r"^(?:待|正在|已|等待|进入)+|(?:中|阶段|环节|人)+$")
_AROUND_EN = re.compile(r"\b(?:awaiting|waiting|pending|for|in|to|be|being|under|stage)\b")


def is_over(status: str) -> bool:
    return status.strip().casefold() in _OVER


def is_anywhere(status: str) -> bool:
    """Whether the status says no more than that the case is open."""
    return status.strip().casefold() in _ANYWHERE


def stage_words(status: str) -> frozenset[str]:
    """The words by which a task of this stage can be known."""
    text = status.strip().casefold()
    stem = _AROUND.sub("", text)
    if text.isascii():
        stem = "_".join(_AROUND_EN.sub(" ", text).split())
    for words in _STAGES:
        if any(word in stem for word in words):
            return frozenset(words)
    return frozenset((stem,)) if stem else frozenset()


def belongs(words: Iterable[str], element_id: str, names: Mapping[str, str]) -> bool:
    """Whether a task stands at the stage. `names`: its name in each language."""
    label = "_".join(names.get("en", "").casefold().split())
    places = (element_id.casefold(), names.get("zh", ""), label)
    return any(word in place for word in words for place in places)

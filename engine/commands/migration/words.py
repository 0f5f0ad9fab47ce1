"""The words of a verdict: a code, the element it is about, and what changes there."""

from engine.commands.migration.verdict import Note
from engine.profiles.spoken_limit import spoken_limit

# code → (zh, en). {name} is the element as people know it.
_WORDS = {
    "element_gone": (
        "“{name}”（{element}）在目标版本中不存在：请指定由哪个图元接替。",
        "{name} ({element}) is not in the target release: say which element takes its place.",
    ),
    "kind_changed": (
        "“{name}”（{element}）在目标版本中是另一种图元。",
        "{name} ({element}) is another kind of element in the target release.",
    ),
    "event_changed": (
        "“{name}”（{element}）在目标版本中等待另一种事件或消息。",
        "{name} ({element}) waits for another event or message in the target release.",
    ),
    "repetition_changed": (
        "事项正处于多实例“{name}”（{element}）之中，而目标版本改变了它的重复方式。",
        "The case is inside the multi-instance {name} ({element}), and the target release repeats it otherwise.",
    ),
    "join_changed": (
        "“{name}”（{element}）位于并行分支之中，而目标版本的汇合方式不同。",
        "{name} ({element}) is open between a split and a join, and the target release joins otherwise.",
    ),
    "boundary_busy": (
        "边界事件“{name}”（{element}）已触发且其分支仍未结束，而目标版本中没有它。",
        "The boundary event {name} ({element}) has fired and its branch is still open, but the target release lacks it.",
    ),
    "scope_changed": (
        "“{name}”（{element}）或其接替者在目标版本中位于另一个流程或子流程之中。",
        "{name} ({element}), or what takes its place, stands in another process or sub-process in the target release.",
    ),
    "call_changed": (
        "“{name}”（{element}）在目标版本中调用另一个流程。",
        "{name} ({element}) calls another process in the target release.",
    ),
    "process_gone": (
        "目标版本中没有流程“{element}”。",
        "The target release has no process {element}.",
    ),
    "profile_gone": (
        "目标版本中没有策略档案“{element}”。",
        "The target release has no policy profile {element}.",
    ),
    "same_release": (
        "事项已经在目标版本上。",
        "The case is on the target release already.",
    ),
    "other_family": (
        "目标版本属于另一个流程族。",
        "The target release belongs to another family.",
    ),
    "mapped": (
        "“{was}”由“{now}”（{element}）接替。",
        "{was} is replaced by {now} ({element}).",
    ),
    "name_changed": (
        "“{was}”改名为“{now}”（{element}）。",
        "{was} is called {now} from now on ({element}).",
    ),
    "form_changed": (
        "“{name}”（{element}）使用的表单由 {was} 改为 {now}；草稿保留。",
        "{name} ({element}) takes the form {now} instead of {was}; the draft is kept.",
    ),
    "role_changed": (
        "“{name}”（{element}）的承办人由 {was} 改为 {now}；已开启的待办仍由原承办人办理。",
        "{name} ({element}) goes to {now} instead of {was}; the open task stays with its people.",
    ),
    "topic_changed": (
        "“{name}”（{element}）的作业主题由 {was} 改为 {now}；已排队的作业不变。",
        "{name} ({element}) has the topic {now} instead of {was}; the waiting job keeps its own.",
    ),
    "correlation_changed": (
        "“{name}”（{element}）的消息关联由 {was} 改为 {now}；已在等待的仍按原关联。",
        "{name} ({element}) correlates by {now} instead of {was}; what waits already keeps its own.",
    ),
    "promise_changed": (
        "“{name}”（{element}）承诺的时限由 {was} 改为 {now}；正在计时的时钟不变，下次进入时生效。",
        "{name} ({element}) promises {now} instead of {was}; running clocks stay, the change applies from the next visit.",
    ),
    "limit_changed": (
        "时限“{element}”由 {was} 改为 {now}；正在计时的时钟按原时限走完。",
        "The limit {element} is {now} instead of {was}; clocks that run keep the limit they were started with.",
    ),
    "exchange_changed": (
        "“{name}”（{element}）传入传出的数据有变化；结束时按目标版本传出。",
        "What {name} ({element}) takes in and gives out has changed; at its end it gives out what the target release says.",
    ),
    "timer_changed": (
        "定时器“{name}”（{element}）由 {was} 改为 {now}；已在等待的到期时间不变。",
        "The timer {name} ({element}) says {now} instead of {was}; the moment that is waited for stays.",
    ),
    "event_added": (
        "新增边界事件“{name}”（{element}），自迁移时起生效。",
        "The boundary event {name} ({element}) is new, and counts from the move.",
    ),
    "event_removed": (
        "边界事件“{name}”（{element}）取消。",
        "The boundary event {name} ({element}) is cancelled.",
    ),
    "cancels_changed": (
        "边界事件“{name}”（{element}）改为{now}。",
        "The boundary event {name} ({element}) now {now}.",
    ),
}  # fmt: skip


def worded(
    code: str, process_key: str, element_id: str, *, name: str | None = None, was: str = "", now: str = ""
) -> Note:
    zh, en = _WORDS[code]
    facts = {"name": name or element_id, "element": element_id, "was": was or "—", "now": now or "—"}
    return Note(code, process_key, element_id, zh.format(**facts), en.format(**facts))


def worded_limit(name: str, was: str, now: str) -> Note:
    """A limit of another length. `was`, `now`: as the profiles write them; empty for none."""
    said = [
        sentence.format(
            element=name, was=spoken_limit(was, locale) or "—", now=spoken_limit(now, locale) or "—"
        )
        for sentence, locale in zip(_WORDS["limit_changed"], ("zh", "en"), strict=True)
    ]
    return Note("limit_changed", "", name, *said)

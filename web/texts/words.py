"""Kinds of texts and their placeholders, in the reader's words, with the example values of a preview."""

from collections.abc import Mapping

from web.languages import gettext as _

# Shown in a preview in place of the facts of a case; by the language of the text, not the reader's.
EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "number": "TS-2026-0012",
        "subject": "柜面排队过长",
        "task": "答复客户",
        "due": "2月24日 18:00",
        "limit": "两个工作日内答复",
        "clause": "CMP-01/T2",
        "clauses": "CMP-01/T2",
        "why": "自登记次日起两个工作日",
        "assignee": "李娜",
        "link": "https://huiyin.example/tasks/1",
        "customer": "王女士",
        "organisation": "城东支行",
        "unit": "营业部",
        "message": "经核实，当日两个窗口临时停用，现已恢复。",
        "recipient": "李娜",
        "overdue": "3 个工作小时",
        "share": "75%",
        "level": "网点",
    },
    "en": {
        "number": "TS-2026-0012",
        "subject": "Long queue at the counter",
        "task": "Answer the customer",
        "due": "24 Feb 18:00",
        "limit": "Answered within two working days",
        "clause": "CMP-01/T2",
        "clauses": "CMP-01/T2",
        "why": "two working days from the day after registration",
        "assignee": "Li Na",
        "link": "https://huiyin.example/tasks/1",
        "customer": "Ms Wang",
        "organisation": "East branch",
        "unit": "Counter hall",
        "message": "Two counters were closed that day and are open again.",
        "recipient": "Li Na",
        "overdue": "3 working hours",
        "share": "75%",
        "level": "outlet",
    },
}


def places() -> dict[str, str]:
    """Placeholder → what stands there in a real letter."""
    return {
        "number": _("the case's number"),
        "subject": _("what the case is about"),
        "customer": _("the customer's name"),
        "task": _("the task's name"),
        "due": _("when it is due"),
        "limit": _("the promise in words"),
        "clause": _("the rule's id"),
        "clauses": _("ids of all rules concerned"),
        "why": _("why it is due then"),
        "assignee": _("who has the task"),
        "recipient": _("who gets this text"),
        "organisation": _("the organisation's name"),
        "unit": _("the unit's name"),
        "message": _("what the step hands in, such as the answer"),
        "overdue": _("how long it is overdue"),
        "share": _("how much of the limit is used"),
        "level": _("the level of the organisation"),
        "link": _("address of the task or case"),
    }


def kind_words(kind: str) -> str:
    """When the text is sent; empty for a kind of the family's own, which a step of a diagram names."""
    return {
        "task_assigned": _("somebody is given a task"),
        "task_reassigned": _("a task goes to somebody else"),
        "deadline_warning": _("a deadline comes near"),
        "deadline_breached": _("a deadline was missed"),
        "escalation": _("a missed deadline goes one level up"),
        "acknowledgement": _("the customer hears that the matter is taken up"),
        "reply": _("the customer gets the answer"),
        "closed": _("the customer hears that the case is closed"),
        "incident_raised": _("an automatic step failed"),
        "reminder": _("a step of the diagram reminds somebody"),
        "calendar_missing": _("next year's holidays are missing"),
    }.get(kind, "")

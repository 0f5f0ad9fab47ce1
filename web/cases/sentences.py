"""One sentence for each event of a timeline: who did what."""

from collections.abc import Mapping
from typing import Any

from engine.queries.timeline import TimelineEntry
from web.languages import gettext as _
from web.moments import exact, listed, span

_DETAILS = frozenset(
    {
        "element.businessRuleTask",
        "element.callActivity",
        "element.endEvent",
        "job.completed",
        "job.bpmn_error",
    }
)


def sentence(entry: TimelineEntry) -> str:
    """Without the moment, which stands beside it. An act without words of its own is named as it is."""
    facts: dict[str, Any] = {
        "who": entry.actor or _("the system"),
        "due": exact(entry.facts.get("due_at")),
        "told": listed(entry.facts.get("told") or (), 8),
        **{
            name: entry.facts.get(name) or ""
            for name in ("step", "limit", "subject", "to", "reason", "share")
        },
    }
    said = _acts(facts).get(entry.act) or _events(facts).get(entry.act)
    said = said or f"{facts['who']} · {entry.act} {facts['subject']}".strip()
    late_seconds = entry.facts.get("late_seconds")
    if late_seconds:
        # Its moment had come while no process was there to do it; the supervisor must not take it for the norm.
        said += _(" (%(amount)s late: no process was running)", amount=span(late_seconds, is_working=False))
    return said


def weight(entry: TimelineEntry) -> str:
    """How it is drawn: `act` of a person, `bad` news, `aside` of the engine, or `detail`, shown on request."""
    if entry.act in ("clock.breached", "clock.escalated", "incident.raised"):
        return "bad"
    if entry.actor:
        return "act"
    return "detail" if entry.act in _DETAILS else "aside"


def _acts(facts: Mapping[str, Any]) -> dict[str, str]:
    return {
        "case.started": _("%(who)s registered %(subject)s", **facts),
        "case.imported": _("Brought in from a register", **facts),
        "case.terminated": _("%(who)s ended the case: %(reason)s", **facts),
        "case.suspended": _("%(who)s suspended the case: %(reason)s", **facts),
        "case.resumed": _("%(who)s let the case go on: %(reason)s", **facts),
        "case.element_skipped": _("%(who)s passed over “%(step)s”: %(reason)s", **facts),
        "case.went_back": _("%(who)s took the case back to “%(step)s”: %(reason)s", **facts),
        "case.variables_corrected": _("%(who)s corrected values of the case: %(reason)s", **facts),
        "case.migrated": _("%(who)s moved the case to another version: %(reason)s", **facts),
        "case.migration_undone": _("%(who)s moved the case back to its version: %(reason)s", **facts),
        "clock.moved": _("%(who)s moved “%(limit)s” to %(due)s: %(reason)s", **facts),
        "task.claimed": _("%(who)s claimed “%(step)s”", **facts),
        "task.released": _("%(who)s gave “%(step)s” back to its group", **facts),
        "task.completed": _("%(who)s completed “%(step)s”", **facts),
        "task.assigned": _("%(who)s handed “%(step)s” to %(to)s: %(reason)s", **facts),
        "clock.started": _("“%(limit)s” runs until %(due)s", **facts),
        "clock.paused": _("%(who)s paused “%(limit)s”: %(reason)s", **facts),
        "clock.resumed": _("%(who)s let “%(limit)s” run again, until %(due)s", **facts),
        "clock.recomputed": _(
            "The calendar changed (%(reason)s): “%(limit)s” now runs until %(due)s", **facts
        )
        if facts["reason"]
        else _("The calendar was published: “%(limit)s” now runs until %(due)s", **facts),
        "timer.recomputed": _(
            "The calendar changed (%(reason)s): “%(step)s” now waits until %(due)s", **facts
        ),
        "clock.acknowledged": _("%(who)s took the delay of “%(limit)s” in hand", **facts),
        "clock.breached": _("“%(limit)s” is overdue since %(due)s; told: %(told)s", **facts),
        "clock.escalated": _("“%(limit)s” is still open and went one level up; told: %(told)s", **facts),
        "deadline.warned": _("%(share)s of “%(limit)s” are used; told: %(told)s", **facts),
        "timer.fired": _("The time of “%(step)s” was up", **facts),
        "message.received": _("Received the message “%(subject)s”", **facts),
        "signal.received": _("Heard the signal “%(subject)s”", **facts),
        "attachment.added": _("%(who)s added %(subject)s", **facts),
        "incident.resolved": _("%(who)s let the stopped step try again", **facts),
        "job.completed": _("“%(step)s” was done automatically", **facts),
        "job.bpmn_error": _("“%(step)s” ended otherwise than hoped", **facts),
        "job.moved": _("%(who)s moved an automatic step to %(due)s", **facts),
        "timer.moved": _("%(who)s moved “%(step)s” to %(due)s", **facts),
    }


def _events(facts: Mapping[str, Any]) -> dict[str, str]:
    return {
        "element.endEvent": _("Reached the end “%(step)s”", **facts),
        "element.boundaryEvent": _("“%(step)s” happened", **facts),
        "element.intermediateCatchEvent": _("“%(step)s” happened", **facts),
        "element.callActivity": _("The stage “%(step)s” is over", **facts),
        "element.businessRuleTask": _("Decided by table: “%(step)s”", **facts),
    }

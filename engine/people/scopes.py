"""What a token may be used for: bundles with a name, or single acts of the permission table.

A token takes away and never gives: each act is asked of its owner's roles at each use.
"""

from collections.abc import Iterable, Mapping

from engine.model import InvalidInput
from engine.people.permissions import ACTS

# Who may make tokens could give one to itself for ever.
NEVER = frozenset({"token.change", "people.change"})
# A program must be able to ask what answers.
ALWAYS = frozenset({"system.read"})

BUNDLES: Mapping[str, frozenset[str]] = {
    "read": frozenset(
        {"case.read", "task.read", "notice.read", "report.read", "release.read", "incident.read", "job.read"}
    ),
    "register": frozenset({"case.start", "message.send", "attachment.add", "release.read"}),
    "work_tasks": frozenset({"task.read", "task.work", "case.read", "attachment.add", "clock.pause"}),
    "external_tasks": frozenset({"external_task.work", "message.send"}),
    "deploy": frozenset({"release.read", "release.deploy"}),
    "operate": frozenset(
        {"incident.read", "incident.resolve", "job.read", "job.change", "audit.read", "audit.verify"}
    ),
}


def check_scopes(words: Iterable[str]) -> list[str]:
    """In order, each once. Raises InvalidInput for none, or one that means nothing."""
    found = sorted(set(words))
    allowed = {*BUNDLES, *ACTS} - NEVER
    unknown = [word for word in found if word not in allowed]
    if unknown:
        raise InvalidInput(
            f"Expected scopes among {', '.join(BUNDLES)} or acts of the permission table, but found {unknown[0]!r}.",
            f"不认识的用途“{unknown[0]}”，可用：{'、'.join(BUNDLES)}，或权限表中的操作。",
        )
    if not found:
        raise InvalidInput("Expected at least one scope.", "请至少选择一项用途。")
    return found


def acts_of(words: Iterable[str]) -> frozenset[str]:
    """What a token of these scopes may do at most. A word of a later program means nothing here."""
    acts = frozenset[str]().union(*(BUNDLES.get(word, {word}) for word in words))
    return ((acts & ACTS.keys()) | ALWAYS) - NEVER

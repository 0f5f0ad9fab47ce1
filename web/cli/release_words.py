"""How `huiyin release` writes versions, acts and findings."""

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.diagrams import Finding
from engine.queries.releases.versions import Act, Version
from web.cli.failure import in_language, language, one_line

_STATES = {
    "draft": "草案", "checked": "已检查", "reviewed": "已复核", "withdrawn": "已撤回", "scheduled": "预定生效", "live": "生效中",
    "replaced": "已被取代", "taken_off": "已取消预定",
}  # fmt: skip
_ACTS = {
    "drafted": "起草", "checked": "检查", "reviewed": "复核", "withdrawn": "撤回", "deployed": "直接发布", "released": "发布",
    "rolled_back": "回退到此", "taken_off": "取消预定",
}  # fmt: skip


def state_word(state: str) -> str:
    return in_language(state.replace("_", " "), _STATES[state])


def act_word(act: str) -> str:
    return in_language(act.replace("_", " "), _ACTS[act])


def moment_word(moment: datetime | None) -> str:
    """In the zone of this machine."""
    return "" if moment is None else moment.astimezone().isoformat(timespec="seconds")


def version_data(version: Version) -> dict[str, Any]:
    """For machines: moments in UTC."""
    return {
        "family": version.family,
        "number": version.number,
        "state": version.state,
        "live_from": version.live_from.isoformat() if version.live_from else None,
        "running": version.running,
        "acts": [_act_data(one) for one in version.acts],
        "findings": list(version.findings),
        "stories": version.stories,
    }


def _act_data(act: Act) -> dict[str, Any]:
    return {
        "act": act.act,
        "at": act.at.isoformat(),
        "by": act.by,
        "reason": act.reason,
        "live_from": act.live_from.isoformat() if act.live_from else None,
    }


def tell_findings(findings: Sequence[Finding | Mapping[str, Any]]) -> None:
    """On stderr, as `huiyin deploy` tells them."""
    for one in findings:
        finding = one if isinstance(one, Finding) else Finding(**one)
        print(f"{finding.severity} [{finding.rule}] {one_line(finding.says(language()))}", file=sys.stderr)

"""Whether one case fits another release: asked of its stored state, before and within the move."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.migration.remarks import limit_remarks, remarks
from engine.commands.migration.verdict import Note, Verdict, kind_of
from engine.commands.migration.words import worded
from engine.commands.releases.installed import InstalledRelease
from engine.spiff import Carried, Obstacle, carry_over, places_in_state


@dataclass(frozen=True)
class Judged:
    """`carried` is None when the releases themselves do not go together."""

    verdict: Verdict
    carried: Carried | None


def judge(
    case: Any,
    blob: bytes,
    old: InstalledRelease,
    new: InstalledRelease,
    mapping: Mapping[str, str],
    limit_names: Collection[str],
    max_bytes: int,
) -> Judged:
    """`case`: a CaseRecord or a row with its columns. `limit_names`: of its clocks that run."""
    reasons = _of_releases(case, old, new)
    if reasons:
        return Judged(_verdict(case, old, new, reasons, []), None)
    key = case.process_key
    carried = carry_over(old.compiled(key), new.compiled(key), blob, mapping, max_bytes)
    reasons = [_reason(old, one) for one in carried.obstacles]
    said: list[Note] = []
    if not reasons:
        said += remarks(old, new, places_in_state(blob), mapping)
        said += limit_remarks(old, new, case.profile_id, limit_names)
    return Judged(_verdict(case, old, new, reasons, said), carried)


def _of_releases(case: Any, old: InstalledRelease, new: InstalledRelease) -> list[Note]:
    if old.release_key == new.release_key:
        return [worded("same_release", case.process_key, case.process_key)]
    if old.family != new.family:
        return [worded("other_family", case.process_key, case.process_key)]
    if case.process_key not in new.definitions:
        return [worded("process_gone", case.process_key, case.process_key)]
    profile = new.profile(case.profile_id)
    if old.profile(case.profile_id) is not None and (
        profile is None or not new.runs_under(profile, case.process_key)
    ):
        return [worded("profile_gone", case.process_key, case.profile_id)]
    return []


def _reason(old: InstalledRelease, one: Obstacle) -> Note:
    name = old.name_of(one.process_key, one.element_id)
    return worded(one.code, one.process_key, one.element_id, name=name)


def _verdict(
    case: Any, old: InstalledRelease, new: InstalledRelease, reasons: list[Note], said: list[Note]
) -> Verdict:
    return Verdict(
        case.instance_key,
        case.business_key,
        old.number,
        new.number,
        kind_of(reasons, said),
        tuple(reasons),
        tuple(said),
    )

"""`huiyin lint --fix`: does what a finding proposes, where it proposes one thing only."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from engine.commands.releases.called_blocks import is_block
from engine.commands.releases.check_family import CheckedFamily, check_family
from engine.commands.releases.family_files import FamilyFiles
from engine.commands.releases.policy_register import PolicyRegister
from engine.diagrams import Finding
from engine.diagrams.fixes import Fix, apply_fix, fixes_for

# What one fix brings to light the next round mends: a renamed id, then what else is said of it.
_ROUNDS = 5
# Not done unasked: an id of the register may only be missing there, and stories and labels name elements by their ids.
_ASKED_FOR = frozenset({"unknown-source", "odd-id"})


@dataclass(frozen=True)
class Mended:
    finding: Finding
    fix: Fix


def mend(
    files: FamilyFiles,
    folder: Path,
    register: PolicyRegister,
    topics: frozenset[str],
    *,
    only: str | None = None,
) -> Iterator[Mended]:
    """Writes the diagrams of the family anew into its folder; `only`: one of its files. Says each change."""
    for _ in range(_ROUNDS):
        checked = check_family(files, register, topics)
        contents = dict(files.files)
        done = list(_round(checked, contents, only))
        if not done:
            return
        yield from done
        for path in {one.finding.file for one in done}:
            (folder / path).write_bytes(contents[path])
        files = replace(files, files=contents)


def _round(checked: CheckedFamily, contents: dict[str, bytes], only: str | None) -> Iterator[Mended]:
    touched: set[tuple[str, str]] = set()
    for finding in checked.findings:
        is_elsewhere = is_block(finding.file) or (only is not None and finding.file != only)
        if is_elsewhere or finding.rule in _ASKED_FOR:
            continue
        fixes = fixes_for(finding, checked.diagrams, checked.context)
        if len(fixes) != 1:
            continue  # Nothing, or a choice: that is the owner's.
        places = {(finding.file, str(one["element"])) for one in fixes[0].changes}
        # The next round looks anew at an element that has just been changed.
        if touched & places:
            continue
        touched |= places
        contents[finding.file] = apply_fix(contents[finding.file], fixes[0])
        yield Mended(finding, fixes[0])

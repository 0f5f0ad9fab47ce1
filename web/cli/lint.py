"""`huiyin lint`: what would go wrong, before anything is deployed."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from engine.commands.handler import HandlerTable
from engine.commands.releases.check_family import check_family
from engine.commands.releases.family_files import FamilyFiles, family_folder, read_families
from engine.commands.releases.policy_register import PolicyRegister
from engine.diagrams import Finding
from handlers import HANDLERS
from web.cli.doors import settings_for
from web.cli.failure import Failure, in_language, language
from web.cli.mend import Mended, mend
from web.cli.options import database_option, json_option
from web.cli.output import print_json

# A file outside of any family: what it refers to cannot be looked up, so it is not judged.
_ABOUT_OTHERS = frozenset({"unknown-form", "unknown-decision", "unknown-call", "no-form", "no-diagram"})


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--fix", "fix", is_flag=True, help="Mend first what can be mended in one way only.")
@json_option
@database_option
def lint(paths: tuple[Path, ...], fix: bool, as_json: bool, database: str | None) -> int:
    """Check diagrams, decision tables, forms, texts and profiles; a folder is checked as a family.

    One finding a line: file and line, element, reason, remedy. Exit code 1 when there are errors.
    """
    processes = settings_for(database).processes_folder
    register = PolicyRegister(processes / "register")
    topics = HandlerTable(HANDLERS).topics()
    mended = [one for path in paths for one in _mend(path, register, topics)] if fix else []
    findings = [finding for path in paths for finding in _lint(path, register, topics)]
    errors = [one for one in findings if one.severity == "error"]
    if as_json:
        print_json(
            {
                "ok": not errors,
                "errors": len(errors),
                "warnings": sum(one.severity == "warning" for one in findings),
                "findings": [one.to_data() for one in findings],
                **({"mended": [_mended_data(one) for one in mended]} if fix else {}),
            }
        )
    else:
        for one in mended:
            said = in_language(one.fix.en, one.fix.zh)
            print(f"{in_language('mended', '已改')} {one.finding.file} {one.finding.element_id}: {said}")
        print_findings(findings)
    return 1 if errors else 0


def print_findings(findings: Iterable[Finding]) -> None:
    words = {"error": ("error", "错误"), "warning": ("warning", "警告"), "advice": ("advice", "建议")}
    counts = dict.fromkeys(words, 0)
    for one in findings:
        counts[one.severity] += 1
        print(f"{in_language(*words[one.severity])} [{one.rule}] {' '.join(one.says(language()).split())}")
    print(
        in_language(
            f"{counts['error']} errors, {counts['warning']} warnings, {counts['advice']} pieces of advice",
            f"{counts['error']} 个错误，{counts['warning']} 个警告，{counts['advice']} 条建议",
        )
    )
    sys.stdout.flush()


def _mend(path: Path, register: PolicyRegister, topics: frozenset[str]) -> Iterator[Mended]:
    if path.is_dir():
        for family in read_families([path]):
            yield from mend(family, _place(path, family), register, topics)
        return
    if not path.is_file():
        return  # The check says so.
    folder = family_folder(path)
    if folder is None:
        # What it refers to is unknown, so that only what stands in it can be wrong.
        alone = FamilyFiles(path.stem, {path.name: path.read_bytes()}, True, _ABOUT_OTHERS)
        yield from mend(alone, path.parent, register, topics)
        return
    name = path.resolve().relative_to(folder.resolve()).as_posix()
    for family in read_families([folder]):
        yield from mend(family, folder, register, topics, only=name)


def _mended_data(one: Mended) -> dict[str, Any]:
    return {"file": one.finding.file, "rule": one.finding.rule, **one.fix.to_data()}


def _place(path: Path, family: FamilyFiles) -> Path:
    return path if path.resolve().name == family.family else path / family.family


def _lint(path: Path, register: PolicyRegister, topics: frozenset[str]) -> Iterator[Finding]:
    if path.is_dir():
        for family in read_families([path]):
            yield from _placed(check_family(family, register, topics).findings, _place(path, family))
        return
    if not path.is_file():
        raise Failure(f"Expected a file or folder {path}, but there is none.", f"没有找到“{path}”。")
    folder = family_folder(path)
    if folder is not None:
        name = path.resolve().relative_to(folder.resolve()).as_posix()
        for family in read_families([folder]):
            found = check_family(family, register, topics).findings
            yield from _placed((one for one in found if one.file == name), folder)
        return
    alone = FamilyFiles(path.stem, {path.name: path.read_bytes()}, is_partial=True)
    found = check_family(alone, register, topics).findings
    yield from _placed((one for one in found if one.rule not in _ABOUT_OTHERS), path.parent)


def _placed(findings: Iterable[Finding], folder: Path) -> Iterator[Finding]:
    for one in findings:
        yield replace(one, file=str(folder / one.file))

"""Reads all files of a family and says what would go wrong, before anything of it goes live."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import orjson
from lxml import etree

from engine.commands.releases.check_decisions import decision_findings
from engine.commands.releases.family_files import FamilyFiles, kind_of_file
from engine.commands.releases.policy_register import PolicyRegister
from engine.decisions import DecisionError, DecisionTable, read_decisions
from engine.diagrams import (
    Diagram,
    DiagramError,
    Finding,
    LintContext,
    ProfileNames,
    lint_diagrams,
    read_diagram,
    runs_under,
)
from engine.diagrams.lint.values import known_variables
from engine.forms import FormDefinition, FormFileError, check_form, read_form
from engine.notices import check_texts
from engine.people.candidates import EVERYONE
from engine.profiles import Profile, ProfileError, read_profile
from engine.spiff import DiagramNotRunnable, compile_process
from engine.worktime import Limit

Read = TypeVar("Read")


@dataclass
class CheckedFamily:
    """What stands in the files, and every finding. With errors among the findings it must not be deployed."""

    files: FamilyFiles
    findings: list[Finding] = field(default_factory=list)
    diagrams: list[Diagram] = field(default_factory=list)
    decisions: list[DecisionTable] = field(default_factory=list)
    forms: list[FormDefinition] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    specs: dict[str, bytes] = field(default_factory=dict)  # process key → compiled
    context: LintContext = field(default_factory=LintContext)  # what the diagrams were judged by

    @property
    def errors(self) -> list[Finding]:
        return [one for one in self.findings if one.severity == "error"]

    @cached_property
    def texts(self) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for path, content in self.files.files.items():
            if kind_of_file(path) == "text":
                _, locale, name = path.rsplit("/", 2)
                found.setdefault(locale, {})[name.removesuffix(".md")] = content.decode()
        return found


def check_family(files: FamilyFiles, register: PolicyRegister, topics: frozenset[str]) -> CheckedFamily:
    """Reads, lints and compiles. Never raises for what stands in a file: all of it is findings."""
    checked = CheckedFamily(files)
    for path, content in sorted(files.files.items()):
        _read_one(checked, path, content)
    if not any(kind_of_file(path) == "bpmn" for path in files.files):
        checked.findings.append(
            _finding(
                "error", "no-diagram", files.family, "没有流程图（.bpmn）。", "There is no diagram (.bpmn)."
            )
        )
    checked.findings += _text_findings(checked)
    checked.findings += _rewrite_findings(checked)
    context = checked.context = _context(checked, register, topics)
    checked.findings += decision_findings(
        checked.decisions, checked.diagrams, known_variables(checked.diagrams, context)
    )
    checked.findings += _process_findings(checked)
    checked.findings += lint_diagrams(checked.diagrams, context)
    checked.findings = [one for one in checked.findings if one.rule not in files.not_judged]
    if not checked.errors:
        _compile(checked)
    order = {"error": 0, "warning": 1, "advice": 2}
    checked.findings.sort(key=lambda one: (order[one.severity], one.file, one.line or 0))
    return checked


def _read_one(checked: CheckedFamily, path: str, content: bytes) -> None:
    match kind_of_file(path):
        case "bpmn":
            checked.diagrams += _take(checked, path, lambda: [read_diagram(content, path)])
        case "dmn":
            checked.decisions += _take(checked, path, lambda: read_decisions(content, path))
        case "form":
            forms = _take(checked, path, lambda: [read_form(content, path)])
            checked.forms += forms
            for form in forms:
                checked.findings += [
                    _finding(one.severity, "form", path, one.zh, one.en, element_id=one.field)
                    for one in check_form(form)
                ]
        case "profile":
            checked.profiles += _take(checked, path, lambda: [read_profile(content, path)])
        case "labels":
            _take(checked, path, lambda: [orjson.loads(content)])
        case "text":
            _take(checked, path, lambda: [content.decode("utf-8")])
        case None:
            checked.findings.append(
                _finding("advice", "unread-file", path, "这个文件不会被读取。", "Nothing reads this file.")
            )


def _take(checked: CheckedFamily, path: str, read: Callable[[], Iterable[Read]]) -> list[Read]:
    try:
        return list(read())
    except DiagramError as problem:
        checked.findings.append(problem.finding)
    except (DecisionError, FormFileError, ProfileError) as problem:
        line = getattr(problem, "line", None)
        checked.findings.append(_finding("error", "unreadable", path, problem.zh, problem.en, line=line))
    except (orjson.JSONDecodeError, UnicodeDecodeError) as problem:
        checked.findings.append(
            _finding(
                "error",
                "unreadable",
                path,
                f"文件读不懂：{problem}。",
                f"The file cannot be read: {problem}.",
            )
        )
    return []


def _text_findings(checked: CheckedFamily) -> list[Finding]:
    try:
        texts = checked.texts
    except UnicodeDecodeError:
        return []  # told already
    return [
        _finding("error", "text", f"texts/{one.locale}/{one.kind}.md", one.zh, one.en)
        for one in check_texts(texts)
    ]


def _rewrite_findings(checked: CheckedFamily) -> list[Finding]:
    return [
        _finding(
            "advice", f"rewritten-{one.rule}", diagram.file_name, one.zh, one.en,
            element_id=one.element_id, line=one.line,
        )
        for diagram in checked.diagrams
        for one in diagram.rewrites
    ]  # fmt: skip


def _process_findings(checked: CheckedFamily) -> list[Finding]:
    """A profile whose process is misspelt would be refused only when somebody wants to begin a case."""
    known = {
        process.id for diagram in checked.diagrams for process in diagram.processes if process.is_executable
    }
    return [
        _finding(
            "error", "profile-process", f"profiles/{profile.id}.toml",
            f"策略档案指定的流程“{key}”不存在。请改为：{'、'.join(sorted(known))}。",
            f"The profile names the process {key}, which does not exist. Name one of {', '.join(sorted(known))}.",
        )
        for profile in checked.profiles
        for key in profile.processes
        if key not in known
    ]  # fmt: skip


def _context(checked: CheckedFamily, register: PolicyRegister, topics: frozenset[str]) -> LintContext:
    variables = {name for form in checked.forms for name in form.field_names}
    profiles = {profile.id: _names(profile) for profile in checked.profiles}
    return LintContext(
        forms={form.key for form in checked.forms},
        decisions={table.id for table in checked.decisions},
        # Every member of staff is a role that the register need not list.
        roles={*register.roles, EVERYONE} if register.roles else None,
        topics=topics,
        profiles=profiles or None,
        under=runs_under(checked.diagrams, profiles),
        register_ids=register.ids or None,
        # Without any form nobody can say which variables a case is started with.
        variables=variables or None,
    )


def _names(profile: Profile) -> ProfileNames:
    return ProfileNames(
        limits=frozenset(profile.limits),
        once=frozenset(name for name, one in profile.limits.items() if isinstance(one.limit, Limit)),
        options=frozenset(profile.options),
        roles=profile.roles,
        ladders=frozenset(profile.ladders),
        processes=profile.processes,
    )


def _compile(checked: CheckedFamily) -> None:
    drawn = {process.id: diagram for diagram in checked.diagrams for process in diagram.processes}
    for diagram in checked.diagrams:
        for process in diagram.processes:
            if not process.is_executable:
                continue
            try:
                checked.specs[process.id] = compile_process(process.id, _reached(process.id, drawn))
            except DiagramNotRunnable as problem:
                checked.findings.append(
                    _finding(
                        "error", "not-runnable", problem.file_name or diagram.file_name,
                        f"引擎不能执行：{problem.reason}", f"The engine cannot run it: {problem.reason}",
                        element_id=problem.element_id, line=problem.line,
                    )
                )  # fmt: skip


def _reached(process_key: str, drawn: Mapping[str, Diagram]) -> dict[str, etree._Element]:
    """By file, the diagrams that the process stands in and those that it calls, directly or not.

    A family has dozens; with all of them given for each process, reading them would take most of a check.
    """
    roots: dict[str, etree._Element] = {}
    waiting = [process_key]
    while waiting:
        diagram = drawn.get(waiting.pop())
        if diagram is None or diagram.executed is None or diagram.file_name in roots:
            continue
        roots[diagram.file_name] = diagram.executed
        waiting += [
            element.called_element
            for process in diagram.processes
            for element in process.elements.values()
            if element.called_element
        ]
    return roots


def _finding(
    severity: str,
    rule: str,
    file: str,
    zh: str,
    en: str,
    *,
    element_id: str | None = None,
    line: int | None = None,
) -> Finding:
    return Finding(severity, rule, file, element_id, None, line, {"zh": zh, "en": en}, {"zh": "", "en": ""})

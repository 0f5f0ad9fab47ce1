"""`huiyin decide`: tries a decision table on one row of inputs, and says why each rule hits or does not."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import orjson

from engine.decisions import (
    DecisionError,
    DecisionTable,
    TableFinding,
    Trial,
    TriedRule,
    analyse,
    read_decisions,
    try_decision,
)
from web.cli.failure import Failure, failure_of, in_language
from web.cli.json_input import read_data
from web.cli.options import database_option, json_option
from web.cli.output import print_json


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--decision", metavar="ID", help="Which decision of the file (default: the only one).")
@click.option(
    "--data", type=click.File("rb"), help="A file with one JSON object (- for stdin): the row of inputs."
)
@click.option(
    "--input", "pairs", multiple=True, metavar="NAME=VALUE", help="One input; the value is JSON, else text."
)
@json_option
@database_option
def decide(
    file: Path, decision: str | None, data: Any, pairs: tuple[str, ...], as_json: bool, database: str | None
) -> int:
    """Try a decision table on a row of inputs: the outputs, the rules that hit, and where the others stopped fitting.

    Exit code 1 when the file would be refused at deployment, or the table has no answer for the row. Nothing is stored.
    """
    del database  # Every command takes it, so that a script may pass it to all; a table needs none.
    try:
        tables = read_decisions(file.read_bytes(), str(file))
        table = _chosen(tables, decision, file)
        trial = try_decision(table, read_data(data, pairs))
    except (DecisionError, Failure, OSError) as refusal:
        if not as_json:
            raise
        print_json({"ok": False, "error": failure_of(refusal).message})
        return 1
    findings = analyse(table)
    is_refused = trial.failure is not None or any(one.severity == "error" for one in findings)
    if as_json:
        print_json(
            {"ok": not is_refused, **_as_data(trial), "findings": [_finding_as_data(one) for one in findings]}
        )
    else:
        _print(trial, findings)
    return 1 if is_refused else 0


def _chosen(tables: Sequence[DecisionTable], decision: str | None, file: Path) -> DecisionTable:
    ids = ", ".join(one.id for one in tables)
    if not tables:
        raise Failure(f"Expected a decision in {file}, but there is none.", f"“{file}”中没有决策。")
    if decision is None and len(tables) > 1:
        raise Failure(
            f"Expected --decision, because {file} holds several: {ids}.",
            f"“{file}”中有多个决策，请用 --decision 指明：{ids}。",
        )
    for one in tables:
        if decision in (None, one.id):
            return one
    raise Failure(
        f"Expected one of {ids} as --decision, but it is {decision}.",
        f"--decision 应为 {ids} 之一，但写的是 {decision}。",
    )


def _as_data(trial: Trial) -> dict[str, Any]:
    result, failure = trial.result, trial.failure
    return {
        "decision": trial.decision_id,
        "inputs": dict(trial.inputs),
        "outputs": None if result is None else result.outputs,
        "value": None if result is None else result.value,
        "matched": [one.number for one in trial.rules if one.is_hit],
        "rules": [
            {
                "number": one.number, "id": one.id, "line": one.line, "hit": one.is_hit,
                "column": one.column, "cell": one.cell, "value": one.value,
            }
            for one in trial.rules
        ],
        "error": None if failure is None else in_language(failure.en, failure.zh),
        "required": [_as_data(one) for one in trial.required],
    }  # fmt: skip


def _finding_as_data(one: TableFinding) -> dict[str, Any]:
    return {
        "severity": one.severity, "rule": one.rule, "numbers": list(one.numbers), "zh": one.zh, "en": one.en
    }  # fmt: skip


def _print(trial: Trial, findings: Sequence[TableFinding]) -> None:
    for one in trial.required:
        _print(one, ())
    print(f"{trial.decision_id} “{trial.name}”")
    for rule in trial.rules:
        print(f"  {_says(rule)}")
    if trial.failure is not None:
        print(in_language(f"  refused: {trial.failure.en}", f"  拒绝：{trial.failure.zh}"))
    elif trial.result is not None and trial.result.is_aggregated:
        print(f"  = {_shown(trial.result.value)}")
    elif trial.result is not None and not trial.result.outputs:
        print(in_language("  no rule hits: there is no answer", "  没有规则命中：没有结果"))
    elif trial.result is not None:
        for answer in trial.result.outputs:
            print(f"  = {', '.join(f'{name} = {_shown(value)}' for name, value in answer.items())}")
    words = {"error": "错误", "warning": "警告", "advice": "建议"}
    for finding in findings:
        print(in_language(f"{finding.severity}: {finding.en}", f"{words[finding.severity]}：{finding.zh}"))


def _says(rule: TriedRule) -> str:
    if rule.is_hit:
        return in_language(f"rule {rule.number} hits", f"第 {rule.number} 条规则命中")
    value = _shown(rule.value)
    return in_language(
        f"rule {rule.number}: {rule.column} = {value} does not fit {rule.cell}",
        f"第 {rule.number} 条规则：{rule.column} = {value}，不符合 {rule.cell}",
    )


def _shown(value: Any) -> str:
    """As a cell would write it."""
    return orjson.dumps(value).decode()

"""What an editor is told of a table that is not saved yet: its columns, what is wrong with it, and how a row is decided."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from engine.decisions import (
    DecisionError,
    DecisionTable,
    TableFinding,
    Trial,
    analyse,
    read_decisions,
    try_decision,
)
from engine.decisions.table import TableInput
from engine.decisions.values import NUMBERS, WHOLE, stored
from engine.queries.releases.other_changes import compare_tables

Json = dict[str, Any]


def examine(
    text: str, path: str, decision: str | None, row: Mapping[str, str] | None, live: bytes | None
) -> Json:
    """`row`: what a person typed for each input, as text; `live`: the file as it is live.

    Never raises for what stands in the table or the row.
    """
    try:
        tables = read_decisions(text.encode(), path)
    except DecisionError as problem:
        says = {"zh": problem.zh, "en": problem.en}
        return {"tables": [], "refused": says, "findings": [], "changes": [], "trial": None}
    asked = next((one for one in tables if one.id == decision), None)
    return {
        "tables": [_table(one) for one in tables],
        "refused": None,
        "findings": [_finding(one, table) for table in tables for one in analyse(table)],
        "changes": _changes(live, path, tables),
        "trial": None if asked is None or row is None else _trial(try_decision(asked, typed_row(asked, row))),
    }


def _changes(live: bytes | None, path: str, tables: Sequence[DecisionTable]) -> list[Json]:
    try:
        old = () if live is None else read_decisions(live, path)
    except DecisionError:
        return []
    found = compare_tables({one.id: one for one in old}, {one.id: one for one in tables})
    return [{"zh": one.says("zh"), "en": one.says("en")} for one in found]


def typed_row(table: DecisionTable, row: Mapping[str, str]) -> Json:
    """Variables as the case would hold them: `customer.level` becomes a key inside an object."""
    variables: Json = {}
    for one in asked_inputs(table):
        held = variables
        for key in one.path[:-1]:
            held = held.setdefault(key, {})
        held[one.path[-1]] = _typed(one.kind, row.get(one.name, ""))
    return variables


def asked_inputs(table: DecisionTable) -> Iterator[TableInput]:
    """What a person fills in: the inputs of the table and of those that it requires, but not their answers."""
    given = {name for one in table.required for name in one.variables()}
    seen: set[str] = set()
    required = (one for each in table.required for one in asked_inputs(each))
    for one in (*(one for one in table.inputs if one.path[0] not in given), *required):
        if one.name not in seen:
            seen.add(one.name)
            yield one


def _typed(kind: str, text: str) -> Any:
    """Empty is nothing filled in. What is no value of its kind stays text: the trial then says what was expected."""
    plain = text.strip()
    if not plain:
        return None
    if kind == "boolean":
        return {"true": True, "false": False}.get(plain, plain)
    if kind in NUMBERS:
        try:
            number = unicodedata.normalize("NFKC", plain)
            return int(number) if kind in WHOLE or "." not in number else float(number)
        except ValueError:
            return plain
    if kind == "Any":
        try:
            return orjson.loads(plain)
        except orjson.JSONDecodeError:
            return plain
    return plain


def _table(table: DecisionTable) -> Json:
    return {
        "id": table.id,
        "name": table.name,
        "inputs": [
            {
                "name": one.name,
                "label": one.label,
                "kind": one.kind,
                "allowed": [stored(value) for value in (one.allowed.listed() if one.allowed else None) or ()],
            }
            for one in asked_inputs(table)
        ],
        "rules": [{"id": one.id, "number": one.number} for one in table.rules],
    }


def _finding(one: TableFinding, table: DecisionTable) -> Json:
    ids = {rule.number: rule.id for rule in table.rules}
    return {
        "severity": one.severity,
        "rule": one.rule,
        "decision": one.decision_id,
        "rows": [{"number": number, "id": ids[number]} for number in one.numbers],
        "says": {"zh": one.zh, "en": one.en},
    }


def _trial(trial: Trial) -> Json:
    result, failure = trial.result, trial.failure
    return {
        "decision": trial.decision_id,
        "name": trial.name,
        "rows": [
            {
                "id": one.id, "number": one.number, "is_hit": one.is_hit, "column": one.column, "cell": one.cell,
                "value": one.value,
            }
            for one in trial.rules
        ],
        "outputs": [] if result is None else result.outputs,
        "value": None if result is None else result.value,
        "is_aggregated": result is not None and result.is_aggregated,
        "failure": None if failure is None else {"zh": failure.zh, "en": failure.en},
        "required": [_trial(one) for one in trial.required],
    }  # fmt: skip

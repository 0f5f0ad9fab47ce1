"""Reads `kpis.toml`: measures by name, and the indicators that put them together.

[measures.closed]             what is counted: cases, clocks or tasks
of = "cases"                  of which moment: started or ended (cases), due (clocks), created or done (tasks)
at = "ended"                  which ones: families, processes, limits (register ids), `kept`, and `where`,
families = ["complaint"]      an expression over the variables of the case; `value` adds up a number instead

[[kpi]]                       the figure: share = numerator / denominator, mean = the same as a number, count = the
figure = "share"              numerator alone; `split` counts it by a variable; `not_computed` says why there is none
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.expressions import Expression, ExpressionError, compile_expression
from engine.model import HuiyinError
from engine.queries.kpis.periods import CYCLES

FILE = "kpis.toml"
_MOMENTS = {"cases": {"started", "ended"}, "clocks": {"due"}, "tasks": {"created", "done"}}
_MEASURE = {"of", "at", "families", "processes", "limits", "kept", "where", "value"}
_KPI = {
    *("id", "title", "says", "cycle", "figure", "numerator", "denominator", "split", "target", "is_falling"),
    *("not_computed", "fact"),
}
_FIGURES = {"share", "mean", "count"}


class KpiFileError(HuiyinError):
    """Says which entry of the file is wrong."""


@dataclass(frozen=True)
class Measure:
    name: str
    of: str  # cases | clocks | tasks
    at: str
    families: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    is_kept: bool = False  # only those whose promises were kept
    where: Expression | None = None
    value: Expression | None = None


@dataclass(frozen=True)
class Kpi:
    """`target`: of a share between 0 and 1. `is_fact` is false where the definition or the target is ours [A]."""

    id: str
    title: Mapping[str, str]
    says: Mapping[str, str]
    cycle: str
    figure: str | None  # None: nothing in the data answers it
    numerator: tuple[Measure, ...]
    denominator: tuple[Measure, ...]
    split: str | None
    target: float | None
    is_falling: bool  # lower is better
    not_computed: Mapping[str, str]
    is_fact: bool


@dataclass(frozen=True)
class KpiBook:
    kpis: tuple[Kpi, ...]

    def get(self, kpi_id: str) -> Kpi | None:
        return next((one for one in self.kpis if one.id == kpi_id), None)


@lru_cache(maxsize=4)
def load_kpis(folder: Path) -> KpiBook:
    """From the folder of the procedures; no file is no indicator. Raises KpiFileError."""
    file = folder / FILE
    if not file.is_file():
        return KpiBook(())
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError) as problem:
        raise _error(FILE, str(problem)) from problem
    measures = {name: _measure(name, one) for name, one in data.get("measures", {}).items()}
    return KpiBook(tuple(_kpi(one, measures) for one in data.get("kpi", ())))


def _measure(name: str, data: Mapping[str, Any]) -> Measure:
    unknown = set(data) - _MEASURE
    of, at = data.get("of"), data.get("at")
    if unknown or of not in _MOMENTS or at not in _MOMENTS[of]:
        raise _error(
            name, f"unknown {', '.join(sorted(unknown))}" if unknown else f"{of} has no moment {at!r}"
        )
    return Measure(
        name,
        of,
        at,
        tuple(data.get("families", ())),
        tuple(data.get("processes", ())),
        tuple(data.get("limits", ())),
        bool(data.get("kept", False)),
        _expression(name, data.get("where")),
        _expression(name, data.get("value")),
    )


def _expression(name: str, text: str | None) -> Expression | None:
    if text is None:
        return None
    try:
        return compile_expression(text)
    except ExpressionError as problem:
        raise _error(name, str(problem)) from problem


def _kpi(data: Mapping[str, Any], measures: Mapping[str, Measure]) -> Kpi:
    key = str(data.get("id", "?"))
    figure = data.get("figure")
    unknown = set(data) - _KPI
    if unknown or data.get("cycle") not in CYCLES or (figure is not None and figure not in _FIGURES):
        raise _error(key, f"unknown {', '.join(sorted(unknown)) or 'cycle or figure'}")
    named = [*data.get("numerator", ()), *data.get("denominator", ())]
    missing = [one for one in named if one not in measures]
    if missing:
        raise _error(key, f"no measure {', '.join(missing)}")
    is_whole = bool(data.get("numerator")) and (figure == "count" or bool(data.get("denominator")))
    if (figure is not None and not is_whole) or (figure is None and not data.get("not_computed")):
        raise _error(key, "neither whole figure nor a reason why there is none")
    return Kpi(
        key,
        data["title"],
        data["says"],
        data["cycle"],
        figure,
        tuple(measures[one] for one in data.get("numerator", ())),
        tuple(measures[one] for one in data.get("denominator", ())),
        data.get("split"),
        data.get("target"),
        bool(data.get("is_falling", False)),
        data.get("not_computed", {}),
        bool(data.get("fact", True)),
    )


def _error(place: str, what: str) -> KpiFileError:
    return KpiFileError(f"{FILE}, {place}: {what}.", f"{FILE} 的“{place}”有误：{what}。")

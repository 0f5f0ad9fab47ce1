"""How often does something come again: repeating timers, retries, iterations that are counted out in the diagram."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.rules import found
from engine.diagrams.model import Diagram, Element, ProcessModel
from engine.expressions import ExpressionError, compile_expression
from engine.worktime import LimitError, parse_cycle

# One round a minute, day and night: each round is a transaction and lines of the log that are kept for years, and
# nobody is helped by being told more often. A diagram that asks for more has a slip in its figures.
MOST_ROUNDS_A_DAY = 1_440
# Each iteration is a place of its own to be drawn, saved and looked at; a case holds 500 of them (engine/spiff/guards.py).
MOST_ITERATIONS = 500
_DAY = timedelta(days=1)
_SECONDS = re.compile(r"R([0-9]{0,18})/PT([0-9]{1,9}(?:\.[0-9]{1,9})?)S")


def check(diagrams: Sequence[Diagram], context: LintContext) -> Iterator[Finding]:  # noqa: ARG001
    for diagram in diagrams:
        for process in diagram.processes:
            for element in process.elements.values():
                yield from _of(process, element)


def _of(process: ProcessModel, element: Element) -> Iterator[Finding]:
    timer, retry = element.timer, element.retry_cycle
    if timer is not None and timer.kind == "cycle" and _is_too_often(timer.text):
        yield found("too-often", process, element, zh=timer.text, en=timer.text)
    if retry and _is_too_often(retry):
        yield found("too-often", process, element, zh=retry, en=retry)
    loop = element.multi_instance
    if loop is not None and loop.cardinality and not loop.collection:
        count = _constant(loop.cardinality)
        if count is not None and not _is_count(count):
            yield found("bad-count", process, element, zh=loop.cardinality, en=loop.cardinality)


def _is_too_often(cycle: str) -> bool:
    in_seconds = _SECONDS.fullmatch(cycle)
    if in_seconds is not None:  # parts of a second, or none at all, are no cycle to anybody else
        rounds, wait = int(in_seconds[1] or MOST_ROUNDS_A_DAY + 1), timedelta(seconds=float(in_seconds[2]))
    else:
        try:
            known, wait = parse_cycle(cycle)
        except LimitError:
            return False  # Another rule says that it cannot be read.
        rounds = MOST_ROUNDS_A_DAY + 1 if known is None else known
    return min(rounds, _DAY / wait if wait else rounds) > MOST_ROUNDS_A_DAY


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= MOST_ITERATIONS


def _constant(text: str) -> object:
    """The value of an expression that asks for nothing; None where it depends on a case, or is wrong."""
    try:
        expression = compile_expression(text)
        return None if expression.names or expression.calls else expression.evaluate({})
    except ExpressionError:
        return None

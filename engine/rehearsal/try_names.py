"""Names that a diagram reads and that nothing in it sets: in a try they are there, empty, as fields of forms are in a case."""

from collections.abc import Iterable, Iterator

from engine.decisions import DecisionTable
from engine.diagrams import ProcessModel
from engine.expressions import ExpressionError, compile_expression, compile_script, compile_template

_OF_LOOPS = frozenset({"loopCounter", "nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances"})


def names_nobody_sets(models: Iterable[ProcessModel], tables: Iterable[DecisionTable]) -> frozenset[str]:
    """What a script, a decision, a loop or a mapping sets is left out: read too early, it is missing in a case too."""
    known = list(models)
    read = {name for model in known for name in _read_by(model)}
    read |= {column.path[0] for table in tables for column in table.inputs if column.path}
    return frozenset(read - _OF_LOOPS - {name for model in known for name in _set_by(model)})


def _read_by(model: ProcessModel) -> Iterator[str]:
    for flow in model.flows.values():
        yield from _of_expression(flow.condition)
    for element in (model.process, *model.elements.values()):
        for text in (*element.templates, *element.outputs.values()):
            yield from _of_template(text)
        mapped = (one.source_expression for one in (*element.in_mappings, *element.out_mappings))
        for expression in (*element.expressions, *mapped):
            yield from _of_expression(expression)
        if element.script:
            yield from _of_script(element.script)[0]


def _set_by(model: ProcessModel) -> Iterator[str]:
    for element in model.elements.values():
        if element.script:
            yield from _of_script(element.script)[1]
        if element.result_variable:
            yield element.result_variable
        if element.multi_instance and element.multi_instance.element_variable:
            yield element.multi_instance.element_variable
        # A handler's outputs are often mapped to their own names; here nobody gives them.
        given = {name for text in element.outputs.values() for name in _of_template(text)}
        yield from (name for name in element.outputs if name not in given)
        yield from (one.target for one in (*element.in_mappings, *element.out_mappings) if one.target)


def _of_expression(text: str | None) -> frozenset[str]:
    try:
        return compile_expression(text).names if text else frozenset()
    except ExpressionError:
        return frozenset()  # The walk will tell.


def _of_template(text: str) -> Iterator[str]:
    if "${" not in text:
        return
    try:
        expressions = compile_template(text).expressions
    except ExpressionError:
        return
    for one in expressions:
        yield from one.names


def _of_script(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """(read, set)"""
    try:
        script = compile_script(text)
    except ExpressionError:
        return frozenset(), frozenset()
    return frozenset(script.names), frozenset(script.assigned)

"""Are expressions and scripts sound, and do the variables that they read exist."""

from collections.abc import Iterator, Sequence

from engine.diagrams.finding import Finding
from engine.diagrams.lint.context import LintContext
from engine.diagrams.lint.rules import RULES, found
from engine.diagrams.model import Diagram, Element, ProcessModel
from engine.expressions import (
    Expression,
    ExpressionError,
    compile_expression,
    compile_script,
    compile_template,
)

_LOOP_NAMES = {"loopCounter", "nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances"}
_SCRIPT_FORMATS = (None, "", "huiyin")


def check(diagrams: Sequence[Diagram], context: LintContext) -> Iterator[Finding]:
    known = known_variables(diagrams, context)
    for diagram in diagrams:
        for process in diagram.processes:
            for flow in process.flows.values():
                if flow.condition and flow.condition_language not in _SCRIPT_FORMATS:
                    language = str(flow.condition_language)
                    yield found(
                        "script-language",
                        process,
                        zh=language,
                        en=language,
                        element_id=flow.id,
                        line=flow.line,
                    )
                elif flow.condition:
                    yield from _expression(process, None, flow.condition, known, flow.id, flow.line)
            for element in (process.process, *process.elements.values()):
                yield from _element(process, element, known, context)


def known_variables(diagrams: Sequence[Diagram], context: LintContext) -> set[str] | None:
    """Every name that a form, a script, a decision, a loop or a mapping can set."""
    if context.variables is None:
        return None
    known = set(context.variables) | _LOOP_NAMES
    for diagram in diagrams:
        for process in diagram.processes:
            for one in process.elements.values():
                if one.script:
                    try:
                        known |= compile_script(one.script).assigned
                    except ExpressionError:
                        continue
                known |= {name for name in (one.result_variable,) if name}
                known |= set(one.outputs)
                known |= {
                    mapping.target for mapping in (*one.in_mappings, *one.out_mappings) if mapping.target
                }
                if one.multi_instance and one.multi_instance.element_variable:
                    known.add(one.multi_instance.element_variable)
    return known


def _element(
    process: ProcessModel, element: Element, known: set[str] | None, context: LintContext
) -> Iterator[Finding]:
    for text in element.templates:
        yield from _template(process, element, text, known)
    # What a handler gives is known by name only when it runs.
    for text in element.outputs.values():
        yield from _template(process, element, text, None)
    for mapping in (*element.in_mappings, *element.out_mappings):
        if mapping.source_expression:
            yield from _expression(process, element, mapping.source_expression, None)
    for text in element.expressions:
        yield from _expression(process, element, text, known)
    if element.kind == "scriptTask":
        yield from _script(process, element, known)
    if context.register_ids is not None:
        for register_id in element.source:
            if register_id not in context.register_ids:
                yield found("unknown-source", process, element, zh=register_id, en=register_id)


def _template(
    process: ProcessModel, element: Element, text: str, known: set[str] | None
) -> Iterator[Finding]:
    if "#{" in text:
        # Camunda reads it like ${…}; here it would stay as it is written.
        said = ExpressionError(
            text, text.index("#{"), "`#{` is not read.", "“#{”不会被识别。", "Write ${…}.", "请写成 ${…}。"
        )
        yield _wrong("bad-expression", process, element, said)
    if "${" not in text:
        return
    try:
        template = compile_template(text)
    except ExpressionError as problem:
        yield _wrong("bad-expression", process, element, problem)
        return
    for expression in template.expressions:
        yield from _names(process, element, expression, known)


def _expression(
    process: ProcessModel,
    element: Element | None,
    text: str,
    known: set[str] | None,
    flow_id: str | None = None,
    line: int | None = None,
) -> Iterator[Finding]:
    try:
        expression = compile_expression(text)
    except ExpressionError as problem:
        yield _wrong("bad-expression", process, element, problem, flow_id, line)
        return
    yield from _names(process, element, expression, known, flow_id, line)


def _names(
    process: ProcessModel,
    element: Element | None,
    expression: Expression,
    known: set[str] | None,
    flow_id: str | None = None,
    line: int | None = None,
) -> Iterator[Finding]:
    for name in sorted(expression.names):
        if known is not None and name not in known:
            yield found("unknown-variable", process, element, zh=name, en=name, element_id=flow_id, line=line)


def _script(process: ProcessModel, element: Element, known: set[str] | None) -> Iterator[Finding]:
    if element.script_format not in _SCRIPT_FORMATS:
        yield found(
            "script-language", process, element, zh=str(element.script_format), en=str(element.script_format)
        )
        return
    try:
        script = compile_script(element.script or "")
    except ExpressionError as problem:
        yield _wrong("bad-script", process, element, problem)
        return
    for name in sorted(script.names):
        if known is not None and name not in known:
            yield found("unknown-variable", process, element, zh=name, en=name)


def _wrong(
    code: str,
    process: ProcessModel,
    element: Element | None,
    problem: ExpressionError,
    flow_id: str | None = None,
    line: int | None = None,
) -> Finding:
    rule = RULES[code]
    return Finding(
        rule.severity,
        code,
        process.file,
        flow_id or (element.id if element else process.id),
        element.name if element else None,
        line or (element.line if element else process.line),
        {
            "zh": f"{rule.zh}：“{problem.text}”：{problem.reason_zh}",
            "en": f"{rule.en}: `{problem.text}`: {problem.reason_en}",
        },
        {"zh": problem.remedy_zh, "en": problem.remedy_en},
    )

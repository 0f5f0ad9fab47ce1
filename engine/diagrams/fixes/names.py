"""Names that lead nowhere: tables, topics, called processes, messages, codes, rules of the register."""

from collections.abc import Callable, Collection, Iterator, Mapping

from engine.decisions import RESULT_MAPPINGS
from engine.diagrams.fixes.fix import Fix, change
from engine.diagrams.fixes.place import Place, alike

_REFERENCES = {
    "messageRef": ("message", "name"),
    "signalRef": ("signal", "name"),
    "errorRef": ("error", "errorCode"),
    "escalationRef": ("escalation", "escalationCode"),
}


def _use(place: Place, attribute: str, asked: str | None, known: Collection[str]) -> Iterator[Fix]:
    for near in alike(asked or place.key, known):
        yield Fix(f"改为 {near}", f"Use {near}", (change(place.key, set=attribute, to=near),))


def _decision(place: Place) -> Iterator[Fix]:
    element = place.element
    yield from _use(
        place,
        "camunda:decisionRef",
        element.decision_ref if element else None,
        place.names.decisions or (),
    )


def _no_result(place: Place) -> Iterator[Fix]:
    """The answer is kept under the name of the table."""
    element = place.element
    if element is None or not element.decision_ref:
        return
    name = element.decision_ref.replace("-", "_")
    if name.isidentifier():
        yield Fix(
            f"结果存为 {name}",
            f"Keep the result as {name}",
            (change(place.key, set="camunda:resultVariable", to=name),),
        )


def _mapping(place: Place) -> Iterator[Fix]:
    element = place.element
    written = element.map_decision_result if element else None
    if written is None or written in RESULT_MAPPINGS:
        return  # It is a mapping of a call: only the owner knows what is to cross it.
    yield from _use(place, "camunda:mapDecisionResult", written, RESULT_MAPPINGS)
    yield Fix(
        "全部行，原样",
        "All rows as they come",
        (change(place.key, set="camunda:mapDecisionResult", to=None),),
    )


def _topic(place: Place) -> Iterator[Fix]:
    element, known = place.element, place.names.topics or ()
    if element is None:
        return
    if element.topic and element.implementation != "external":
        yield Fix(
            "按主题办理",
            "Let it be done by its topic",
            (change(place.key, set="camunda:type", to="external"),),
        )
        return
    for near in alike(element.topic or place.key, known):
        yield Fix(
            f"改为 {near}",
            f"Use {near}",
            (
                change(place.key, set="camunda:type", to="external"),
                change(place.key, set="camunda:topic", to=near),
            ),
        )


def _call(place: Place) -> Iterator[Fix]:
    element = place.element
    known = {
        process.id
        for diagram in place.diagrams
        for process in diagram.processes
        if process.is_executable and place.process is not None and process.id != place.process.id
    }
    yield from _use(place, "calledElement", element.called_element if element else None, known)


def _lost_reference(place: Place) -> Iterator[Fix]:
    name, _, wrong = place.said.partition("=")
    if name == "separate.from" and place.element is not None and place.process is not None:
        parts = list(place.element.separate_from)
        tasks = {one.id for one in place.process.user_tasks()} - {place.key}
        for near in alike(wrong, tasks):
            mended = ", ".join(dict.fromkeys(near if one == wrong else one for one in parts))
            yield Fix(
                f"改为 {near}", f"Use {near}", (change(place.key, property="separate.from", to=mended),)
            )
        left = ", ".join(one for one in parts if one != wrong) or None
        yield Fix(f"去掉 {wrong}", f"Remove {wrong}", (change(place.key, property="separate.from", to=left),))
    elif name in _REFERENCES:
        yield from _choose(place, name, wrong)


def _choose(place: Place, reference: str, wrong: str | None = None) -> Iterator[Fix]:
    """Messages (errors, …) of the file: those that are called alike, or all of them when nothing was chosen."""
    kind, attribute = _REFERENCES[reference]
    known = {one.get("id", ""): one.get(attribute, "") for one in place.roots(kind) if one.get(attribute)}
    for key in known if wrong is None else alike(wrong, known):
        yield Fix(
            f"用“{known[key]}”", f"Use “{known[key]}”", (change(place.key, reference=reference, to=key),)
        )


def _chooser(reference: str) -> Callable[[Place], Iterator[Fix]]:
    return lambda place: _choose(place, reference)


def _nameless(place: Place) -> Iterator[Fix]:
    """What has an id only is called by its id."""
    key, _, attribute = place.said.partition(": ")
    if key and place.drawn(key) is not None:
        yield Fix(f"命名为 {key}", f"Call it {key}", (change(key, set=attribute, to=key),))


def _source(place: Place) -> Iterator[Fix]:
    element, wrong = place.element, place.said
    if element is None:
        return
    for near in alike(wrong, place.names.register_ids or ()):
        mended = ", ".join(dict.fromkeys(near if one == wrong else one for one in element.source))
        yield Fix(f"改为 {near}", f"Use {near}", (change(place.key, property="source", to=mended),))
    left = ", ".join(one for one in element.source if one != wrong) or None
    yield Fix(f"去掉 {wrong}", f"Remove {wrong}", (change(place.key, property="source", to=left),))


REMEDIES: Mapping[str, Callable[[Place], Iterator[Fix]]] = {
    "no-decision": _decision,
    "unknown-decision": _decision,
    "no-result": _no_result,
    "bad-mapping": _mapping,
    "no-topic": _topic,
    "unknown-topic": _topic,
    "unknown-call": _call,
    "dangling-reference": _lost_reference,
    "nameless-reference": _nameless,
    "no-message": _chooser("messageRef"),
    "no-signal": _chooser("signalRef"),
    "no-error-code": _chooser("errorRef"),
    "no-escalation-code": _chooser("escalationRef"),
    "unknown-source": _source,
}

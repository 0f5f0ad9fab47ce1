"""What another engine would execute and this one does not: taken away by name."""

from collections.abc import Callable, Iterator, Mapping

from engine.diagrams.fixes.changes import holders_of
from engine.diagrams.fixes.fix import Fix, change
from engine.diagrams.fixes.place import Place, alike
from engine.diagrams.lint.timing import KNOWN_PROPERTIES
from engine.diagrams.unread import BPMN, tag_of


def _leftover(place: Place) -> Iterator[Fix]:
    what = place.said
    if not what or not _stands(place, what.replace(":", ".").rpartition(".")[2]):
        return  # It stands inside of something, where only a person can say what is to stay.
    yield Fix(f"删除 {what}", f"Remove {what}", (change(place.key, remove=what),))


def _stands(place: Place, bare: str) -> bool:
    for holder in holders_of(place.node):
        if any(name.rpartition("}")[2] == bare for name in holder.attrib):
            return True
        extensions = (child for one in holder.findall(f"{BPMN}extensionElements") for child in one)
        if any(tag_of(child) == bare for child in (*holder, *extensions)):
            return True
    return False


def _property(place: Place) -> Iterator[Fix]:
    element = place.element
    name = place.said.partition(" → ")[0].removesuffix(" without sla")
    if element is None or name not in element.properties:
        return
    value = element.properties[name]
    for near in alike(name, KNOWN_PROPERTIES):
        # A clock's setting without a clock would be the next finding.
        if near not in element.properties and (element.sla or not near.startswith("sla.")):
            yield Fix(
                f"改成 {near}",
                f"Call it {near}",
                (change(place.key, property=name, to=None), change(place.key, property=near, to=value)),
            )
            break
    yield Fix(f"删除 {name}", f"Remove {name}", (change(place.key, property=name, to=None),))


def _loop(place: Place) -> Iterator[Fix]:
    if any(tag_of(child).endswith("LoopCharacteristics") for child in place.node):
        yield Fix(
            "只办一次（去掉重复）", "Do it once: remove the repetition", (change(place.key, loop=None),)
        )


def _several(place: Place) -> Iterator[Fix]:
    loop = place.element.multi_instance if place.element else None
    if loop is None:
        return
    if place.said == "two loop markers":
        yield from _loop(place)
    elif loop.collection and loop.cardinality:
        yield Fix(
            f"按名单 {loop.collection} 逐一办",
            f"Once for each of {loop.collection}",
            (
                change(place.key, loop="loopCardinality", to=None),
                *(() if loop.element_variable else (change(place.key, loop="camunda:elementVariable", to="each_one"),)),
            ),
        )  # fmt: skip
        yield Fix(
            f"办 {loop.cardinality} 次",
            f"{loop.cardinality} times",
            (
                change(place.key, loop="camunda:collection", to=None),
                change(place.key, loop="camunda:elementVariable", to=None),
            ),
        )
    elif loop.collection:
        yield Fix(
            "把其中每一个叫做 each_one",
            "Call each one each_one",
            (change(place.key, loop="camunda:elementVariable", to="each_one"),),
        )
    else:
        yield from _loop(place)


REMEDIES: Mapping[str, Callable[[Place], Iterator[Fix]]] = {
    "not-executed": _leftover,
    "ignored": _leftover,
    "unknown-property": _property,
    "multi-instance": _several,
    "bad-loop": _loop,
}

"""Kinds that a file gives a name of its own: `<itemDefinition name="level">` with a kind and allowed values."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from engine.decisions.place import Place
from engine.decisions.values import ANY, KINDS


@dataclass(frozen=True)
class ItemType:
    kind: str
    allowed: etree._Element | None  # holds the list of values as text


def read_item_types(root: etree._Element, prefix: str, place: Place) -> dict[str, ItemType]:
    """Named kinds that are simple. Others are refused only where a column uses them: they are unknown there."""
    found: dict[str, ItemType] = {}
    for node in root.findall(f"{prefix}itemDefinition"):
        name, kind = node.get("name", ""), node.findtext(f"{prefix}typeRef")
        is_simple = node.find(f"{prefix}itemComponent") is None and node.get("isCollection") not in (
            "true",
            "1",
        )
        plain = plain_kind(kind)
        if name in KINDS or name in found:
            raise place.refused(
                node, f"Expected a name of its own for the item definition {name!r}.", f"类型名“{name}”重复或与内置类型同名。"
            )  # fmt: skip
        if is_simple and plain in KINDS:
            found[name] = ItemType(plain, node.find(f"{prefix}allowedValues"))
    return found


def plain_kind(kind: str | None) -> str:
    """`feel:string` of DMN 1.1 is `string`; none is anything."""
    plain = (kind or ANY).strip().removeprefix("feel:")
    return ANY if plain.lower() == "any" else plain


def kind_of(
    node: etree._Element | None, types: Mapping[str, ItemType], place: Place
) -> tuple[str, etree._Element | None]:
    """The kind of a column and the values that its kind allows. Raises DecisionError for a kind that is not checked."""
    if node is None:
        return ANY, None
    kind = plain_kind(node.get("typeRef"))
    if kind in types:
        return types[kind].kind, types[kind].allowed
    if kind not in KINDS:
        raise place.refused(
            node, f"Expected one of the types {', '.join(KINDS)}, but it is {kind}.",
            f"类型“{kind}”不受支持，应为 {'、'.join(KINDS)} 之一。",
        )  # fmt: skip
    return kind, None

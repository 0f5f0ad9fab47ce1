"""Decisions that require others: joined to them when they are read, so that the table answers as drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lxml import etree

from engine.decisions.failure import DecisionError
from engine.decisions.place import Place
from engine.decisions.table import DecisionTable

_MANY = ("RULE ORDER", "OUTPUT ORDER", "COLLECT")
DEEPEST_CHAIN = 20


def join_required(
    tables: Sequence[DecisionTable], nodes: Mapping[str, etree._Element], prefix: str, file_name: str
) -> list[DecisionTable]:
    """The tables, each with those that it requires. Raises DecisionError for a requirement that cannot be met."""
    joined: dict[str, DecisionTable] = {}
    depths: dict[str, int] = {}
    by_id = {one.id: one for one in tables}

    def join(table: DecisionTable, under: tuple[str, ...]) -> DecisionTable:
        if table.id not in joined:
            place = Place(file_name, table.id, f"决策“{table.id}”")
            required = []
            for node in nodes[table.id].findall(f"{prefix}informationRequirement/{prefix}requiredDecision"):
                key = _asked(node, place, by_id, (*under, table.id))
                required.append(join(by_id[key], (*under, table.id)))
            depths[table.id] = 1 + max((depths[one.id] for one in required), default=0)
            if depths[table.id] > DEEPEST_CHAIN:
                raise _too_deep(place, nodes[table.id])
            _check(table, required, place, nodes[table.id])
            joined[table.id] = replace(table, required=tuple(required))
        return joined[table.id]

    return [join(one, ()) for one in tables]


def _asked(
    node: etree._Element, place: Place, by_id: Mapping[str, DecisionTable], under: tuple[str, ...]
) -> str:
    href = str(node.get("href", ""))
    key = href.removeprefix("#")
    if not href.startswith("#") or key not in by_id:
        raise place.refused(
            node, f"Expected a required decision of this file, but {href!r} is none: draw it in the same file.",
            f"所需决策“{href}”不在此文件中，请画在同一文件里。",
        )  # fmt: skip
    if key in under:
        chain = " → ".join((*under, key))
        raise place.refused(
            node, f"Decisions require each other in a circle: {chain}.", f"决策互相依赖成环：{chain}。"
        )
    if len(under) > DEEPEST_CHAIN:
        raise _too_deep(place, node)
    if by_id[key].hit_policy in _MANY and by_id[key].aggregation is None:
        raise place.refused(
            node, f"Expected one answer of the required decision {key}, but {by_id[key].hit_policy} gives many: "
            "use UNIQUE, ANY, FIRST, PRIORITY or COLLECT with an aggregation there.",
            f"所需决策“{key}”的命中策略 {by_id[key].hit_policy} 会给出多个结果：请改用 UNIQUE、ANY、FIRST、PRIORITY 或带汇总的 COLLECT。",
        )  # fmt: skip
    return key


def _check(
    table: DecisionTable, required: Sequence[DecisionTable], place: Place, node: etree._Element
) -> None:
    given: dict[str, str] = {}
    for one in required:
        # With one output both names mean the same value; with several they must differ.
        for name in dict.fromkeys(one.variables()) if len(one.outputs) == 1 else one.variables():
            if name in given:
                raise _ambiguous(place, node, name, given[name], one.id)
            given[name] = one.id
    heads = {one.path[0] for one in table.inputs}
    for one in required:
        if not heads & set(one.variables()):
            listed = " / ".join(dict.fromkeys(one.variables()))
            raise place.refused(
                node, f"It requires decision {one.id}, but no input asks for its answer ({listed}): "
                "name an input so, or take the arrow out.",
                f"依赖决策“{one.id}”，但没有输入列使用它的结果（{listed}）：请让某列使用，或删去连线。",
            )  # fmt: skip


def _ambiguous(place: Place, node: etree._Element, name: str, one: str, other: str) -> DecisionError:
    return place.refused(
        node, f"The name {name!r} would mean two answers, of {one} and of {other}: rename a decision or an output.",
        f"名称“{name}”既指“{one}”又指“{other}”的结果：请改名。",
    )  # fmt: skip


def _too_deep(place: Place, node: etree._Element) -> DecisionError:
    return place.refused(
        node, f"Decisions require each other more than {DEEPEST_CHAIN} deep: join some tables.",
        f"决策互相依赖超过 {DEEPEST_CHAIN} 层：请合并几张表。",
    )  # fmt: skip

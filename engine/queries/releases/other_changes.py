"""Changes beside the diagrams: limits and other figures of profiles, rows of decision tables, fields of forms, texts."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any

from engine.decisions import DecisionTable
from engine.diagrams.diff import Change, differences_of, value_text
from engine.forms import FormDefinition
from engine.profiles import Profile, ProfileLimit
from engine.profiles.spoken_limit import spoken_limit
from engine.queries.releases.form_facts import FORM_WORDS, field_facts, head_facts
from engine.queries.releases.row_words import row_words

Facts = Mapping[str, Any]


def compare_profiles(old: Mapping[str, Profile], new: Mapping[str, Profile]) -> Iterator[Change]:
    for key, one, other in _pairs(old, new):
        if one is None or other is None:
            yield _whole("profile", key, "档案", "profile", is_new=one is None)
            continue
        parts: list[tuple[str, str, str, Facts, Facts]] = [
            ("limit", "时限", "limit", _limits(one), _limits(other)),
            ("option", "选项", "option", _single(one.options), _single(other.options)),
            ("role", "角色", "role", _single(one.roles), _single(other.roles)),
            ("ladder", "升级阶梯", "ladder", _ladders(one), _ladders(other)),
            ("setting", "设置", "setting", _settings(one), _settings(other)),
        ]
        for thing, zh, en, before, after in parts:
            for change in _parts(thing, key, zh, en, before, after):
                yield _spoken(change, one, other) if thing == "limit" else change


def _spoken(change: Change, old: Profile, new: Profile) -> Change:
    """A limit in words, and with its number in the register: owners know it by that."""
    limit = new.limits.get(change.id) or old.limits[change.id]
    title = change.title
    if limit.id:
        title = {"zh": f"{title['zh']}（{limit.id}）", "en": f"{title['en']} ({limit.id})"}
    differences = tuple(
        replace(
            one,
            words={"zh": "期限", "en": "limit"},
            spoken={locale: (spoken_limit(one.old, locale), spoken_limit(one.new, locale)) for locale in ("zh", "en")},
        )
        if one.attribute == "value"
        else one
        for one in change.differences
        # Of a whole limit its figure and its people say enough.
        if change.what == "changed" or one.attribute in ("value", "role", "warn", "ladder")
    )  # fmt: skip
    return replace(change, title=title, differences=differences)


def compare_tables(old: Mapping[str, DecisionTable], new: Mapping[str, DecisionTable]) -> Iterator[Change]:
    for key, one, other in _pairs(old, new):
        if one is None or other is None:
            yield _whole("table", key, "决策表", "decision table", is_new=one is None)
            continue
        found = differences_of(_columns(one), _columns(other), _table_words)
        if found:
            yield Change(
                "changed", "table", key, key, {"zh": f"决策表“{key}”", "en": f"decision table “{key}”"}, found
            )
        numbers = {rule.id: rule.number for table in (other, one) for rule in table.rules}
        for change in _parts("rule", key, "行", "row", _rules(one), _rules(other)):
            number = numbers[change.id]
            title = {"zh": f"“{one.name or key}”第 {number} 行", "en": f"row {number} of “{key}”"}
            yield replace(change, title=title)


def compare_forms(old: Mapping[str, FormDefinition], new: Mapping[str, FormDefinition]) -> Iterator[Change]:
    for key, one, other in _pairs(old, new):
        if one is None or other is None:
            yield _whole("form", key, "表单", "form", is_new=one is None)
            continue
        common = {*one.schema["properties"]} & {*other.schema["properties"]}
        found = differences_of(head_facts(one, common), head_facts(other, common), _part_words)
        if found:
            yield Change("changed", "form", key, key, {"zh": f"表单“{key}”", "en": f"form “{key}”"}, found)
        yield from _parts("field", key, "栏目", "field", field_facts(one), field_facts(other))


def compare_files(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[Change]:
    for path, one, other in _pairs(old, new):
        title = {"zh": f"文件“{path}”", "en": f"file “{path}”"}
        if one is None or other is None:
            yield Change("added" if one is None else "removed", "file", path, path, title)
        elif one != other:
            yield Change("changed", "file", path, path, title)


def _pairs(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for key in [*old, *(one for one in new if one not in old)]:
        yield key, old.get(key), new.get(key)


def _whole(thing: str, key: str, zh: str, en: str, *, is_new: bool) -> Change:
    return Change(
        "added" if is_new else "removed", thing, key, key, {"zh": f"{zh}“{key}”", "en": f"{en} “{key}”"}
    )


def _parts(thing: str, place: str, zh: str, en: str, old: Facts, new: Facts) -> Iterator[Change]:
    for key, one, other in _pairs(old, new):
        title = {"zh": f"“{place}”的{zh}“{key}”", "en": f"{en} “{key}” of “{place}”"}
        if one is None or other is None:
            # The figures of what is new, or gone, are what its owner wants to read.
            found = differences_of(one or {}, other or {}, _part_words)
            yield Change("added" if one is None else "removed", thing, place, key, title, found)
        elif one != other:
            yield Change("changed", thing, place, key, title, differences_of(one, other, _part_words))


_WORDS = {
    "value": ("值", "value"), "warn": ("预警", "warnings"), "ladder": ("升级阶梯", "ladder"), "role": ("角色", "role"),
    "is_off": ("取消", "is off"), "is_fact": ("出自规则", "is a fact"), "is_answer": ("为答复时限", "answers the customer"),
    "id": ("登记册编号", "register id"), "text": ("说明", "text"), "every": ("升级间隔", "every"), "rungs": ("级", "rungs"),
    "if": ("条件", "if"), "then": ("结果", "then"), "position": ("次序", "position"), "required": ("必填", "required"),
    "hit_policy": ("命中策略", "hit policy"), "aggregation": ("汇总", "aggregation"), "inputs": ("输入", "inputs"),
    "outputs": ("输出", "outputs"), "name": ("名称", "name"),
    **FORM_WORDS,
}  # fmt: skip


def _part_words(key: str) -> Mapping[str, str]:
    zh, en = _WORDS.get(key, (key, key))
    return {"zh": zh, "en": en}


_table_words = _part_words


def _limits(profile: Profile) -> dict[str, Facts]:
    return {name: _limit(one) for name, one in profile.limits.items()}


def _limit(one: ProfileLimit) -> Facts:
    names = ("value", "is_off", "warn", "ladder", "role", "is_fact", "is_answer", "id", "text")
    return {name: getattr(one, name) for name in names if getattr(one, name) not in (None, "")}


def _single(values: Mapping[str, Any]) -> dict[str, Facts]:
    return {key: {"value": value} for key, value in values.items()}


def _ladders(profile: Profile) -> dict[str, Facts]:
    return {
        name: {key: value for key, value in asdict(one).items() if key != "name"}
        for name, one in profile.ladders.items()
    }


def _settings(profile: Profile) -> dict[str, Facts]:
    names = ("process", "calendar", "numbering", "escalates_to", "quiet_hours", "texts", "title", "source")
    return _single({name: value_text(getattr(profile, name)) for name in names})


def _columns(table: DecisionTable) -> Facts:
    return {
        "name": table.name,
        "hit_policy": table.hit_policy,
        "aggregation": table.aggregation,
        "inputs": [f"{one.label} ({'.'.join(one.path)}, {one.kind})" for one in table.inputs],
        "outputs": [f"{one.label} ({one.name}, {one.kind})" for one in table.outputs],
    }


def _rules(table: DecisionTable) -> dict[str, Facts]:
    """By id. A rule's place counts only where the first one that hits decides."""
    is_ordered = table.hit_policy in ("FIRST", "RULE ORDER")
    return {
        rule.id: row_words(table, rule) | ({"position": rule.number} if is_ordered else {})
        for rule in table.rules
    }

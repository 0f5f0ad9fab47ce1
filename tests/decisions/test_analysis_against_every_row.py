"""The analysis agrees with trying every row of small random tables: overlaps, gaps, masked and unreachable rules, exactly.

The rows tried are denser than anything that the analysis looks at, and come from no part of it.
"""

import itertools
import random
from datetime import date, timedelta

import pytest
from tables import table

from engine.decisions import analyse
from engine.decisions.hit_policy import agree
from engine.decisions.values import family

SEEDS = range(200)
MANY_SEEDS = range(200, 6_000)
HALVES = [-1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5]
# Two numbers beside each other may differ inside of one stretch.
THIRDS = sorted({*HALVES, 0.3, 0.7, 1.3, 1.7, 2.3, 2.7, -1.5, 3.7})
FIRST_DAY = date(2026, 2, 27)
EVERY = {
    "string": ["a", "b", "c", "other", "zz", "bb"],
    "number": THIRDS,
    "integer": [-2, -1, 0, 1, 2, 3, 4, 5],
    "boolean": [True, False],
    "date": [FIRST_DAY + timedelta(days=days) for days in range(-3, 8)],
    # A column without type: what its cells name, and texts that they do not. Lists where cells look inside of them.
    "Any": ["a", "b", "c", "other", *HALVES, True, False],
    "lists": [
        list(chosen) for size in range(5) for chosen in itertools.combinations(["a", "b", "c", "zz"], size)
    ],
}
ALLOWED = {
    "string": '"a","b","c"',
    "number": "[0..3]",
    "integer": "[0..3]",
    "date": f'[date("{FIRST_DAY}")..date("{FIRST_DAY + timedelta(days=3)}")]',
}


def _literal(dice: random.Random, kind: str) -> str:
    match kind:
        case "Any":
            return _literal(dice, dice.choice(["string", "integer", "boolean"]))
        case "lists":
            return f"list contains(?, {_literal(dice, 'string')})"
        case "string":
            return dice.choice(['"a"', '"b"', '"c"'])
        case "boolean":
            return dice.choice(["true", "false"])
        case "date":
            return f'date("{FIRST_DAY + timedelta(days=dice.randrange(4))}")'
        case _:
            return str(dice.randrange(4))


def _test(dice: random.Random, kind: str, beside: list[str]) -> str:
    ordered = kind in ("number", "integer", "date")
    if beside and dice.random() < 0.3:
        return dice.choice(["<", "<=", ">", ">=", ""] if ordered else [""]) + f" {dice.choice(beside)}"
    if ordered and dice.random() < 0.6:
        one, other = sorted([_literal(dice, kind), _literal(dice, kind)])
        return dice.choice(
            [
                f"{dice.choice(['<', '<=', '>', '>='])} {one}",
                f"{dice.choice('[(]')}{one}..{other}{dice.choice('])[')}",
            ]
        )
    return _literal(dice, kind)


def _cell(dice: random.Random, kind: str, beside: list[str]) -> str:
    if dice.random() < 0.25:
        return "-"
    tests = [_test(dice, kind, beside) for _ in range(dice.choice([1, 1, 1, 2]))]
    return f"not({','.join(tests)})" if dice.random() < 0.3 else ",".join(tests)


def _random_table(dice: random.Random):
    count = dice.choice([1, 2, 2, 3])
    kinds = [dice.choice(list(EVERY)) for _ in range(count)]
    if count > 1 and dice.random() < 0.5:
        kinds[1] = kinds[0] = dice.choice(["number", "number", "string", "integer", "date", kinds[0]])
    names = [f"x{place}" for place in range(count)]
    are_beside = dice.random() < 0.5
    rules = []
    for _ in range(dice.randrange(1, 6)):
        cells = []
        for place, kind in enumerate(kinds):
            others = [
                name
                for name, other in zip(names, kinds, strict=True)
                if other == kind and kind in ALLOWED and name != names[place]
            ]
            cells.append(_cell(dice, kind, others if are_beside else []))
        rules.append(" | ".join([*cells, dice.choice(["1", "2"]), dice.choice(["1", "2"])]))
    policy = dice.choice(["UNIQUE", "ANY", "FIRST", "PRIORITY", "COLLECT", "RULE ORDER"])
    inputs = [
        f"{name}:{kind.replace('lists', 'Any')}"
        + (f" in {ALLOWED[kind]}" if kind in ALLOWED and dice.random() < 0.3 else "")
        for name, kind in zip(names, kinds, strict=True)
    ]
    return table(inputs, ["y:number in 2,1", "z:number"], rules, policy=policy), kinds


def _spoken_of(found, column: int) -> bool:
    """A column's empty value counts when a cell means it: null itself or a not(…) that it fits; never by a dash."""
    tests = [rule.tests[column] for rule in found.rules]
    return any(not one.is_any and not one.beside() and one.matches(None) for one in tests)


def _values(found, column: int, kind: str) -> list:
    values = EVERY[kind]
    if found.inputs[column].allowed is not None:
        values = [one for one in values if found.inputs[column].allowed.matches(one)]
    named = {family(one) for rule in found.rules for one in rule.tests[column].literals()}
    if kind == "Any" or (kind == "lists" and not named):
        # Of a column that takes everything only those kinds are asked about that its cells speak of.
        values = [one for one in values if family(one) in named] if named else ["other"]
    return values + ([None] if _spoken_of(found, column) else [])


def _by_trying(found, kinds) -> set[tuple]:
    values = [_values(found, place, kind) for place, kind in enumerate(kinds)]
    said: set[tuple] = set()
    hit: set[int] = set()
    decided: set[int] = set()
    for row in itertools.product(*values):
        hits = [rule for rule in found.rules if rule.hits(row)]
        hit |= {rule.number for rule in hits}
        if not hits:
            said.add(("gap",))
            continue
        if found.hit_policy == "PRIORITY":
            decided.add(min(hits, key=lambda rule: (-rule.outputs[0], rule.number)).number)
        else:
            decided.add(hits[0].number)
        for one, other in itertools.combinations(hits, 2):
            is_tie = (
                found.hit_policy == "PRIORITY"
                and one.outputs[0] == other.outputs[0]
                and not agree(one, other)
            )
            is_quarrel = found.hit_policy == "ANY" and not agree(one, other)
            if found.hit_policy == "UNIQUE" or is_tie or is_quarrel:
                said.add(("overlap", one.number, other.number))
    for rule in found.rules:
        if rule.number not in hit:
            said.add(("unreachable", rule.number))
        elif rule.number not in decided and found.hit_policy in ("FIRST", "PRIORITY"):
            said.add(("masked", rule.number))
    return said


def _check(seed: int) -> None:
    found, kinds = _random_table(random.Random(seed))
    written = [(rule.number, *(test.text for test in rule.tests), rule.outputs) for rule in found.rules]

    assert {(one.rule, *one.numbers) for one in analyse(found)} == _by_trying(found, kinds), (
        seed, found.hit_policy, kinds, written
    )  # fmt: skip


def test_it_agrees_with_trying_every_row():
    for seed in SEEDS:
        _check(seed)


@pytest.mark.soak
def test_it_agrees_with_trying_every_row_of_many_tables():
    for seed in MANY_SEEDS:
        _check(seed)

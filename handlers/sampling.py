"""Which vouchers the next tier calls: a share of the list, drawn with a seed that stays in the case (D-21, COI-4)."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.commands.handler import HandlerContext
from engine.model import HandlerFailed
from handlers.drawing import Item, by_stratum, digest_of, draw_items, seed_of, size_of
from handlers.inputs import names_of, text_of

MOST_NAMED = 10  # numbers in one complaint about a list: enough to mend it by
_NOTHING = {
    "sample": "",
    "size": 0,
    "population_size": 0,
    "strata": "",
    "digest": "",
    "seed": "",
    "drawn_at": "",
}


def draw_sample(context: HandlerContext) -> dict[str, object]:
    """Inputs: `population`, the name of the variable with one voucher a line, its number and after a space its unit;
    `excluded`, names of variables with numbers that are left out; `percent`; `draw`, a name for this draw; `seed` of
    an earlier draw of the case, or empty.

    Outputs: `sample`, as lines like those of the population; `size`, `population_size`, `strata` (unit, drawn / of);
    `seed`, `digest` of the population and `drawn_at`, from which the seed was made. `problem` is empty, or says to
    people what is wrong with the lists; then nothing was drawn.
    """
    percent, draw = _percent(context.inputs.get("percent")), text_of(context.inputs, "draw")
    everything = _items(context.variables.get(text_of(context.inputs, "population")))
    left_out = _excluded(context)
    problem = _problem(everything, left_out)
    if problem:
        return _NOTHING | {"problem": problem}
    items = [one for one in everything if one.number not in left_out]
    digest, moment = digest_of(items), context.now.isoformat()
    given = context.inputs.get("seed")
    seed = given if isinstance(given, str) and given else seed_of(context.case_number, moment, digest)
    sample = draw_items(items, seed, draw, size_of(len(items), percent))
    return {
        "sample": _lines(sample),
        "size": len(sample),
        "population_size": len(items),
        "strata": "\n".join(
            f"{stratum or '—'} {drawn} / {of}" for stratum, (drawn, of) in by_stratum(items, sample).items()
        ),
        "seed": seed,
        "digest": digest,
        "drawn_at": moment,
        "problem": "",
    }


def _lines(items: list[Item]) -> str:
    return "\n".join(one.line() for one in items)


def _items(value: Any) -> list[Item]:
    """Lines of people, as they paste them from a spreadsheet: blanks, tabs or commas between number and unit."""
    found = []
    for line in _rows(value):
        number, _, stratum = " ".join(line.replace(",", " ").replace("，", " ").split()).partition(" ")
        if number:
            found.append(Item(number, stratum))
    return found


def _rows(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else str(value or "").splitlines()


def _excluded(context: HandlerContext) -> frozenset[str]:
    variables: Mapping[str, Any] = context.variables
    names = names_of(context.inputs.get("excluded"))
    return frozenset(one.number for name in names for one in _items(variables.get(name)))


def _problem(items: list[Item], excluded: frozenset[str]) -> str:
    counted = Counter(one.number for one in items)
    twice = [number for number, times in counted.items() if times > 1]
    unknown = sorted(excluded - counted.keys())
    said = []
    if not items:
        said.append("清单是空的 / The list is empty")
    if twice:
        said.append(f"编号重复 / Numbers that stand twice: {_some(twice)}")
    if unknown:
        said.append(f"清单中没有的编号 / Numbers that are not in the list: {_some(unknown)}")
    return "; ".join(said)


def _some(numbers: list[str]) -> str:
    more = len(numbers) - MOST_NAMED
    return ", ".join(numbers[:MOST_NAMED]) + (f" … (+{more})" if more > 0 else "")


def _percent(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 100:
        raise HandlerFailed(
            f"Expected a percentage above 0 and up to 100, but it is {value!r}.",
            f"抽取比例应大于 0、不超过 100，但得到 {value!r}。",
            permanent=True,
        )
    return Decimal(str(value))

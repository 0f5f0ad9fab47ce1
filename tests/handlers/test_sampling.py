"""SUR-01: 5 % of the vouchers and a part of those, drawn so that anyone can draw them again (D-21, COI-4)."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import HandlerFailed
from handlers.drawing import Item, by_stratum, draw_items, seed_of, size_of
from handlers.sampling import draw_sample

README = Path(__file__).parents[2] / "processes/survey/README.md"
STRATA = {"城东网点": 6000, "城西网点": 3000, "城南网点": 990, "小港网点": 10}
VOUCHERS = "\n".join(
    f"{unit[:2]}-{number:05d} {unit}" for unit, many in STRATA.items() for number in range(many)
)
TIER_2 = {"population": "vouchers", "percent": 5, "draw": "tier_2"}


def lines(drawn):
    return drawn["sample"].splitlines()


def test_five_percent_of_ten_thousand_vouchers_with_the_share_of_each_outlet(context):
    drawn = draw_sample(context(TIER_2, vouchers=VOUCHERS))

    assert (drawn["population_size"], drawn["size"], len(set(lines(drawn)))) == (10_000, 500, 500)
    sizes = {name: int(many) for name, many in re.findall(r"(\S+) (\d+) /", drawn["strata"])}
    assert sizes["城东网点"] == 300
    assert sizes["城西网点"] == 150
    assert sizes["城南网点"] in (49, 50)
    assert sizes["小港网点"] in (0, 1)


def test_the_seed_draws_the_same_again_whatever_the_order_of_the_list(context):
    first = draw_sample(context(TIER_2, vouchers=VOUCHERS))
    turned = "\n".join(reversed(VOUCHERS.splitlines()))

    again = draw_sample(context(TIER_2 | {"seed": first["seed"]}, vouchers=turned))

    assert again == first


def test_the_same_on_every_machine_and_python(context):
    drawn = draw_sample(
        context(TIER_2 | {"percent": 25, "seed": "s"}, vouchers="A1 x\nA2 x\nA3 y\nA4 y\nA5 y\nA6 z")
    )

    assert lines(drawn) == ["A2 x", "A5 y"]


def test_the_third_tier_lies_inside_the_five_percent_of_the_second(context):
    second = draw_sample(context(TIER_2, vouchers=VOUCHERS))
    asked = {"population": "sample", "percent": 10, "draw": "tier_3", "seed": second["seed"]}

    third = draw_sample(context(asked, sample=second["sample"]))

    assert third["size"] == 50
    assert set(lines(third)) < set(lines(second))


def test_vouchers_that_tier_one_sorted_out_are_never_drawn(context):
    bad, late = [line.split()[0] for line in VOUCHERS.splitlines()[:4000]], "城西-00007\n城西-00008"

    drawn = draw_sample(
        context(TIER_2 | {"excluded": "bad,late"}, vouchers=VOUCHERS, bad="\n".join(bad), late=late)
    )

    assert (drawn["population_size"], drawn["size"]) == (5998, 300)
    assert not {line.split()[0] for line in lines(drawn)} & {*bad, *late.split()}


def test_the_seed_follows_from_case_moment_and_list_so_that_nobody_chose_it(context):
    drawn = draw_sample(context(TIER_2, vouchers=VOUCHERS))

    assert drawn["seed"] == seed_of("TS-2026-0001", "2026-02-13T08:00:00+00:00", drawn["digest"])


@pytest.mark.parametrize(
    ("vouchers", "bad", "said"),
    [("", "", "empty"), ("A1\nA2\nA1", "", "twice: A1"), ("A1\nA2", "A3, 重复", "not in the list: A3")],
)
def test_a_wrong_list_is_told_and_nothing_is_drawn(context, vouchers, bad, said):
    drawn = draw_sample(context(TIER_2 | {"excluded": "bad"}, vouchers=vouchers, bad=bad))

    assert said in drawn["problem"]
    assert (drawn["sample"], drawn["size"], drawn["seed"]) == ("", 0, "")


@pytest.mark.parametrize("percent", [0, -5, 101, "5", None, True])
def test_a_share_that_is_none_is_a_fault_of_the_table(context, percent):
    with pytest.raises(HandlerFailed) as failure:
        draw_sample(context(TIER_2 | {"percent": percent}, vouchers=VOUCHERS))

    assert failure.value.permanent


def test_lines_as_people_paste_them(context):
    drawn = draw_sample(context(TIER_2 | {"percent": 100}, vouchers=" A1\t城东网点\n\nA2，城西网点\r\nA3,\n"))

    assert lines(drawn) == ["A1 城东网点", "A2 城西网点", "A3"]


def test_the_recipe_of_the_readme_draws_the_same(context):
    drawn = draw_sample(context(TIER_2, vouchers=VOUCHERS))
    (recipe,) = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)
    known = {"vouchers": VOUCHERS, "seed": drawn["seed"], "draw": "tier_2", "size": drawn["size"]}

    exec(recipe, known)

    assert known["sample"] == lines(drawn)


ITEMS = st.dictionaries(st.text("ABC123", min_size=1), st.sampled_from("xyz"), max_size=60).map(
    lambda found: [Item(number, stratum) for number, stratum in found.items()]
)
PERCENT = st.decimals("0.1", "100", places=1)


@given(ITEMS, st.text(), PERCENT)
def test_any_population_gives_its_share_without_doubles_and_fairly_by_stratum(items, seed, percent):
    size = size_of(len(items), percent)

    sample = draw_items(items, seed, "tier_2", size)

    assert len(set(sample)) == len(sample) == size
    assert set(sample) <= set(items)
    assert size >= Decimal(len(items)) * percent / 100
    for drawn, of in by_stratum(items, sample).values():
        assert abs(drawn * len(items) - of * size) < len(items)


@given(ITEMS, st.text(), PERCENT, st.randoms(use_true_random=False))
def test_any_order_gives_the_same_sample_and_the_next_tier_lies_inside(items, seed, percent, shuffler):
    size = size_of(len(items), percent)
    second = draw_items(items, seed, "tier_2", size)

    shuffler.shuffle(items)

    assert draw_items(items, seed, "tier_2", size) == second
    assert set(draw_items(second, seed, "tier_3", size_of(size, percent))) <= set(second)


def test_each_voucher_has_the_same_chance():
    items = [Item(str(number), "large" if number else "small") for number in range(20)]

    drawn = [one for turn in range(2000) for one in draw_items(items, str(turn), "tier_2", 1)]

    assert all(60 <= drawn.count(one) <= 145 for one in items)  # 100 expected of each; 4.5 deviations

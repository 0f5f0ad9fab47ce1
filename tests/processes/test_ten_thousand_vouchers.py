"""SUR-01: a case holds ten thousand vouchers, and both samples are drawn from them and filed."""

from procedures import PROCESSES

STORY = PROCESSES / "survey/scenarios/sur01_three_tiers.toml"
VOUCHERS = r"\n".join(f"AZ-2026-{number:06d} 城东特许服务网点{number % 37}" for number in range(10_000))
TEN_THOUSAND = f"""
title  = "一万张凭证：抽访五百户，经理再抽一百户"
source = ["SUR-01", "D-21"]

[given]
profile   = "SUR-01"
at        = 2026-02-13T16:00:00+08:00
by        = "chen_bo"
variables = {{ vouchers = "{VOUCHERS}" }}

[given.people]
chen_bo  = ["outlet_franchised"]
li_na    = ["service_mgmt_centre"]
wang_wei = ["direct_marketing_section"]
zhao_min = ["customer_service_department"]
sun_li   = ["centre_mgmt_section"]

[[step]]
when_completed = "call_all_users"
by             = "li_na"
with           = {{ called_count = 10000 }}
then_variables = {{ passed_count = 10000, tier2_size = 500 }}

[[step]]
when_completed = "call_sampled_users"
by             = "wang_wei"
with           = {{ tier2_called = 500, tier2_satisfied = 490 }}

[[step]]
when_walked_past = "end"
then_variables   = {{ tier2_satisfaction = 98, tier3_size = 100 }}
then_ended       = "vouchers_filed"
"""


def test_the_third_tier_lies_inside_the_second_also_in_a_case_of_ten_thousand(theatre):
    played = theatre.play(STORY, TEN_THOUSAND.encode())

    assert played.failure is None, played.failure.says("en")
    variables = played.outcome.variables
    second, third = (set(variables[name].splitlines()) for name in ("tier2_sample", "tier3_sample"))
    assert third < second < set(VOUCHERS.split(r"\n"))
    assert (len(third), len(second)) == (100, 500)

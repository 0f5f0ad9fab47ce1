"""A branch below the bank, so that there is somebody above: east, with Sun Li 孙丽 at the counter.

Above Sun Li: Zhou Jie 周洁, head of the outlet; Qian Yi 钱毅, service management of the bank; Wang Wei, head of the bank.
"""

from engine.commands.engine import Engine
from engine.commands.people.people_commands import add_person, add_unit, grant_role, set_head
from engine.people import SYSTEM

BRANCH = "east"
PEOPLE = {
    "sun_lihua": ("孙丽", "Sun Li", "zh", {BRANCH: ("first_receiver",)}),
    "zhou_jie": ("周洁", "Zhou Jie", "zh", {BRANCH: ("outlet_head", "supervisor")}),
    "qian_yi": ("钱毅", "Qian Yi", "en", {"bank": ("service_mgmt",)}),
}


def open_branch(engine: Engine) -> None:
    add_unit(
        engine, SYSTEM, organisation_key="bank", unit_key=BRANCH, name={"zh": "城东网点", "en": "East outlet"}
    )
    for username, (zh, en, locale, roles) in PEOPLE.items():
        add_person(
            engine,
            SYSTEM,
            username=username,
            organisation_key="bank",
            name={"zh": zh, "en": en},
            email=f"{username}@bank.example",
            locale=locale,
        )
        for unit_key, keys in roles.items():
            for key in keys:
                grant_role(engine, SYSTEM, username=username, unit_key=unit_key, role_key=key)
    set_head(engine, SYSTEM, unit_key=BRANCH, username="zhou_jie")

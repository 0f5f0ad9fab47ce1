"""People, roles, units and organisations by hand."""

from typing import Any

from engines import make_engine

from engine.commands.people.sign_in import load_actor, sign_in
from engine.model import SystemClock
from engine.store import Store


def test_it_adds_a_person_who_can_sign_in_with_the_given_roles(call: Any, database: str) -> None:
    said = call(
        *("user", "add", "sun_li", "--password", "eight-o-clock", "--name-zh", "孙丽", "--name-en", "Sun Li"),
        *("--role", "first_receiver", "--role", "supervisor", "--email", "sun_li@bank.example"),
        *("--database", database),
    )

    store = Store(database)
    engine = make_engine(store, SystemClock())
    actor = sign_in(engine, "sun_li", "eight-o-clock")
    store.close()
    assert (said.code, said.out) == (0, ["Added sun_li (bank)."])
    assert actor.roles == {"first_receiver", "supervisor"}
    assert actor.name == "孙丽"


def test_it_adds_nobody_when_a_role_or_a_password_is_wrong(call: Any, database: str) -> None:
    for wrong, named in (
        (("--role", "first_reciever"), "first_reciever"),
        (("--role", "staff@nowhere"), "nowhere"),
        (("--password", "short"), "8"),
        (("--org", "nowhere"), "nowhere"),
    ):
        said = call("user", "add", "sun_li", *wrong, "--database", database)
        assert said.code == 1, wrong
        assert named in said.err[0]
    assert all(
        one["username"] != "sun_li" for one in call("user", "list", "--json", "--database", database).json
    )


def test_it_gives_and_takes_roles_in_units(call: Any, database: str) -> None:
    call("user", "unit", "counter", "--name-zh", "柜面", "--head", "wang_wei", "--database", database)
    given = call("user", "role", "chen_bo", "first_receiver", "--unit", "counter", "--database", database)
    people = {one["username"]: one for one in call("user", "list", "--json", "--database", database).json}
    taken = call(
        "user", "role", "chen_bo", "first_receiver", "--unit", "counter", "--revoke", "--database", database
    )
    again = call(
        "user", "role", "chen_bo", "first_receiver", "--unit", "counter", "--revoke", "--database", database
    )

    assert given.out == ["chen_bo: +first_receiver@counter"]
    assert people["chen_bo"]["roles"] == [{"role": "first_receiver", "unit": "counter"}]
    assert taken.out == ["chen_bo: -first_receiver@counter"]
    assert again.code == 1


def test_it_sets_heads_and_passwords_and_puts_people_off(call: Any, database: str) -> None:
    head = call("user", "head", "bank", "zhao_min", "--database", database)
    password = call("user", "password", "li_na", "--password", "nine-o-clock", "--database", database)
    off = call("user", "off", "chen_bo", "--database", database)
    units = call("org", "units", "bank", "--json", "--database", database).json

    store = Store(database)
    engine = make_engine(store, SystemClock())
    assert sign_in(engine, "li_na", "nine-o-clock").username == "li_na"
    assert load_actor(engine, "chen_bo") is None
    store.close()
    assert (head.code, password.code, off.code) == (0, 0, 0)
    assert units[0]["head"] == "zhao_min"


def test_it_adds_organisations_and_then_wants_to_know_which(call: Any, database: str) -> None:
    added = call(
        "org", "add", "factory", "--name-zh", "工厂", "--profile", "complaint=CMP-07", "--database", database
    )
    unclear = call("user", "add", "sun_li", "--database", database)
    clear = call("user", "add", "sun_li", "--org", "factory", "--database", database)
    listed = {
        one["organisation_key"]: one for one in call("org", "list", "--json", "--database", database).json
    }

    assert added.code == 0
    assert (unclear.code, "--org" in unclear.err[0], "bank, factory" in unclear.err[0]) == (1, True, True)
    assert clear.code == 0
    assert listed["factory"]["profiles"] == {"complaint": "CMP-07"}


def test_it_shows_units_as_a_tree(call: Any, database: str) -> None:
    call("user", "unit", "east", "--name-zh", "城东", "--database", database)
    call("user", "unit", "east_counter", "--parent", "east", "--name-zh", "城东柜面", "--database", database)

    said = call("org", "units", "bank", "--database", database)

    assert said.out == ["bank\t城东支行\twang_wei", "  east\t城东", "    east_counter\t城东柜面"]

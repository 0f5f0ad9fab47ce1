"""A bank on paper: outlet under east under city under the root; who heads what, and who holds which role where."""

from collections.abc import Iterable, Mapping

from engine.people import Actor, Directory, Held, PersonInfo, UnitInfo

# unit → (parent, head)
UNITS: Mapping[str, tuple[str | None, str | None]] = {
    "bank": (None, "president"),
    "city": ("bank", "city_head"),
    "east": ("city", "wang_wei"),
    "outlet": ("east", "zhao_min"),
    "west": ("city", None),
    "service": ("bank", "service_head"),
}
# who, where, as what
ROLES = (
    ("li_na", "outlet", "first_receiver"),
    ("sun_li", "outlet", "first_receiver"),
    ("zhao_min", "outlet", "outlet_head"),
    ("wang_wei", "east", "tier2_branch"),
    ("city_head", "city", "tier1_branch"),
    ("president", "bank", "head_office"),
    ("service_head", "service", "service_mgmt"),
)
NAMES = ("li_na", "sun_li", "zhao_min", "wang_wei", "city_head", "president", "service_head", "chen_bo")


def directory(
    roles: Iterable[tuple[str, str, str]] = ROLES,
    *,
    heads: Mapping[str, str | None] | None = None,
    left: Iterable[str] = (),
) -> Directory:
    """`heads` overrides who heads a unit; people in `left` are no longer active."""
    paths: dict[str, str] = {}
    units = {}
    for key, (parent, head) in UNITS.items():
        paths[key] = f"{paths.get(parent or '', '/')}{key}/"
        units[key] = UnitInfo(key, parent, paths[key], {"zh": key, "en": key}, (heads or {}).get(key, head))
    people = {
        name: PersonInfo(
            name,
            {"zh": f"姓名{name}", "en": name.title()},
            f"{name}@bank.example",
            "zh",
            name not in set(left),
        )
        for name in NAMES
    }
    return Directory("bank", units, people, tuple(roles))


def actor(*held: tuple[str, str], organisation: str | None = "bank", name: str = "li_na") -> Actor:
    """Somebody who holds roles, as (role, path of the unit)."""
    return Actor(
        name,
        organisation,
        name,
        memberships=tuple(Held(path.strip("/").rpartition("/")[2], path, role) for role, path in held),
    )

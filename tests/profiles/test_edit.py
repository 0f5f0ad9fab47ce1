"""One value of a profile is changed: nothing else of the file moves, neither comments nor order."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.profiles import ProfileError, edited, read_profile

PROCESSES = Path(__file__).parents[2] / "processes"
FILES = {
    str(path.relative_to(PROCESSES)): path.read_bytes()
    for path in sorted(PROCESSES.glob("*/profiles/*.toml"))
}
PROMISED = sorted(
    name
    for name, content in FILES.items()
    if any(not one.is_off for one in read_profile(content, name).limits.values())
)


def differing(before: bytes, after: bytes) -> list[tuple[bytes, bytes]]:
    old, new = before.split(b"\n"), after.split(b"\n")
    assert len(old) == len(new)
    return [(one, other) for one, other in zip(old, new, strict=True) if one != other]


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(PROMISED), st.data())
def test_a_figure_of_any_real_profile_changes_its_own_line_and_no_other(
    name: str, data: st.DataObject
) -> None:
    content = FILES[name]
    profile = read_profile(content, name)
    promised = sorted(key for key, one in profile.limits.items() if not one.is_off)
    limit = data.draw(st.sampled_from(promised))
    value = (
        f"{data.draw(st.integers(1, 60))} {data.draw(st.sampled_from(['MIN', 'H', 'WH', 'WD', 'CD', 'CM']))}"
    )

    after = edited(content, [(("limits", limit, "value"), value)], name)

    if value == profile.limits[limit].value:
        assert after == content
    else:
        [(old, new)] = differing(content, after)
        assert old.replace(f'"{profile.limits[limit].value}"'.encode(), f'"{value}"'.encode()) == new
    assert read_profile(after, name).limits[limit].value == value
    back = edited(after, [(("limits", limit, "value"), profile.limits[limit].value)], name)
    assert back == content


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(PROMISED), st.data())
def test_an_option_and_a_role_change_their_own_line_too(name: str, data: st.DataObject) -> None:
    content = FILES[name]
    profile = read_profile(content, name)
    flags = sorted(key for key, one in profile.options.items() if isinstance(one, bool))
    for place, value in (
        *((("options", one), not profile.options[one]) for one in flags[:1]),
        *((("roles", one), "service_mgmt,admin") for one in sorted(profile.roles)[:1]),
    ):
        assert len(differing(content, edited(content, [(place, value)], name))) == 1
    limit = data.draw(st.sampled_from(sorted(profile.limits)))
    added = edited(content, [(("limits", limit, "ladder"), "default")], name)
    lines = [line for line in added.split(b"\n") if line not in content.split(b"\n")]
    assert lines in ([], [b'ladder = "default"'])


def test_what_is_taken_away_leaves_the_rest() -> None:
    content = b'[limits.a]\nvalue = "1 WD"  # why\noff = true\n# end\n'

    assert (
        edited(content, [(("limits", "a", "off"), None)], "x")
        == b'[limits.a]\nvalue = "1 WD"  # why\n# end\n'
    )
    assert edited(content, [(("nothing", "a"), None)], "x") == content


def test_a_file_that_is_no_toml_is_told_with_its_name() -> None:
    with pytest.raises(ProfileError, match=r"x\.toml"):
        edited(b"[limits", [(("limits", "a"), 1)], "x.toml")
    with pytest.raises(ProfileError, match="id"):
        edited(b'id = "x"\n', [(("id", "a", "b"), 1)], "x.toml")

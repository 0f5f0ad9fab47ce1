"""Profiles: what is read, and one row for each mistake with the place that it is named by."""

from datetime import time
from pathlib import Path

import pytest

from engine.profiles import Ladder, Numbering, ProfileError, read_profile
from engine.worktime import RecurringRule, parse_limit

PROFILES = sorted((Path(__file__).parents[2] / "processes").glob("*/profiles/*.toml"))
HEAD = 'id = "CMP-01"\nfamily = "complaint"\nprocess = "complaint"\n'


def profile(text: str = ""):
    return read_profile((HEAD + text).encode(), "profiles/CMP-01.toml")


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_the_profiles_of_the_house_can_be_read(path):
    found = read_profile(path.read_bytes(), path.name)

    assert found.id == path.stem
    assert found.family == path.parts[-3]
    for limit in found.limits.values():
        assert limit.is_off != (limit.limit is not None)


def test_what_is_left_out_has_a_default():
    found = profile()

    assert (found.title, found.calendar, found.numbering) == (
        {"zh": "CMP-01", "en": "CMP-01"},
        "cn",
        Numbering(),
    )
    assert (found.limits, found.roles, found.options, found.quiet_hours) == ({}, {}, {}, None)
    assert found.ladder("default") == Ladder("default", ("75%", "90%"), "equal", ())


def test_it_reads_a_limit_with_all_that_belongs_to_it():
    found = profile(
        '[limits.handle]\nid = "CMP-01/T2"\nvalue = "1–3 WD"\ntext = { zh = "办结", en = "Done" }\nfact = false\n'
        'role = "first_receiver"\nwarn = ["50%", "1 WD"]\nladder = "steep"\n[ladders.steep]\nwarn = ["80%"]\nevery = "1 WD"\nrungs = ["outlet_head"]\n'
    ).limits["handle"]

    assert (found.id, found.value, found.is_fact, found.role, found.ladder) == (
        "CMP-01/T2",
        "1–3 WD",
        False,
        "first_receiver",
        "steep",
    )
    assert (found.lower, found.limit) == (parse_limit("1 WD"), parse_limit("3 WD"))
    assert found.warn == ("50%", "1 WD")
    assert found.text == {"zh": "办结", "en": "Done"}


def test_a_limit_is_a_fact_of_the_source_unless_it_says_otherwise():
    found = profile('[limits.handle]\nvalue = "3 WD"\n').limits["handle"]

    assert (found.id, found.is_fact, found.ladder, found.warn) == ("handle", True, "default", None)


def test_a_recurring_rule_is_a_limit_that_a_clock_can_measure():
    found = profile('[limits.dossier]\nid = "CMP-07/T1"\nvalue = "every year by 12-31"\n').limits["dossier"]

    assert found.limit == RecurringRule("year", "12-31")
    assert found.lower is None


def test_a_promise_that_is_switched_off_says_why():
    found = profile('[limits.acknowledge]\noff = true\nwhy = "The source names none."\n').limits[
        "acknowledge"
    ]

    assert (found.is_off, found.limit, found.id) == (True, None, "")


def test_it_reads_quiet_hours_options_numbers_and_escalations():
    found = profile(
        '[quiet_hours]\nfrom = "22:00"\nto = 07:00:00\n[numbering]\npattern = "TS-{number:04d}"\nrestarts = "never"\n'
        '[options]\nsurvey = true\nfee = 0.5\nchannels = ["tel"]\n[escalates_to]\noutlet_head = "service_mgmt"\n'
    )

    assert (found.quiet_hours.start, found.quiet_hours.end) == (time(22), time(7))
    assert found.numbering == Numbering("TS-{number:04d}", "never")
    assert found.options == {"survey": True, "fee": 0.5, "channels": ["tel"]}
    assert found.escalates_to == {"outlet_head": "service_mgmt"}


def test_register_ids_lead_to_the_names_that_the_family_uses():
    found = profile(
        '[limits.handle]\nid = "CMP-01/T2"\nvalue = "3 WD"\n[limits.other]\noff = true\nwhy = "none"\n'
    )

    assert found.limit_ids() == {"CMP-01/T2": "handle"}


@pytest.mark.parametrize("missing", ["id", "family", "process"])
def test_what_every_profile_needs_is_asked_for(missing):
    text = "\n".join(line for line in HEAD.splitlines() if not line.startswith(missing))

    with pytest.raises(ProfileError) as refused:
        read_profile(text.encode(), "CMP-01.toml")

    assert refused.value.place == missing


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b"id = ", b"= 1", b"[limits", b"a = " + b"[" * 5000, b" " * 500_001],
    ids=lambda one: ascii(one)[:40],
)
def test_what_is_no_toml_is_refused(content):
    with pytest.raises(ProfileError, match=r"CMP-01\.toml, (TOML|file)"):
        read_profile(content, "CMP-01.toml")


LIMIT = '[limits.handle]\nvalue = "3 WD"\n'


@pytest.mark.parametrize(
    ("text", "place"),
    [
        # Words that nobody reads
        ("processs = 1\n", "processs"),
        ("[limit]\n", "limit"),
        (LIMIT + 'vlaue = "1 WD"\n', "limits.handle.vlaue"),
        ("[ladders.x]\nstep = 1\n", "ladders.x.step"),
        ("[numbering]\nstart = 1\n", "numbering.start"),
        ('[quiet_hours]\nfrom = "22:00"\nto = "07:00"\nzone = "UTC"\n', "quiet_hours.zone"),
        # Values of another kind
        ("title = 5\n", "title"),
        ("title = { zh = 5 }\n", "title"),
        ("source = 5\n", "source"),
        ("calendar = []\n", "calendar"),
        ("limits = 5\n", "limits"),
        ("[limits]\nhandle = \"3 WD\"\n", "limits.handle"),
        ("[roles]\nhandler = 5\n", "roles.handler"),
        ("[escalates_to]\nhandler = []\n", "escalates_to.handler"),
        ("[texts]\nzh = 5\n", "texts.zh"),
        ("[options]\nsince = 2026-01-01\n", "options.since"),
        ("[options]\nmost = inf\n", "options.most"),
        ("[options]\nlist = [2026-01-01]\n", "options.list"),
        # Limits
        ("[limits.handle]\n", "limits.handle"),
        ("[limits.handle]\nvalue = 3\n", "limits.handle"),
        ('[limits.handle]\nvalue = "3 days"\n', "limits.handle"),
        ('[limits.handle]\nvalue = "3–1 WD"\n', "limits.handle"),
        ('[limits.handle]\nvalue = "-3 WD"\n', "limits.handle"),
        ('[limits.handle]\nvalue = "every fortnight by friday"\n', "limits.handle"),
        ('[limits.handle]\nvalue = ""\n', "limits.handle.value"),
        (LIMIT + "id = 5\n", "limits.handle.id"),
        (LIMIT + 'fact = "yes"\n', "limits.handle.fact"),
        (LIMIT + 'role = ""\n', "limits.handle.role"),
        (LIMIT + 'warn = "75%"\n', "limits.handle.warn"),
        (LIMIT + "warn = [75]\n", "limits.handle.warn"),
        (LIMIT + 'warn = ["0%"]\n', "limits.handle.warn"),
        (LIMIT + 'warn = ["100%"]\n', "limits.handle.warn"),
        (LIMIT + 'warn = ["７５%"]\n', "limits.handle.warn"),
        (LIMIT + 'warn = ["soon"]\n', "limits.handle.warn"),
        (LIMIT + 'ladder = "steep"\n', "limits.handle"),
        ("[limits.handle]\noff = true\n", "limits.handle"),
        ('[limits.handle]\noff = true\nwhy = " "\n', "limits.handle"),
        ("[limits.handle]\noff = \"yes\"\n", "limits.handle.off"),
        (LIMIT + 'off = true\nwhy = "none"\n', "limits.handle.value"),
        # Ladders
        ('[ladders.x]\nwarn = ["150%"]\n', "ladders.x.warn"),
        ('[ladders.x]\nevery = "50%"\n', "ladders.x.every"),
        ('[ladders.x]\nevery = "weekly"\n', "ladders.x.every"),
        ("[ladders.x]\nevery = 1\n", "ladders.x.every"),
        ('[ladders.x]\nrungs = "outlet_head"\n', "ladders.x.rungs"),
        # Quiet hours
        ("quiet_hours = true\n", "quiet_hours"),
        ('[quiet_hours]\nfrom = "22:00"\n', "quiet_hours.to"),
        ('[quiet_hours]\nfrom = "22"\nto = "late"\n', "quiet_hours.to"),
        ('[quiet_hours]\nfrom = "24:00"\nto = "07:00"\n', "quiet_hours.from"),
        # Numbers
        ('[numbering]\nrestarts = "month"\n', "numbering.restarts"),
        ('[numbering]\npattern = "TS-{year}"\n', "numbering.pattern"),
        ('[numbering]\npattern = "TS-{number}"\n', "numbering.pattern"),  # each year the same again
        ('[numbering]\npattern = "{year}-{number:5}"\n', "numbering.pattern"),
        ('[numbering]\npattern = "{year}-{number.__class__}"\n', "numbering.pattern"),
        ('[numbering]\npattern = "{year.__class__.__mro__}-{number}"\n', "numbering.pattern"),
        ('[numbering]\npattern = "{year}-{number:0999999999d}"\n', "numbering.pattern"),
        ('[numbering]\npattern = "{year}-{number:>{number}}"\n', "numbering.pattern"),
        ('[numbering]\npattern = "{year}-{number}-{month}"\n', "numbering.pattern"),
        ('[numbering]\npattern = "{year}-{number}-{0}"\n', "numbering.pattern"),
        ('[numbering]\npattern = "{year}-{number}-{"\n', "numbering.pattern"),
        ('[numbering]\npattern = "{year!r}-{number}"\n', "numbering.pattern"),
        ("[numbering]\npattern = 5\n", "numbering.pattern"),
        ('[numbering]\npattern = "{year}\\n{number}"\n', "numbering.pattern"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(text, place):
    with pytest.raises(ProfileError) as refused:
        profile(text)

    assert refused.value.place == place
    assert refused.value.en.startswith(f"profiles/CMP-01.toml, {place}: Expected ")
    assert refused.value.zh.startswith(f"profiles/CMP-01.toml，{place}：应为")


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        ("TS-{year}-{number:05d}", "TS-2026-00007"),
        ("{year}{number}", "20267"),
        ("【{year}】{number:03d}号", "【2026】007号"),
    ],
)
def test_a_pattern_gives_numbers(pattern, number):
    found = profile(f'[numbering]\npattern = "{pattern}"\n').numbering

    assert found.pattern.format(year="2026", number=7) == number


def test_a_profile_names_the_promise_that_is_the_answer_to_the_customer():
    limits = read_profile(
        b'id = "P"\nfamily = "f"\nprocess = "p"\n'
        b'[limits.start]\nvalue = "3 WD"\n[limits.reply]\nvalue = "24 H"\nanswers = true\n',
        "profiles/P.toml",
    ).limits

    assert [name for name, one in limits.items() if one.is_answer] == ["reply"]

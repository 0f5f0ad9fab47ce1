"""The trace: which ids of the register a family carries, where, and which stories name them."""

import pytest
from rehearsals import FAMILY, PROCESSES

from engine.rehearsal import trace

REGISTER = {
    "procedures": "id\tprocedure\tfamily\tsource\tcoverage\tclass\nTINY\tA small matter\tcomplaint\t000\tFull\tCore\nBIG-01\tA big one\tother\t000\tFull\tExt\n",
    "sla": "id\twhat\tclock_starts\tlimit\tclock\twho\tif_breached\tsource\nTINY/T1\tHandled\tNow\t2 WD\tWD\tx\tBIG-01\t000\nTINY/T9\tNever\tNow\t2 WD\tWD\tx\ty\t000\nBIG-01/T1\tNever\tNow\t2 WD\tWD\tx\tTINY\t000\n",
    "decisions": "id\tdecision\nD-01\tLevel (BIG-01), U\n",
    "forms": "id\tform\tfields\tfilled_by\tprocedures\nF-001\tRecord\tx\ty\tTINY\n",
    "roles": "role\tname\twhere\tescalates_to\nfirst_receiver\tFirst receiver\tTINY\toutlet_head\nnobody_here\tNobody\tBIG-01\t—\n",
    "conflicts": "id\trule\tprocedures\nCOI-1\tRecusal\tTINY\n",
    "penalties": "id\tground\twho\teffect\tprocedures\nP-01\tPoor attitude\tx\ty\tTINY\n",
}  # fmt: skip
TABLE = """<?xml version="1.0"?><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="level" name="Level"><description>D-01</description></decision></definitions>"""


@pytest.fixture
def found(tmp_path):
    register = tmp_path / "register"
    register.mkdir()
    for name, text in REGISTER.items():
        (register / f"{name}.tsv").write_text(text)
    for path in FAMILY.rglob("*"):
        if path.is_file():
            place = tmp_path / "small" / path.relative_to(FAMILY)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    form = tmp_path / "small" / "forms" / "record.json"
    form.write_text(form.read_text().replace('"type": "object",', '"type": "object", "x-form": "F-001",', 1))
    profile = tmp_path / "small" / "profiles" / "TINY.toml"
    profile.write_text(
        profile.read_text().replace('"2 WD"\n', '"2 WD"\nwarn = ["75%"]\n', 1)
        + '\n[limits.never]\nid = "TINY/T8"\nvalue = "1 WD"\ntext = "not TINY/T9"\n[options]\npenalties = ["P-01"]\n'
    )
    (tmp_path / "small" / "level.dmn").write_text(TABLE)
    (tmp_path / "register" / "not_modelled.tsv").write_text(
        "id\tzh\ten\nBIG-01/T1\t原文没有内容\tThe source says nothing\n"
    )
    return trace(tmp_path)


def item(found, register_id):
    return next(one for one in found["items"] if one["id"] == register_id)


def test_a_limit_is_carried_by_its_profile_and_its_elements(found):
    limit = item(found, "TINY/T1")

    assert limit["kind"] == "limit"
    assert limit["class"] == "Core"
    assert limit["covered"] is True
    assert limit["where"] == [
        {"file": "small/profiles/TINY.toml", "element": "limits.handle"},
        {"file": "small/small_matter.bpmn", "element": "handle_matter"},  # in `source`
        {"file": "small/small_matter.bpmn", "element": "handle_overdue"},  # through the name of the limit
    ]
    assert "small/scenarios/late.toml" in limit["scenarios"]


def test_what_nobody_carries_is_not_covered(found):
    limit = item(found, "TINY/T9")

    assert (limit["covered"], limit["where"], limit["scenarios"]) == (False, [], [])


def test_what_the_source_leaves_open_has_a_reason(found):
    assert item(found, "BIG-01/T1")["reason"] == {"zh": "原文没有内容", "en": "The source says nothing"}
    assert item(found, "TINY/T9")["reason"] is None


def test_a_limit_is_of_the_class_of_its_procedure(found):
    assert item(found, "BIG-01/T1")["class"] == "Ext"


def test_tables_forms_roles_and_options_carry_ids_too(found):
    assert item(found, "D-01")["where"] == [{"file": "small/level.dmn", "element": "level"}]
    assert item(found, "F-001")["where"] == [{"file": "small/forms/record.json", "element": ""}]
    assert item(found, "P-01")["where"] == [
        {"file": "small/profiles/TINY.toml", "element": "options.penalties"}
    ]
    assert item(found, "first_receiver")["where"] == [
        {"file": "small/small_matter.bpmn", "element": "record_matter"}
    ]
    assert not item(found, "nobody_here")["covered"]
    assert not item(found, "COI-1")["covered"]


def test_the_procedure_itself_is_carried_by_its_profile(found):
    assert {"file": "small/profiles/TINY.toml", "element": ""} in item(found, "TINY")["where"]
    assert len(item(found, "TINY")["scenarios"]) == len(list((FAMILY / "scenarios").glob("*.toml")))


def test_the_totals_add_up(found):
    totals = found["totals"]

    assert totals["ids"] == len(found["items"]) == 11
    assert totals["covered"] == sum(one["covered"] for one in found["items"])
    assert totals["by_class"]["Core"]["ids"] + totals["by_class"]["Ext"]["ids"] == 11
    assert totals["by_kind"]["limit"]["by_class"]["Ext"] == {
        "ids": 1,
        "covered": 0,
        "exercised": 0,
        "reasoned": 1,
    }


def test_the_register_of_the_product_has_its_core(found):
    totals = trace(PROCESSES)["totals"]["by_kind"]

    assert totals["procedure"]["by_class"]["Core"]["ids"] == 51
    assert totals["limit"]["ids"] == 241

"""From rule to diagram and back: what is drawn where, and openly what is not modelled."""

import pytest

from engine.rehearsal import LiveTrace


@pytest.fixture
def own_family(engine):
    """The rules that the pages' own family carries."""
    live = LiveTrace().get(engine)
    return next(one for one in live.processes.values() if len(one.rules) > 0)


def test_a_rule_leads_to_its_elements_and_an_element_to_its_rules(li_na, own_family):
    element, ids = next((key, ids) for key, ids in own_family.rules.items() if key != own_family.process_key)

    page = li_na.get(f"/register/rules/{ids[0]}")
    marked = li_na.get(f"/register/marked/{ids[0]}").json

    assert page.status_code == 200
    assert element in page.text
    (process,) = [one for one in marked if one["process_key"] == own_family.process_key]
    assert element in process["active"]
    assert process["rules"][element] == list(ids)


def test_the_diagram_of_a_rule_is_there(li_na, own_family):
    drawn = li_na.get(f"/register/drawing/{own_family.process_key}")

    assert drawn.mimetype == "application/xml"
    assert f'id="{own_family.process_key}"' in drawn.text


def test_what_is_not_modelled_is_listed_openly(li_na):
    page = li_na.get("/register?kind=limit&state=open&class=Ext")

    assert "尚未建模" in li_na.get("/register/rules/ADV-01/T1").text
    assert "ADV-01/T1" in page.text
    assert "未建模" in page.text


def test_a_search_finds_ids_and_words_of_all_kinds(li_na):
    assert "COI-1" in li_na.get("/register?q=recuses").text


def test_an_unknown_rule_is_told_so(li_na):
    assert li_na.get("/register/rules/CMP-99/T1").status_code == 404
    assert li_na.get("/register/drawing/nothing").status_code == 404


def test_the_trace_is_read_anew_only_when_another_release_is_live(engine):
    trace = LiveTrace()

    assert trace.get(engine) is trace.get(engine)

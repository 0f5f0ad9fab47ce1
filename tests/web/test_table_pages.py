"""Decision tables on the owner's pages: the list, the page, and what is told of a table that is not saved."""

import json

import pytest
from small_table import ROWS, small_table

from web.tables.examination import examine

HOUSE = "/procedures/matter_family"
PATH = "who.dmn"


class Owner:
    def __init__(self, browser):
        self.browser = browser
        browser.get(HOUSE)

    def ask(self, method, path, data):
        headers = {"Accept": "application/json", "X-CSRF-Token": self.browser.token}
        return self.browser.client.open(f"{HOUSE}/{path}", method=method, headers=headers, json=data)

    def keep(self, text):
        assert self.ask("PUT", f"files/{PATH}", {"text": text, "seen": 0}).status_code == 200


def told(text, row=None):
    return examine(text, PATH, "who", row, None)


@pytest.fixture
def owner(signed_in):
    return Owner(signed_in("he_jing"))


def test_the_list_and_the_page_show_the_table_of_the_working_copy(owner):
    assert "who.dmn" not in owner.browser.get(f"{HOUSE}/tables").text
    owner.keep(small_table())

    listed, page = (owner.browser.get(f"{HOUSE}/{path}") for path in ("tables", f"tables/{PATH}"))

    assert "由谁答复" in listed.text
    assert "由谁答复" in page.text
    assert "没有流程图使用此表" in page.text
    # The values are called what forms call them.
    assert json.dumps("涉及安全")[1:-1] in page.text
    assert "style-src-attr" in page.headers["Content-Security-Policy"]


def test_gaps_and_overlaps_are_told_with_their_rows():
    assert told(small_table())["findings"] == []

    gap = told(small_table(ROWS[:2]))["findings"]
    overlap = told(small_table((*ROWS, ('"safety"', "-", '"office"'))))["findings"]

    assert [(one["severity"], one["rule"]) for one in gap] == [("warning", "gap")]
    assert "轻重 = safety, 渠道 = visit" in gap[0]["says"]["zh"]
    assert {(one["rule"], *(row["id"] for row in one["rows"])) for one in overlap} == {
        ("overlap", "rule_2", "rule_4"), ("overlap", "rule_3", "rule_4"),
    }  # fmt: skip


def test_a_row_is_tried_on_the_table_as_it_stands():
    trial = told(small_table(), {"severity": "safety", "channel": "visit"})["trial"]

    assert trial["outputs"] == [{"who": "office"}]
    assert [row["number"] for row in trial["rows"] if row["is_hit"]] == [3]
    assert trial["rows"][0]["column"] == "轻重"


@pytest.mark.parametrize(
    ("row", "outputs", "says"),
    [
        ({"severity": "general"}, [{"who": "branch"}], None),
        ({}, [], None),
        ({"severity": "grave", "channel": "phone"}, [], "grave"),
    ],
)
def test_a_row_with_gaps_or_nonsense_has_an_answer_in_words(row, outputs, says):
    trial = told(small_table(), row)["trial"]

    assert trial["outputs"] == outputs
    assert (says is None) == (trial["failure"] is None)
    assert says is None or says in trial["failure"]["zh"]


def test_a_table_that_cannot_be_read_says_where_and_what_to_do():
    refused = told(small_table((('general"', "-", '"branch"'),)))

    assert refused["tables"] == []
    assert "第 1 条规则" in refused["refused"]["zh"]
    assert told("<nothing", {})["refused"]["en"]


def test_what_a_change_would_change_is_told():
    live = small_table().encode()
    added = examine(small_table(), PATH, None, None, None)["changes"]
    changed = examine(small_table((*ROWS[:2], ('"safety"', '"visit"', '"branch"'))), PATH, None, None, live)[
        "changes"
    ]

    assert [one["zh"] for one in added] == ["新增决策表“who”。"]
    assert [one["zh"] for one in changed] == ["修改“由谁答复”第 3 行：结果：“office”→“branch”。"]


def test_the_page_asks_and_is_answered_and_who_may_not_look_is_not(owner, signed_in):
    answer = owner.ask(
        "POST", f"tables/{PATH}", {"text": small_table(), "decision": "who", "row": {"severity": "general"}}
    )

    assert answer.json["trial"]["outputs"] == [{"who": "branch"}]
    assert owner.ask("POST", f"tables/{PATH}", {"text": 5}).status_code == 400
    assert owner.browser.get(f"{HOUSE}/tables/matter.bpmn").status_code == 404
    assert signed_in("chen_bo").get(f"{HOUSE}/tables").status_code == 403

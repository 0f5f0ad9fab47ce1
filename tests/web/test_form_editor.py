"""The form editor: each act is saved at once in the working copy, and nobody overwrites what they have not seen."""

import json

import pytest
from pages import MATTER_FAMILY

HOUSE = "/procedures/matter_family"
PATH = "forms/answer.json"
PAGE = f"{HOUSE}/forms/{PATH}"


class Desk:
    """A person at the page, with and without its script."""

    def __init__(self, browser):
        self.browser = browser
        browser.get(HOUSE)

    def act(self, act, seen=0, **words):
        return self.browser.post(
            PAGE, {"act": act, "seen": seen, **words}, headers={"Accept": "application/json"}
        )

    def plain(self, act, seen=0, **words):
        return self.browser.post(PAGE, {"act": act, "seen": seen, **words})

    def form(self):
        return json.loads(self.browser.get(f"{HOUSE}/files/{PATH}").json["text"])


@pytest.fixture
def he_jing(signed_in):
    return Desk(signed_in("he_jing"))


def drawn():
    return json.loads((MATTER_FAMILY / PATH).read_text(encoding="utf-8"))


def test_the_page_shows_fields_preview_and_who_uses_the_form(he_jing):
    page = he_jing.browser.get(PAGE).text

    assert page.count('class="form-row"') == len(drawn()["properties"])
    # As staff see it, in both languages.
    assert "客户读得懂的话。" in page
    assert "In words that the customer understands." in page
    assert 'name="en-reply"' in page
    assert "element=answer_customer" in page
    assert "没有改动，与在用版本相同。" in page


def test_a_change_is_saved_and_told_and_sending_back_what_is_shown_is_none(he_jing):
    page = he_jing.browser.get(PAGE).text
    assert 'name="max_length"' in page

    told = he_jing.act("field", field="decision", zh="结论", en="Finding", look="radio", name="decision",
                       ticks=["is_required", "is_readonly", "is_half"], is_required="true",
                       option_value=["justified", "unjustified", ""], option_zh=["成立", "不成立", ""],
                       option_en=["Justified", "Not justified", ""], show_field="")  # fmt: skip

    assert told.json["revision"] == 0
    assert he_jing.form() == drawn()

    told = he_jing.act("field", field="reply", zh="给客户的答复").json

    assert told["revision"] == 1
    assert "中文名称：“答复”→“给客户的答复”" in told["beside"]
    assert "给客户的答复" in told["summaries"]["reply"]
    assert told["rows"] is None
    expected = drawn()
    expected["properties"]["reply"]["x-label"]["zh"] = "给客户的答复"
    assert he_jing.form() == expected


def test_without_the_script_a_field_is_added_moved_and_removed(he_jing):
    added = he_jing.plain("add", name="call_date", look="date", zh="回访日期", en="Date of the call")
    assert added.status_code == 303
    assert added.headers["Location"].endswith("#row-call_date")
    assert he_jing.plain("up", seen=1, field="call_date").status_code == 303
    assert he_jing.plain("remove", seen=2, field="is_urgent").status_code == 303

    names = list(he_jing.form()["properties"])
    assert names == ["subject", "decision", "amount", "reply", "proof", "call_date"]


def test_options_get_a_value_and_another_order(he_jing):
    lines = {"option_value": ["justified", "unjustified", ""], "option_zh": ["成立", "不成立", "部分成立"],
             "option_en": ["Justified", "Not justified", "In part"]}  # fmt: skip

    he_jing.act("field", field="decision", option_up="1", **lines)
    values = [one["value"] for one in he_jing.form()["properties"]["decision"]["x-options"]]
    assert values == ["unjustified", "justified", "in_part"]
    he_jing.act("field", seen=1, field="decision", option_remove="0", **lines)
    values = [one["value"] for one in he_jing.form()["properties"]["decision"]["x-options"]]
    assert values == ["unjustified", "in_part"]


def test_what_is_wrong_is_told_at_its_word_and_nothing_is_saved(he_jing):
    refused = he_jing.act("field", field="reply", min_length="two")
    assert (refused.status_code, refused.json["word"]) == (422, "min_length")
    assert "应为整数" in refused.json["message"]

    plain = he_jing.plain("field", field="reply", name="decision")
    assert plain.status_code == 422
    assert "表单已有字段" in plain.text
    assert he_jing.form() == drawn()


def test_the_second_of_two_owners_is_told_who_was_first(he_jing, signed_in):
    sun_li = Desk(signed_in("sun_li"))
    he_jing.act("field", field="reply", zh="答复甲")

    refused = sun_li.act("field", field="reply", zh="答复乙")
    assert refused.status_code == 409
    assert "he_jing" in refused.json["message"]
    assert sun_li.plain("remove", field="reply").status_code == 409
    assert sun_li.act("field", seen=1, field="reply", zh="答复乙").json["revision"] == 2


def test_the_preview_becomes_an_example_when_it_fits(he_jing):
    missing = he_jing.act("field", field="proof", ticks=["is_required"], is_required="true").json
    assert "示例 1 不合格" in missing["beside"]
    assert "示例 1 不合格" in missing["summaries"]["proof"]
    he_jing.act("field", seen=1, field="proof", ticks=["is_required"])
    filled = {"zh-decision": "justified", "zh-amount": "８０", "zh-reply": "全额赔付"}
    told = he_jing.act("example", seen=2, example=1, language="zh", **filled)

    assert told.status_code == 200, told.text
    assert he_jing.form()["examples"][1] == {
        "decision": "justified",
        "amount": 80,
        "reply": "全额赔付",
        "is_urgent": False,
    }

    refused = he_jing.act("example", seen=3, example=1, language="zh", **(filled | {"zh-amount": "0"}))
    assert refused.status_code == 422
    assert "不能小于 1" in refused.json["beside"]
    assert 'value="0"' in refused.json["beside"]


def test_a_new_form_is_empty_or_a_copy_and_its_key_must_be_free(he_jing):
    new = {"key": "callback", "zh": "回访", "en": "Call back"}
    refused = he_jing.browser.post(f"{HOUSE}/forms", new | {"key": "answer"})
    assert refused.status_code == 422
    assert "已有表单" in refused.text
    assert 'value="回访"' in refused.text

    page = he_jing.browser.follow(f"{HOUSE}/forms", new | {"base": PATH})
    assert page.text.count('class="form-row"') == len(drawn()["properties"])
    assert "还没有任务使用此表单" in page.text
    empty = he_jing.browser.follow(f"{HOUSE}/forms", new | {"key": "second"})
    assert "此表单还没有栏目" in empty.text


def test_a_form_that_cannot_be_read_says_why_and_who_may_not_change_it_cannot(he_jing, signed_in):
    assert signed_in("chen_bo").get(PAGE).status_code == 403
    assert signed_in("li_na").post(PAGE, {"act": "remove", "field": "reply", "seen": 0}).status_code == 403
    assert he_jing.act("paint", field="reply").status_code == 400

    headers = {"X-CSRF-Token": he_jing.browser.token}
    he_jing.browser.client.put(f"{HOUSE}/files/{PATH}", json={"text": "{", "seen": 0}, headers=headers)
    page = he_jing.browser.get(PAGE)

    assert page.status_code == 200
    assert "不是有效的 JSON" in page.text
    assert he_jing.act("remove", seen=1, field="reply").status_code == 400

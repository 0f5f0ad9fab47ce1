"""What a page needs to draw a form, and a filled form as a document."""

from form_files import form

from engine.forms import document_of, render_model

YES_NO = [
    {"value": True, "label": {"zh": "满意", "en": "Yes"}},
    {"value": False, "label": {"zh": "不满意", "en": "No"}},
]
CALLBACK = form(
    part={"x-widget": "heading", "x-label": {"zh": "回访", "en": "Call back"}},
    satisfied={"type": "boolean", "x-options": YES_NO, "x-label": {"zh": "是否满意", "en": "Satisfied?"}},
    reason={
        "type": "string", "maxLength": 500, "x-label": {"zh": "原因", "en": "Reason"}, "x-help": {"zh": "请说明", "en": "Say why"},
        "x-show-if": {"field": "satisfied", "value": False}, "x-width": "half",
    },
    refund={"type": "number", "minimum": 0, "maximum": 1000, "x-widget": "money", "default": 0, "x-label": {"zh": "退款", "en": "Refund"}},
    by={"type": "string", "x-widget": "user", "x-label": {"zh": "经办", "en": "By"}},
    channels={"type": "array", "x-options": [{"value": "tel", "label": {"zh": "电话", "en": "Phone"}}], "x-label": {"zh": "渠道", "en": "Channels"}},
    urgent={"type": "boolean", "x-label": {"zh": "紧急", "en": "Urgent"}},
    required=["satisfied"],
)  # fmt: skip
VALUES = {
    "satisfied": False,
    "reason": "太慢",
    "refund": 12.5,
    "by": "li_na",
    "channels": ["tel"],
    "urgent": True,
}


def test_each_field_is_drawn_in_the_readers_language():
    model = {
        one.name: one
        for one in render_model(
            CALLBACK,
            VALUES,
            {"reason": {"zh": "太短", "en": "Too short"}},
            "en",
            people=lambda: [("li_na", "Li Na")],
        )
    }

    assert (model["satisfied"].widget, model["satisfied"].value, model["satisfied"].options) == (
        "select",
        "false",
        [("true", "Yes"), ("false", "No")],
    )
    assert model["satisfied"].is_required
    assert (model["reason"].label, model["reason"].help, model["reason"].error) == (
        "Reason",
        "Say why",
        "Too short",
    )
    assert model["reason"].attributes == {"maxlength": "500"}
    assert not model["reason"].is_wide
    assert model["refund"].attributes == {
        "min": "0",
        "max": "1000",
        "step": "0.01",
        "inputmode": "decimal",
        "autocomplete": "off",
    }
    assert model["by"].options == [("li_na", "Li Na")]
    assert model["channels"].value == ["tel"]
    assert model["urgent"].widget == "checkbox"


def test_a_default_is_shown_until_something_else_is_filled_in():
    assert [one.value for one in render_model(CALLBACK, {}, {}, "zh") if one.name == "refund"] == ["0"]
    assert [one.value for one in render_model(CALLBACK, {"refund": 5}, {}, "zh") if one.name == "refund"] == [
        "5"
    ]


def test_a_filled_form_reads_as_a_document():
    assert document_of(CALLBACK, VALUES, "zh", name_of={"li_na": "李娜"}.get) == [
        ("是否满意", "不满意"),
        ("原因", "太慢"),
        ("退款", "12.5"),
        ("经办", "李娜"),
        ("渠道", "电话"),
        ("紧急", "是"),
    ]


def test_a_document_leaves_out_what_is_empty_or_hidden():
    assert document_of(
        CALLBACK, {"satisfied": True, "reason": "left over", "refund": None, "by": ""}, "en"
    ) == [("Satisfied?", "Yes")]


def test_the_order_of_the_file_can_be_overruled():
    ordered = form(a={}, b={}, c={}, more={"x-order": ["c", "a"]})

    assert ordered.field_names == ("c", "a", "b")

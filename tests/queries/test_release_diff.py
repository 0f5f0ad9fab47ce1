"""What two versions differ in beside the diagrams: figures, rows of tables, fields of forms, texts."""

import pytest
from families import diagram, process, profile, user

from engine.queries.releases.content import read_content
from engine.queries.releases.other_changes import (
    compare_files,
    compare_forms,
    compare_profiles,
    compare_tables,
)

KINDS = {"bpmn": "bpmn", "dmn": "dmn", "json": "form", "toml": "profile", "md": "text"}
FORM = b"""{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "judge", "type": "object", "properties": {%s}, "required": [%s]}"""


def content(**files):
    """`forms__judge_dot_json=…`."""
    named = {name.replace("__", "/").replace("_dot_", "."): body for name, body in files.items()}
    return read_content("key", {path: (KINDS[path.rsplit(".", 1)[1]], body) for path, body in named.items()})


def told(changes, locale="en"):
    return [one.says(locale) for one in changes]


def table(*rules, policy="UNIQUE"):
    """Each rule: (id, test, answer)."""
    rows = "".join(
        f"<rule id='{key}'><inputEntry id='i{key}'><text>{test}</text></inputEntry>"
        f"<outputEntry id='o{key}'><text>{answer}</text></outputEntry></rule>"
        for key, test, answer in rules
    )
    return (
        "<definitions xmlns='https://www.omg.org/spec/DMN/20191111/MODEL/' id='d' name='d' namespace='urn:t'>"
        f"<decision id='level' name='level'><decisionTable id='t' hitPolicy='{policy}'>"
        "<input id='in' label='amount'><inputExpression id='e' typeRef='number'><text>amount</text></inputExpression></input>"
        f"<output id='out' name='level' typeRef='string'/>{rows}</decisionTable></decision></definitions>"
    ).encode()


def test_a_limit_that_was_tightened_one_that_is_new_and_one_that_is_gone():
    old = content(profiles__A_dot_toml=profile("asking", {"handle": "3 WD", "call": "1 WD"}))
    new = content(profiles__A_dot_toml=profile("asking", {"handle": "2 WD", "answer": "8 WH"}))

    english, chinese = (told(compare_profiles(old.profiles, new.profiles), one) for one in ("en", "zh"))

    assert english[0] == (
        "Changed limit “handle” of “DRAWN” (CMP-01/T1): limit: “3 working days” → “2 working days”."
    )
    assert english[1].startswith("Removed limit “call” of “DRAWN” (CMP-01/T1): limit: “1 working day” → none")
    assert english[2].startswith(
        "Added limit “answer” of “DRAWN” (CMP-01/T1): limit: none → “8 working hours”"
    )
    assert chinese[0] == "修改“DRAWN”的时限“handle”（CMP-01/T1）：期限：“3 个工作日”→“2 个工作日”。"
    assert len(english) == 3


def test_a_profile_that_is_new_is_told_once():
    old, new = content(), content(profiles__A_dot_toml=profile("asking", {"handle": "3 WD"}))

    assert told(compare_profiles(old.profiles, new.profiles)) == ["Added profile “DRAWN”."]
    assert told(compare_profiles(new.profiles, old.profiles), "zh") == ["删除档案“DRAWN”。"]


def test_rows_of_a_decision_table():
    old = content(t_dot_dmn=table(("r1", "&lt; 5", '"low"'), ("r2", "&gt;= 5", '"high"')))
    new = content(t_dot_dmn=table(("r1", "&lt; 9", '"low"'), ("r3", "&gt;= 9", '"top"')))

    assert told(compare_tables(old.decisions, new.decisions)) == [
        "Changed row 1 of “level”: if: “amount < 5” → “amount < 9”.",
        "Removed row 2 of “level”: if: “amount >= 5” → none; then: “high” → none.",
        "Added row 2 of “level”: if: none → “amount >= 9”; then: none → “top”.",
    ]


def test_the_order_of_rows_counts_only_where_the_first_one_decides():
    rows = [("r1", "&lt; 5", '"low"'), ("r2", "&gt;= 5", '"high"')]

    def changes(policy):
        one, other = (content(t_dot_dmn=table(*order, policy=policy)) for order in (rows, rows[::-1]))
        return told(compare_tables(one.decisions, other.decisions))

    assert changes("UNIQUE") == []
    assert changes("FIRST") == [
        "Changed row 1 of “level”: position: “1” → “2”.",
        "Changed row 2 of “level”: position: “2” → “1”.",
    ]


def test_another_hit_policy_changes_the_table():
    old, new = (content(t_dot_dmn=table(("r1", "-", '"low"'), policy=one)) for one in ("UNIQUE", "ANY"))

    assert told(compare_tables(old.decisions, new.decisions)) == [
        "Changed decision table “level”: hit policy: “UNIQUE” → “ANY”."
    ]


def test_fields_of_a_form():
    old = content(forms__judge_dot_json=FORM % (b'"a": {"type": "string"}, "b": {"type": "string"}', b""))
    new = content(forms__judge_dot_json=FORM % (b'"a": {"type": "integer"}, "c": {"type": "string"}', b'"a"'))

    changes = told(compare_forms(old.forms, new.forms))

    assert changes[0] == "Changed field “a” of “judge”: kind: “text” → “integer”; required: none → “✓”."
    assert [one.split(":")[0] for one in changes[1:]] == [
        "Removed field “b” of “judge”", "Added field “c” of “judge”",
    ]  # fmt: skip


def test_title_order_and_examples_of_a_form():
    fields = b'"a": {"type": "string"}, "b": {"type": "string"}'
    old = content(forms__judge_dot_json=FORM % (fields, b""))
    turned = b'"b": {"type": "string", "x-label": {"zh": "\xe4\xb9\x99"}}, "a": {"type": "string"}'
    new = content(forms__judge_dot_json=FORM % (turned, b""))

    assert told(compare_forms(old.forms, new.forms), "zh") == [
        "修改表单“judge”：栏目次序：“a, b”→“b, a”。",
        "修改“judge”的栏目“b”：中文名称：无→“乙”。",
    ]


@pytest.mark.parametrize(("old", "new", "says"), [
    ("# A", "# B", "修改文件“texts/zh/due.md”。"), (None, "# B", "新增文件“texts/zh/due.md”。"), ("# A", None, "删除文件“texts/zh/due.md”。"),
])  # fmt: skip
def test_texts_are_told_by_their_file(old, new, says):
    one, other = ({} if body is None else {"texts/zh/due.md": body.encode()} for body in (old, new))

    assert told(compare_files(one, other), "zh") == [says]


def test_a_file_with_faults_is_compared_as_a_file():
    good = content(drawn_dot_bpmn=diagram(process("asking", "a -> ask -> b", user("ask"))))
    bad = content(drawn_dot_bpmn=b"<nothing")

    assert bad.unread == {"drawn.bpmn"}
    assert told(compare_files(good.files, bad.files)) == ["Added file “drawn.bpmn”."]

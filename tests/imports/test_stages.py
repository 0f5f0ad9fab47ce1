"""A status names a stage, a stage names tasks."""

import pytest

from engine.commands.imports.stages import belongs, is_anywhere, is_over, stage_words

RECORD = ("record_complaint", {"zh": "如实登记，转入处理", "en": "Record truthfully, move to handling"})
INVESTIGATE = ("investigate_complaint", {"zh": "核实事实和责任", "en": "Establish facts and responsibility"})
DECIDE = ("decide_complaint", {"zh": "拟定方案，签署处理意见", "en": "Draft the solution, sign the decision"})
REPLY = ("reply_customer", {"zh": "答复客户", "en": "Reply to the customer"})
CALL = ("hear_customer", {"zh": "回访客户，听取意见", "en": "Call the customer back, hear the opinion"})
TASKS = (RECORD, INVESTIGATE, DECIDE, REPLY, CALL)


@pytest.mark.parametrize(
    ("status", "task"),
    [
        ("待登记", RECORD),
        ("核实中", INVESTIGATE),
        ("正在调查", INVESTIGATE),
        ("处理中", DECIDE),
        ("待答复", REPLY),
        ("等待回复阶段", REPLY),
        ("待回访", CALL),
        ("under investigation", INVESTIGATE),
        ("awaiting reply", REPLY),
        ("hear_customer", CALL),
    ],
)
def test_a_status_means_exactly_one_of_these_tasks(status: str, task: tuple[str, dict[str, str]]) -> None:
    words = stage_words(status)

    assert [one for one in TASKS if belongs(words, *one)] == [task]


def test_words_outside_of_the_table_are_looked_for_as_they_are() -> None:
    task = ("weigh_parcel", {"zh": "称重包裹", "en": "Weigh the parcel"})

    assert belongs(stage_words("待称重"), *task)
    assert not belongs(stage_words("待装箱"), *task)


@pytest.mark.parametrize("status", ["已办结", " Closed ", "已归档", "resolved"])
def test_some_statuses_say_that_it_is_over(status: str) -> None:
    assert is_over(status)


@pytest.mark.parametrize("status", ["", "未办结", "In progress"])
def test_some_statuses_say_no_more_than_that_it_is_open(status: str) -> None:
    assert is_anywhere(status)
    assert not is_over(status)

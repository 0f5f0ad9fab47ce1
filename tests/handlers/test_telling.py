"""Who is told: the customer, a role, and those who hear the result."""

import pytest

from engine.model import HandlerFailed
from handlers.telling import notify_customer, notify_role, tell_feedback_recipients


def test_it_tells_the_customer_with_the_text_of_that_kind(context):
    notify_customer(context({"kind": "reply", "message": "已改进。"}))

    assert context.told == [("reply", "customer", "已改进。")]


def test_it_fails_for_good_when_the_diagram_names_no_kind(context):
    with pytest.raises(HandlerFailed) as failure:
        notify_customer(context({"message": "已改进。"}))

    assert failure.value.permanent
    assert context.told == []


def test_it_tells_each_role_once(context):
    notify_role(context({"roles": "dept_head, service_mgmt,dept_head,", "message": "请知悉"}))

    assert context.told == [("reminder", "dept_head", "请知悉"), ("reminder", "service_mgmt", "请知悉")]


def test_it_tells_the_recipients_that_the_level_table_names(context):
    tell_feedback_recipients(
        context({"roles": ["outlet_head", "service_mgmt"], "authority": None, "message": "办结"})
    )

    assert [to for _, to, _ in context.told] == ["outlet_head", "service_mgmt"]


def test_it_tells_the_authority_only_when_the_meeting_decided_so(context):
    tell_feedback_recipients(context({"roles": "complaint_officer", "authority": True, "message": "办结"}))

    assert [to for _, to, _ in context.told] == ["complaint_officer", "authority"]

"""All topics of this installation. A topic that is not here waits for an external worker."""

from engine.commands.handler import Handler
from handlers import declared
from handlers.callers import choose_caller_back
from handlers.dossier import assign_dossier_number
from handlers.recusal import check_recusal
from handlers.sampling import draw_sample
from handlers.superiors import find_common_superior
from handlers.teams import keep_out_unit
from handlers.telling import notify_customer, notify_role, tell_feedback_recipients

# Handlers that only look something up, count, or write a notice to the outbox run inside the command: they have no
# effect outside of it. What goes to the customer is a job, tried again and at last an incident that a person mends.
HANDLERS = (
    Handler(
        "check_recusal", check_recusal, True, "检查是否需要回避", "Checks whether somebody must step aside",
        declared.RECUSAL_INPUTS, declared.RECUSAL_OUTPUTS,
    ),
    Handler(
        "choose_caller_back", choose_caller_back, True, "选定回访人", "Chooses who calls the customer back",
        declared.CALLER_INPUTS, declared.PEOPLE_OUTPUTS,
    ),
    Handler(
        "find_common_superior", find_common_superior, True, "找到双方的共同上级", "Finds the common superior of two units",
        declared.SUPERIOR_INPUTS, declared.PEOPLE_OUTPUTS,
    ),
    Handler(
        "keep_out_unit", keep_out_unit, True, "让责任单位的人回避", "Keeps people of the unit at fault out of a team",
        declared.TEAM_INPUTS, declared.TEAM_OUTPUTS,
    ),
    Handler(
        "assign_dossier_number", assign_dossier_number, True, "编卷宗号", "Gives a dossier number",
        declared.NUMBER_INPUTS, declared.NUMBER_OUTPUTS,
    ),
    Handler(
        "draw_sample", draw_sample, True, "抽样", "Draws a sample", declared.SAMPLE_INPUTS, declared.SAMPLE_OUTPUTS,
    ),
    Handler("notify_role", notify_role, True, "通知角色或人员", "Tells roles or people", declared.ROLE_INPUTS),
    Handler(
        "tell_feedback_recipients", tell_feedback_recipients, True, "把结果反馈给有关各方", "Tells the result to those who must hear it",
        declared.RECIPIENT_INPUTS,
    ),
    Handler("notify_customer", notify_customer, False, "通知客户", "Tells the customer", declared.CUSTOMER_INPUTS),
)  # fmt: skip

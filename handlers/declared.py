"""What each topic takes and gives, in words for who draws the diagram; the modules tell the same to programmers."""

from engine.commands.handler import Parameter

_ROLES = '${role("handler")}'

RECUSAL_INPUTS = (
    Parameter("foreseen", "预定承办的角色", "Roles foreseen for the work", True, _ROLES),
    Parameter("substitute", "需要回避时由谁接替", "Roles that step in", True, '${role("substitute")}'),
)
RECUSAL_OUTPUTS = (
    Parameter("is_accused", "被投诉人是否在其中", "Whether the person complained about is among them"),
    Parameter("is_available", "除他以外是否还有人", "Whether anybody else is there"),
    Parameter("roles", "由哪些角色承办", "Roles that do the work"),
)
CALLER_INPUTS = (
    Parameter("roles", "负责回访的角色", "Roles that call back", True, _ROLES),
    Parameter(
        "is_outside_department",
        "是否必须由被投诉部门以外的人回访",
        "Whether it must be somebody outside of the department complained about",
        example='${option("callback_outside_department")}',
    ),
)
PEOPLE_OUTPUTS = (
    Parameter("users", "选出的人", "The people that were chosen"),
    Parameter("roles", "没有选出人时由哪些角色办", "Roles that do it when nobody was chosen"),
)
SUPERIOR_INPUTS = (
    Parameter("role", "负责裁定的角色", "Role that settles disputes", True, "service_mgmt"),
    Parameter("other_unit", "另一方单位", "The other party's unit", example="${other_unit}"),
    Parameter("unit", "一方单位（不填为事项所在单位）", "The one party's unit; the case's own when empty"),
)
TEAM_INPUTS = (
    Parameter("users", "提名的组员", "People that were named", True, "${members}"),
    Parameter("unit", "责任单位", "The unit at fault", example="${unit_at_fault}"),
)
TEAM_OUTPUTS = (
    Parameter("users", "可以参加的人", "Those who may take part"),
    Parameter("kept_out", "应回避的人", "Those who are kept out"),
)
NUMBER_INPUTS = (
    Parameter("pattern", "编号格式", "Pattern of the number", True, "{year}-{number:03d}"),
    Parameter("today", "取哪一天的年月", "Date whose year and month count", True, "${now()}"),
)
NUMBER_OUTPUTS = (Parameter("dossier_number", "编号", "The number"),)
SAMPLE_INPUTS = (
    Parameter("population", "总体清单的变量名", "Name of the variable with the whole list", True, "vouchers"),
    Parameter("excluded", "要剔除的清单的变量名", "Names of variables with what is left out"),
    Parameter("percent", "抽取比例（%）", "Share that is drawn, in percent", True, "10"),
    Parameter("draw", "本次抽样的名称", "A name for this draw", True, "first_draw"),
    Parameter("seed", "沿用以前的种子", "Seed of an earlier draw"),
)
SAMPLE_OUTPUTS = (
    Parameter("sample", "样本", "The sample"),
    Parameter("size", "样本数", "Size of the sample"),
    Parameter("population_size", "总体数", "Size of the population"),
    Parameter("strata", "各单位抽取情况", "Drawn of each unit"),
    Parameter("seed", "种子", "The seed"),
    Parameter("digest", "清单摘要", "Digest of the list"),
    Parameter("drawn_at", "抽样时刻", "Moment of the draw"),
    Parameter("problem", "清单的问题（空为没有）", "What is wrong with the lists; empty when nothing is"),
)
MESSAGE = Parameter("message", "内容", "What it says", example="${subject}")
ROLE_INPUTS = (
    Parameter("roles", "通知谁（角色或人员）", "Whom: roles, people or both", True, _ROLES),
    MESSAGE,
    Parameter("kind", "文本种类（不填为提醒）", "Kind of the text; reminder when empty", example="reminder"),
)
CUSTOMER_INPUTS = (
    Parameter(
        "kind",
        "文本种类：受理、答复、办结",
        "Kind of the text: acknowledgement, reply, closed",
        True,
        "reply",
    ),
    MESSAGE,
)
RECIPIENT_INPUTS = (
    Parameter("roles", "除客户外还反馈给谁", "Roles that hear the result besides the customer", True, _ROLES),
    Parameter("authority", "是否同时上报主管机关", "Whether the authority hears it too", example="${report_to_authority}"),
    MESSAGE,
)  # fmt: skip

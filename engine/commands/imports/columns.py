"""Which columns a register may have, and the headers by which people call them, in Chinese and English."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """`name` is a fact of the case (received_at, handled_by, …) or the name of a form field (subject, level, …)."""

    name: str
    headers: tuple[str, ...]
    is_value: bool = False  # goes into the forms; the others say who, where, when and how far


# What came of it, in the words of the register: a form's decision where that takes free text, else the text beside it.
RESULT = "result"
NUMBER, ORGANISATION, UNIT, PROCESS = "number", "organisation", "unit", "process"
RECEIVED_AT, CLOSED_AT, STATUS = "received_at", "closed_at", "status"
RECEIVED_BY, HANDLED_BY, INVOLVED = "received_by", "handled_by", "involved"
APPROVED_BY, CALLED_BACK_BY = "approved_by", "called_back_by"

COLUMNS = (
    Column(NUMBER, ("编号", "登记号", "登记编号", "投诉编号", "案件编号", "受理编号", "事项编号", "卷宗号", "number", "register number", "case number", "complaint number", "reference", "no.")),
    Column(ORGANISATION, ("机构", "单位名称", "公司", "organisation", "organization", "company")),
    Column(UNIT, ("单位", "部门", "网点", "营业网点", "所属单位", "受理单位", "受理部门", "责任单位", "unit", "department", "outlet", "branch")),
    Column(PROCESS, ("流程", "事项类型", "process", "procedure")),
    Column(RECEIVED_AT, ("受理时间", "受理日期", "接收时间", "登记时间", "登记日期", "投诉时间", "投诉日期", "收到时间", "received", "received at", "received on", "date received", "registered at")),
    Column(CLOSED_AT, ("办结时间", "办结日期", "结案时间", "结案日期", "完成时间", "关闭时间", "closed", "closed at", "closed on", "date closed", "completed at", "resolved at")),
    Column(STATUS, ("状态", "当前状态", "办理状态", "处理状态", "进度", "status", "state", "stage")),
    Column(RECEIVED_BY, ("首问人", "首问责任人", "受理人", "接收人", "登记人", "接待人", "received by", "receiver", "first receiver", "registered by")),
    Column(HANDLED_BY, ("经办人", "处理人", "承办人", "责任人", "办理人", "handled by", "handler", "owner", "assignee")),
    Column(INVOLVED, ("协办人", "参与人", "配合人", "督办人", "also involved", "others involved", "assisted by")),
    Column(APPROVED_BY, ("审批人", "审核人", "批准人", "approved by", "approver")),
    Column(CALLED_BACK_BY, ("回访人", "called back by", "call back by", "callback by")),
    Column("channel", ("渠道", "受理渠道", "投诉渠道", "来源", "投诉方式", "channel", "source"), True),
    Column("customer_name", ("客户", "客户姓名", "客户名称", "投诉人", "用户", "用户姓名", "customer", "customer name", "complainant"), True),
    Column("customer_phone", ("联系电话", "电话", "手机", "手机号", "联系方式", "客户电话", "phone", "telephone", "mobile", "customer phone"), True),
    Column("customer_email", ("邮箱", "电子邮箱", "客户邮箱", "email", "e-mail", "mail", "customer email"), True),
    Column("subject", ("主题", "标题", "事由", "投诉主题", "subject", "title"), True),
    Column("description", ("内容", "投诉内容", "详细内容", "情况描述", "描述", "description", "content", "details"), True),
    Column("demand", ("诉求", "客户诉求", "投诉诉求", "demand", "request"), True),
    Column("level", ("级别", "层级", "投诉级别", "处理级别", "level"), True),
    Column("severity", ("严重程度", "严重性", "severity"), True),
    Column("complained_about", ("被投诉人", "被投诉员工", "complained about", "accused", "person complained about"), True),
    Column("decision", ("结论", "处理结论", "认定", "是否属实", "decision", "finding"), True),
    Column(RESULT, ("处理结果", "处理意见", "办理结果", "处理情况", "处理措施", "result", "outcome"), True),
    Column("satisfied", ("是否满意", "客户是否满意", "满意度", "回访结果", "satisfied", "customer satisfied", "satisfaction"), True),
)  # fmt: skip

# Written beside the rows that were not taken.
REASON_TITLES = ("未导入原因", "Reason not imported")
REQUIRED = (NUMBER, RECEIVED_AT, "subject")

# Words that registers use for the values which the forms of all families share.
VALUE_WORDS = {
    "channel": {
        "phone": ("来电", "致电", "电话投诉"),
        "hotline": ("热线", "客服热线", "客服电话", "服务热线"),
        "visit": ("来访", "现场", "当面", "柜面", "到店"),
        "letter": ("来信", "信函", "书信", "信件", "书面"),
        "written": ("来信", "信函", "书信", "信件", "书面"),
        "email": ("邮件", "邮箱"),
        "petition": ("信访", "上访"),
        "transfer": ("转办", "部门转办", "部门转来", "内部转办"),
        "authority": ("监管转办", "主管机关转来", "主管部门转办", "协会转办", "司法局转办", "消协转办"),
    },
    "level": {
        "outlet": ("网点", "营业网点", "网点级", "本级"),
        "tier2_branch": ("二级分行", "二级行"),
        "tier1_branch": ("一级分行", "一级行", "省分行"),
        "head_office": ("总行", "总部"),
    },
    "decision": {
        "justified": ("属实", "投诉属实", "成立"),
        "partly_justified": ("部分属实", "部分成立"),
        "not_justified": ("不属实", "不成立"),
    },
    "severity": {
        "general": ("普通", "轻微", "一般投诉"),
        "major": ("严重", "较重", "重大投诉"),
        "principle": ("原则性",),
        "safety": ("安全", "人身安全"),
    },
}


def column_named(name: str) -> Column:
    return next(one for one in COLUMNS if one.name == name)

"""All rules by code, and the one way to make a finding of one."""

from dataclasses import dataclass

from lxml import etree

from engine.diagrams.finding import Finding
from engine.diagrams.model import Diagram, Element, ProcessModel
from engine.diagrams.normalise import drawn_of


@dataclass(frozen=True)
class Rule:
    code: str
    severity: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


_TABLE = [
    # structure
    ("no-process", "error", "没有可执行的流程", "There is no executable process", "勾选“可执行”", "Tick “Executable”"),
    ("duplicate-id", "error", "编号重复", "The id is used twice", "换一个编号", "Give it another id"),
    ("no-id", "error", "没有编号", "It has no id", "写上编号", "Give it an id"),
    ("reserved-id", "error", "编号为系统保留", "The id is kept for the engine", "换一个编号", "Give it another id"),
    ("no-start", "error", "没有普通开始事件", "There is no plain start event", "画一个开始事件", "Draw one start event"),
    ("several-starts", "error", "开始事件多于一个", "There is more than one start event", "只保留一个", "Keep one"),
    ("no-end", "error", "没有结束事件", "There is no end event", "画一个结束事件", "Draw an end event"),
    ("dead-end", "error", "此处没有出路，事项会停在这里", "Nothing leads on from here, so the case would stop", "连到下一步或结束事件", "Connect it to a next step or an end event"),
    ("unreachable", "error", "从开始到不了这里", "It cannot be reached from the start", "连上或删除", "Connect or delete it"),
    ("dangling-flow", "error", "连线的一端不存在", "One end of the flow does not exist", "重新连接", "Connect it again"),
    ("wrong-connection", "error", "连线接在了不能接的地方", "The flow is connected where no flow may be", "连到同一层的任务、网关或事件", "Connect tasks, gateways and events of one level"),
    ("boundary-host", "error", "边界事件不能这样附着", "The boundary event cannot sit here like this", "附着到任务或子流程上；错误事件必须中断", "Attach it to a task or sub-process; errors must interrupt"),
    ("unsupported-element", "error", "引擎不执行这种图元", "The engine does not execute this kind of element", "改用支持的图元", "Use a supported element"),
    ("unnamed", "advice", "没有名称，别人看不懂", "It has no name, so nobody can read it", "写上名称", "Name it"),
    ("odd-id", "warning", "编号不是小写业务词", "The id is no snake_case business word", "改成如 reply_customer 的编号", "Write it like reply_customer"),
    ("recursive-call", "error", "流程会调用自己", "The process would call itself", "拆开循环调用", "Break the circle of calls"),
    ("unknown-call", "error", "被调用的流程不存在", "The called process does not exist", "一并部署或改名", "Deploy it along, or mend the name"),
    ("unmatched-lane", "warning", "泳道引用的图元不存在", "The lane refers to an element that does not exist", "重新放入泳道", "Put it into the lane again"),
    ("dangling-reference", "error", "引用的东西不存在", "It refers to something that does not exist", "补上，或重新选定", "Add it, or choose another"),
    ("nameless-reference", "error", "引用的消息、信号没有名称，或错误、升级没有代码", "It refers to a message or signal without a name, or an error or escalation without a code", "写上名称或代码", "Give it a name or a code"),
    ("lane-twice", "warning", "图元同时在两条并列的泳道里", "An element stands in two lanes side by side", "只放进一条", "Keep it in one"),
    ("pool-twice", "error", "两个泳池指向同一个流程", "Two pools show one process", "每个流程只画一个泳池", "Draw one pool for a process"),
    # routing
    ("conditional-task-flow", "error", "条件不能画在事件的出线上", "A condition stands on a flow that leaves an event", "在后面画一个排他网关", "Draw an exclusive gateway behind it"),
    ("condition-ignored", "error", "这里的条件不会被判断", "The condition here would never be looked at", "删除条件，或改用排他网关", "Remove it, or use an exclusive gateway"),
    ("no-default", "error", "网关没有默认出口，条件都不满足时会卡住", "The gateway has no default flow; when no condition holds the case would stop", "设一条默认连线", "Mark one flow as default"),
    ("missing-condition", "error", "出线没有条件", "The flow has no condition", "写条件或设为默认", "Write a condition or make it the default"),
    ("join-never", "error", "并行汇合在等一条不会来的分支", "The parallel join waits for a branch that cannot come", "用与分支相同的网关汇合", "Join with the kind of gateway that splits"),
    ("join-may-wait", "warning", "几处选择不配合时，汇合会一直等下去", "The join waits for ever when several choices do not fit together", "检查各处条件是否总能配合", "Check that the conditions always fit together"),
    ("never-ends", "error", "这里永远不会结束", "No case can ever end here", "给循环一个出口", "Give the loop a way out"),
    ("tokens-doubled", "warning", "并行分支不汇合就合流，之后的步骤会做多遍", "Parallel branches merge without a join, so that what follows is done more than once", "改用并行网关汇合", "Join them with a parallel gateway"),
    ("loop-without-exit", "error", "循环没有出口", "The loop has no way out", "加一个出口", "Give it an exit"),
    ("event-gateway", "error", "事件网关后只能是捕获事件", "Behind an event gateway only catching events may stand, and nothing else may lead to them or hang on them", "改成捕获事件，去掉其他入线和边界事件", "Use catching events, without other ways in and without boundary events"),
    ("same-event", "error", "两个事件等的是同一件事，只有一个会发生", "Two events here wait for the same, and only one would happen", "只留一个，或改用不同的名称、代码", "Keep one, or give them different names or codes"),
    ("one-event", "warning", "事件网关只有一条出路，等于没有选择", "Behind the event gateway there is one event only, so there is nothing to choose", "再画一个事件，或去掉网关", "Draw another event, or leave the gateway out"),
    ("same-again", "warning", "循环里没有一步会改变它的条件，会一直转下去", "Nothing inside the loop changes what its condition reads, so that it goes round for ever", "在循环里给条件中的变量赋值", "Set the condition's variables inside the loop"),
    # catching
    ("error-uncaught", "warning", "这个错误没有人捕获，事项会停在这里成为故障", "Nobody catches this error, so the case would stop here as an incident", "在外层的子流程或调用上画错误边界事件", "Draw an error boundary event on what is around it"),
    ("escalation-uncaught", "advice", "这个升级没有人捕获，什么也不会发生", "Nobody catches this escalation, so nothing happens", "在外层画升级边界事件", "Draw an escalation boundary event on what is around it"),
    ("boundary-never", "warning", "这个边界事件永远不会发生", "This boundary event can never happen", "附着到会等待、会抛出它的图元上", "Attach it to something that waits, or that can throw it"),
    ("message-unheard", "warning", "这些流程里没有谁在等这条消息", "Nothing in these processes waits for the message", "检查消息名称", "Check the name of the message"),
    # work
    ("nobody", "error", "没有人可以办理", "Nobody could hold this task", "填写候选角色或经办人", "Name candidate groups or an assignee"),
    ("no-form", "warning", "没有表单", "It has no form", "填写 formRef", "Give it a formRef"),
    ("unknown-form", "error", "表单不存在", "The form does not exist", "改名或补上表单", "Mend the name or add the form"),
    ("unknown-role", "error", "角色不在角色表中", "The role is not in the register", "改用 registers/roles.tsv 中的角色", "Use a role of the register"),
    ("no-topic", "error", "服务任务没有主题，没有程序会办", "The service task has no topic, so nothing would do it", "类型选 external 并填主题", "Choose type external and give a topic"),
    ("unknown-topic", "warning", "此主题没有处理程序，将等待外部程序", "No handler here knows the topic; it waits for an external worker", "检查主题拼写", "Check the spelling"),
    ("no-decision", "error", "业务规则任务没有决策表", "The business rule task names no decision", "填写 decisionRef", "Give it a decisionRef"),
    ("unknown-decision", "error", "决策表不存在", "The decision does not exist", "改名或补上决策表", "Mend the name or add the table"),
    ("no-result", "error", "决策结果没有去处", "The result of the decision goes nowhere", "填写 resultVariable", "Give it a resultVariable"),
    ("multi-instance", "error", "多实例设置不完整", "The multi-instance marker is incomplete", "填写集合和元素变量，或次数", "Give a collection with an element variable, or a cardinality"),
    ("no-message", "error", "没有选定消息", "It names no message", "选定一个消息", "Choose a message"),
    ("no-signal", "error", "没有选定信号", "It names no signal", "选定一个信号", "Choose a signal"),
    ("no-condition", "error", "没有写条件", "It has no condition", "写一个条件", "Write a condition"),
    ("lone-cancel", "error", "取消事件必须在事务的结束处和边界上成对出现", "A cancel event ends a transaction that has a cancel event on its edge", "画在事务内的结束处，并在事务边界画一个中断的取消事件", "Draw it as an end inside a transaction, with an interrupting cancel event on the edge of that"),
    ("bad-loop", "error", "循环没有条件，也没有 1 以上的次数", "The loop has neither a condition nor a maximum of 1 or more", "填写循环条件或最大次数", "Give it a loop condition or a maximum"),
    ("no-error-code", "error", "没有错误代码", "It names no error code", "填写 errorCode", "Give it an errorCode"),
    ("no-escalation-code", "error", "没有升级代码", "It names no escalation code", "填写 escalationCode", "Give it an escalationCode"),
    ("bad-mapping", "error", "变量映射写得不完整", "The mapping of variables is incomplete or unknown", "写明来源和目标", "Give a source and a target"),
    ("bad-date", "error", "日期的写法读不懂", "The date's text cannot be read", "写成 2 WD、PT48H 或日期", "Write 2 WD, PT48H or a date"),
    ("bad-priority", "error", "优先级应为整数", "The priority is no whole number", "写成 0 到 100 的整数", "Write a whole number from 0 to 100"),
    ("bad-retry", "error", "重试写法不对", "The retry cycle cannot be read", "写成 R3/PT10M", "Write it like R3/PT10M"),
    # timing
    ("no-timer", "error", "定时器没有时间", "The timer has no time", "填写时限或时长", "Give it a limit or a duration"),
    ("bad-timer", "error", "定时器的写法读不懂", "The timer's text cannot be read", "写成 ${limit(\"…\")}、2 WD 或 PT48H", "Write ${limit(\"…\")}, 2 WD or PT48H"),
    ("timer-start", "error", "开始事件的定时器只能是周期规则", "The timer of a start event may only be a recurring rule", "写周期规则（如 every week by friday），或档案中值为周期规则的 ${limit(\"名称\")}，类型选循环", "Write a rule such as every week by friday, or ${limit(\"name\")} of a limit that is one, as a cycle"),
    ("too-often", "error", "来得太频繁", "It comes too often", "最多每分钟一次，检查次数和间隔", "At most once a minute: check the count and the interval"),
    ("bad-count", "error", "次数应为 1 到 500 的整数", "The count must be a whole number from 1 to 500", "改正次数，或改用集合", "Mend the count, or use a collection"),
    ("unknown-limit", "error", "策略档案里没有这个时限", "The profile does not have this limit", "在档案中补上，或写明 off", "Add it to the profile, or switch it off there"),
    ("unknown-ladder", "error", "策略档案里没有这个升级阶梯", "The profile does not have this ladder", "在档案中补上", "Add it to the profile"),
    ("bad-sla", "error", "时钟的设置读不懂", "A setting of the clock cannot be read", "预警写成 75% 或 1 WD，可否暂停写 yes 或 no", "Write warnings like 75% or 1 WD, pausable as yes or no"),
    ("unknown-property", "warning", "不认识的属性，没有作用", "The property is not known and has no effect", "检查拼写", "Check the spelling"),
    ("unknown-start", "error", "时钟的起点不存在", "The clock's start does not exist", "写 case 或某个图元编号", "Write `case` or the id of an element"),
    # values
    ("bad-expression", "error", "表达式有误", "The expression is wrong", "", ""),
    ("unknown-variable", "error", "变量不存在", "The variable does not exist", "在表单或脚本任务中赋值", "Set it in a form or a script task"),
    ("bad-script", "error", "脚本有误", "The script is wrong", "", ""),
    ("script-language", "error", "脚本语言不受支持", "The script language is not supported", "留空，并写成“名称 = 表达式”", "Leave it empty and write `name = expression`"),
    ("unknown-source", "warning", "制度登记中没有这个编号", "The register does not have this id", "检查编号", "Check the id"),
    # foreign
    ("not-executed", "error", "这里的设置不会被执行", "What is set here would not be executed", "删除它，或改用支持的写法", "Remove it, or use what is supported"),
    ("ignored", "warning", "这里的设置没有作用", "What is set here has no effect", "可以删除", "It may be removed"),
    # schema
    ("schema", "error", "不符合 BPMN 标准", "It breaks the schema of BPMN", "在建模器中改正后重新保存", "Mend it in the modeler and save again"),
    ("schema-skipped", "warning", "文件太大，没有按 BPMN 标准逐项检查", "The file is too large to be held against the schema of BPMN", "拆成几张图", "Split it into several diagrams"),
    ("schema-loose", "warning", "与 BPMN 标准的写法略有出入", "It is not quite as the schema of BPMN wants it", "在建模器中重新保存", "Save it again in the modeler"),
]  # fmt: skip

RULES = {row[0]: Rule(*row) for row in _TABLE}


def found(
    code: str,
    process: ProcessModel,
    element: Element | None = None,
    *,
    zh: str = "",
    en: str = "",
    line: int | None = None,
    element_id: str | None = None,
) -> Finding:
    """A finding of rule `code`; `zh` and `en` add the particulars."""
    return _finding(
        code,
        process.file,
        # Nobody drew what a rewrite added: what it stems from is named instead.
        drawn_of(element_id or (element.id if element else process.id)),
        _name(process, element, element_id),
        line or (element.line if element else process.line),
        zh,
        en,
    )


def _name(process: ProcessModel, element: Element | None, element_id: str | None) -> str | None:
    if element is not None:
        return element.name
    flow = process.flows.get(element_id or "")
    return flow.name if flow is not None else process.name if element_id is None else None


def found_in(diagram: Diagram, node: etree._Element, code: str, *, zh: str = "", en: str = "") -> Finding:
    """A finding at a place of the file itself; it is named after the nearest thing around that has an id."""
    holder: etree._Element | None = node
    while holder is not None and not holder.get("id"):
        holder = holder.getparent()
    named = node if holder is None else holder
    line = node.sourceline or named.sourceline
    return _finding(code, diagram.file_name, named.get("id"), named.get("name"), line, zh, en)


def _finding(
    code: str, file: str, element_id: str | None, name: str | None, line: int | None, zh: str, en: str
) -> Finding:
    rule = RULES[code]
    return Finding(
        severity=rule.severity,
        rule=code,
        file=file,
        element_id=element_id,
        element_name=name,
        line=line,
        reason={
            "zh": f"{rule.zh}{f'（{zh}）' if zh else ''}。",
            "en": f"{rule.en}{f' ({en})' if en else ''}.",
        },
        remedy={
            "zh": f"{rule.remedy_zh}。" if rule.remedy_zh else "",
            "en": f"{rule.remedy_en}." if rule.remedy_en else "",
        },
    )

"""What the kinds and attributes of elements are called."""

import re
from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "startEvent": "开始事件",
    "endEvent": "结束事件",
    "intermediateCatchEvent": "中间捕获事件",
    "intermediateThrowEvent": "中间抛出事件",
    "boundaryEvent": "边界事件",
    "task": "任务",
    "userTask": "用户任务",
    "manualTask": "手工任务",
    "serviceTask": "服务任务",
    "sendTask": "发送任务",
    "receiveTask": "接收任务",
    "scriptTask": "脚本任务",
    "businessRuleTask": "业务规则任务",
    "subProcess": "子流程",
    "transaction": "事务子流程",
    "callActivity": "调用活动",
    "exclusiveGateway": "排他网关",
    "parallelGateway": "并行网关",
    "inclusiveGateway": "包容网关",
    "eventBasedGateway": "事件网关",
    "complexGateway": "复杂网关",
}

# attribute → (zh, en). One that is missing here is called by its own name.
ATTRIBUTES: Mapping[str, tuple[str, str]] = {
    "name": ("名称", "name"),
    "kind": ("类型", "kind"),
    "lane": ("泳道", "lane"),
    "parent_id": ("所在子流程", "sub-process around it"),
    "default_flow": ("默认去向", "default leads to"),
    "attached_to": ("附着于", "attached to"),
    "cancels": ("中断", "interrupts"),
    "events": ("事件类型", "kind of event"),
    "timer": ("定时", "timer"),
    "message_name": ("消息", "message"),
    "error_code": ("错误代码", "error code"),
    "escalation_code": ("升级代码", "escalation code"),
    "signal_name": ("信号", "signal"),
    "conditions": ("条件", "condition"),
    "condition": ("条件", "condition"),
    "sla": ("时限", "limit"),
    "sla_start": ("时限起点", "limit starts at"),
    "sla_warn": ("预警", "warnings"),
    "sla_ladder": ("升级阶梯", "ladder"),
    "sla_pausable": ("可暂停", "may be paused"),
    "source": ("登记册依据", "source in the register"),
    "properties": ("属性", "properties"),
    "assignee": ("办理人", "assignee"),
    "candidate_users": ("可办理人员", "people who may take it"),
    "candidate_groups": ("可办理角色", "roles that may take it"),
    "form_ref": ("表单", "form"),
    "due_date": ("到期时刻", "due date"),
    "follow_up_date": ("跟进时刻", "follow-up date"),
    "priority": ("优先级", "priority"),
    "topic": ("主题", "topic"),
    "inputs": ("输入", "inputs"),
    "outputs": ("输出", "outputs"),
    "retry_cycle": ("重试", "retries"),
    "decision_ref": ("决策表", "decision table"),
    "result_variable": ("结果变量", "result variable"),
    "map_decision_result": ("决策结果形式", "shape of the result"),
    "called_element": ("调用的流程", "called process"),
    "in_mappings": ("传入变量", "variables in"),
    "out_mappings": ("传出变量", "variables out"),
    "multi_instance": ("多实例", "multi-instance"),
    "loop": ("循环", "loop"),
    "script": ("脚本", "script"),
    "triggered_by_event": ("由事件触发", "triggered by an event"),
    "is_executable": ("可执行", "executable"),
    "from": ("起点", "from"),
    "to": ("去向", "leads to"),
}


def attribute_words(attribute: str) -> Mapping[str, str]:
    zh, en = ATTRIBUTES.get(attribute, (attribute, attribute.replace("_", " ")))
    return {"zh": zh, "en": en}


def titled(kind: str, key: str, name: str | None) -> Mapping[str, str]:
    """`kind` is a BPMN tag."""
    en = re.sub(r"(?<!^)([A-Z])", lambda found: f" {found[1].lower()}", kind)
    if not name:
        return {"zh": f"{KINDS.get(kind, kind)}“{key}”", "en": f"{en} “{key}”"}
    return {"zh": f"{KINDS.get(kind, kind)}“{name}”（{key}）", "en": f"{en} “{name}” ({key})"}

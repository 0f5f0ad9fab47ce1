"""The one table of rights: act × system role → how far it reaches. Every route and every command asks it.

A role of the register (first_receiver, outlet_head, …) gives nothing here but makes its holder a member of staff;
what such a person may hold is decided task by task (candidates.py).
"""

from engine.model import Forbidden
from engine.people.actor import Actor

SYSTEM_ROLES = ("staff", "supervisor", "process_owner", "auditor", "admin", "worker")

# own: what the person takes part in; unit: that unit; subtree: it and all below; organisation; all.
OWN, UNIT, SUBTREE, ORGANISATION, ALL = "own", "unit", "subtree", "organisation", "all"

ACTS: dict[str, dict[str, str]] = {
    "case.start": {"staff": ORGANISATION, "supervisor": ORGANISATION, "process_owner": ORGANISATION, "admin": ALL},
    "case.read": {"staff": OWN, "supervisor": SUBTREE, "process_owner": ORGANISATION, "auditor": ORGANISATION, "admin": ALL},
    "case.terminate": {"supervisor": SUBTREE, "admin": ALL},
    "case.repair": {"supervisor": SUBTREE, "admin": ALL},
    "case.migrate": {"process_owner": ORGANISATION, "admin": ALL},
    "task.read": {"staff": OWN, "supervisor": SUBTREE, "auditor": ORGANISATION, "admin": ALL},
    "task.work": {"staff": OWN, "supervisor": OWN, "process_owner": OWN, "admin": ALL},
    "task.assign": {"supervisor": SUBTREE, "admin": ALL},
    "clock.pause": {"staff": OWN, "supervisor": SUBTREE, "admin": ALL},
    "clock.acknowledge": {"staff": OWN, "supervisor": SUBTREE, "admin": ALL},
    "attachment.add": {"staff": OWN, "supervisor": SUBTREE, "admin": ALL},
    "message.send": {"staff": OWN, "supervisor": SUBTREE, "admin": ALL, "worker": ALL},
    "notice.read": {"staff": OWN, "supervisor": OWN, "process_owner": OWN, "auditor": OWN, "admin": OWN, "worker": OWN},
    "report.read": {"supervisor": SUBTREE, "process_owner": ORGANISATION, "auditor": ORGANISATION, "admin": ALL},
    "release.read": {"staff": ALL, "supervisor": ALL, "process_owner": ALL, "auditor": ALL, "admin": ALL, "worker": ALL},
    "release.draft": {"process_owner": ALL, "admin": ALL},
    "release.review": {"process_owner": ALL, "admin": ALL},
    "release.deploy": {"process_owner": ALL, "admin": ALL},
    "calendar.change": {"process_owner": ALL, "admin": ALL},
    "people.read": {"supervisor": SUBTREE, "auditor": ORGANISATION, "admin": ALL},
    "people.change": {"admin": ALL},
    "token.change": {"staff": OWN, "supervisor": OWN, "process_owner": OWN, "auditor": OWN, "worker": OWN, "admin": ALL},
    "audit.read": {"auditor": ORGANISATION, "admin": ALL},
    "audit.verify": {"auditor": ORGANISATION, "admin": ALL},
    "incident.read": {"supervisor": SUBTREE, "process_owner": ORGANISATION, "admin": ALL},
    "incident.resolve": {"supervisor": SUBTREE, "process_owner": ORGANISATION, "admin": ALL},
    "job.read": {"process_owner": ORGANISATION, "admin": ALL},
    "job.change": {"process_owner": ORGANISATION, "admin": ALL},
    "external_task.work": {"worker": ALL, "admin": ALL},
    "import.run": {"admin": ALL},
    "system.read": {"staff": ALL, "supervisor": ALL, "process_owner": ALL, "auditor": ALL, "admin": ALL, "worker": ALL},
}  # fmt: skip

_WORDS = {
    "case.start": "登记事项", "case.read": "查看事项", "case.terminate": "终止事项",
    "case.repair": "纠正事项", "case.migrate": "迁移事项", "task.read": "查看待办",
    "task.work": "办理待办", "task.assign": "改派待办", "clock.pause": "暂停时限", "clock.acknowledge": "确认督办",
    "attachment.add": "添加附件", "message.send": "发送消息", "notice.read": "查看通知", "report.read": "查看看板",
    "release.read": "查看发布", "release.draft": "起草发布", "release.review": "复核发布", "release.deploy": "发布流程",
    "calendar.change": "更改日历", "people.read": "查看人员", "people.change": "维护人员", "token.change": "管理访问令牌",
    "audit.read": "查看审计", "audit.verify": "核验审计", "incident.read": "查看异常", "incident.resolve": "处理异常",
    "job.read": "查看作业", "job.change": "修改作业", "external_task.work": "执行外部任务", "import.run": "导入数据",
    "system.read": "查看系统",
}  # fmt: skip


def roles_of(actor: Actor) -> frozenset[str]:
    """System roles of a person; a holder of any role of the register is a member of staff."""
    held = actor.roles
    system = held & set(SYSTEM_ROLES)
    return system | {"staff"} if held - set(SYSTEM_ROLES) else system


def roles_for(actor: Actor, act: str) -> frozenset[str]:
    """The roles that give the person this act; none when the token in use leaves it out."""
    if actor.acts is not None and act not in actor.acts:
        return frozenset()
    return roles_of(actor) & ACTS[act].keys()


def is_allowed(
    actor: Actor,
    act: str,
    *,
    organisation_key: str | None = None,
    unit_path: str | None = None,
    is_own: bool = False,
) -> bool:
    """Whether `actor` may do `act`; without a place, whether there is any place where that is so.

    `is_own`: the person takes part in the case or may hold the task (the caller knows).
    """
    scopes = ACTS[act]
    if actor.is_system:
        return True
    for role in roles_for(actor, act):
        if _reaches(scopes[role], actor, role, organisation_key, unit_path, is_own):
            return True
    return False


def _reaches(
    scope: str, actor: Actor, role: str, organisation_key: str | None, unit_path: str | None, is_own: bool
) -> bool:
    if scope == ALL or organisation_key is None:
        return True
    if actor.organisation_key != organisation_key:
        return False
    if scope == ORGANISATION or is_own:
        return True
    if scope == OWN or unit_path is None:
        return False
    paths = [held.unit_path for held in actor.memberships if held.role_key == role]
    if scope == UNIT:
        return unit_path in paths
    return any(unit_path.startswith(path) for path in paths)


def require(
    actor: Actor,
    act: str,
    *,
    organisation_key: str | None = None,
    unit_path: str | None = None,
    is_own: bool = False,
) -> None:
    """Raises Forbidden."""
    if not is_allowed(actor, act, organisation_key=organisation_key, unit_path=unit_path, is_own=is_own):
        raise Forbidden(
            f"Expected the right {act!r}, but {actor.username} does not have it here.",
            f"您没有“{_WORDS[act]}”的权限。",
        )

"""Two organisations that keep registers, and a family with the steps of a small complaint: verify, handle, call back."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from engines import PROCESSES
from sqlalchemy import select

from engine.commands.calendar_shelf import Calendars
from engine.commands.engine import Engine, EngineSettings
from engine.commands.handler import Handler, HandlerContext, HandlerTable
from engine.commands.people.people_commands import (
    add_organisation,
    add_person,
    add_unit,
    grant_role,
    set_head,
)
from engine.commands.releases.deploy import deploy
from engine.commands.releases.family_files import read_families
from engine.model import ProcessInstance, WallClock
from engine.people import SYSTEM
from engine.store import Store

FAMILY = Path(__file__).parent / "register_family"
HEADER = ("编号", "机构", "单位", "受理时间", "渠道", "客户", "主题", "首问人", "经办人", "回访人", "状态", "办结时间", "处理结果", "是否满意")  # fmt: skip
CLOSED = ("TS-2026-0001", "城商行", "城东网点", "2026-02-10 09:20", "电话", "周先生", "柜台排队太久", "李娜", "李娜", "王伟", "已办结", "2026-02-11 16:40", "致歉并增开窗口", "是")  # fmt: skip
OPEN = ("TS-2026-0002", "城商行", "城东网点", "2026-02-11 10:00", "来访", "吴女士", "被多次要求补材料", "李娜", "李娜", "", "处理中", "", "", "")  # fmt: skip
WriteRegister = Callable[..., Path]
PEOPLE = (
    ("li_na", "李娜", "Li Na", "bank", (("east", "first_receiver"),)),
    ("zhao_min", "赵敏", "Zhao Min", "bank", (("east", "first_receiver"),)),
    ("wang_wei", "王伟", "Wang Wei", "bank", (("east", "outlet_head"), ("east", "supervisor"))),
    ("he_hang", "何行", "He Hang", "bank", (("bank", "service_mgmt"),)),
    ("chen_bo", "陈波", "Chen Bo", "firm", (("firm", "first_receiver"), ("firm", "supervisor"))),
)


def tell_head(context: HandlerContext) -> None:
    context.notify("reminder", "outlet_head", {"message": {"zh": "处理超时", "en": "Handling is late"}})


def make_importing_engine(store: Store, clock: WallClock) -> Engine:
    handlers = HandlerTable([Handler("tell_head", tell_head)])
    return Engine(store, clock, handlers, EngineSettings(PROCESSES), Calendars(PROCESSES / "calendars"))


def settle(engine: Engine) -> None:
    for key, zh, en in (("bank", "城商行", "City Bank"), ("firm", "明衡律所", "Mingheng Law Firm")):
        profiles = {"register_family": "CARE"}
        add_organisation(engine, SYSTEM, key=key, name={"zh": zh, "en": en}, profiles=profiles)
    add_unit(
        engine, SYSTEM, organisation_key="bank", unit_key="east", name={"zh": "城东网点", "en": "East outlet"}
    )
    for username, zh, en, organisation, roles in PEOPLE:
        add_person(
            engine,
            SYSTEM,
            username=username,
            organisation_key=organisation,
            name={"zh": zh, "en": en},
            email=f"{username}@example.com",
        )
        for unit, role in roles:
            grant_role(engine, SYSTEM, username=username, unit_key=unit, role_key=role)
    set_head(engine, SYSTEM, unit_key="east", username="wang_wei")
    set_head(engine, SYSTEM, unit_key="bank", username="he_hang")
    deploy(engine, SYSTEM, read_families([FAMILY]), name="tests")


def changed(row: Sequence[str], **cells: str) -> tuple[str, ...]:
    """The row with some cells, named by their header, replaced."""
    return tuple(cells.get(title, cell) for title, cell in zip(HEADER, row, strict=True))


def case(engine: Engine, number: str) -> Any:
    with engine.store.reading() as session:
        return session.execute(
            select(ProcessInstance.__table__).where(ProcessInstance.business_key == number)
        ).one_or_none()


def rows(engine: Engine, statement: Any) -> list[Any]:
    with engine.store.reading() as session:
        return list(session.execute(statement).all())

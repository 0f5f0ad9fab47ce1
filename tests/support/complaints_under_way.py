"""Complaints at every stage, some claimed, half filled in or paused, and the same family as an owner has changed it."""

from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from sqlalchemy import event, select

from bench.drive import Driven, complete_next, open_task, start
from bench.house import PROCESSES, House, complaint_profiles
from bench.measure import Stopwatch
from engine.commands.clock_commands import pause_clock
from engine.commands.due.due_work import do_due_work
from engine.commands.engine import Engine
from engine.commands.hold_user_task import claim_user_task, save_draft
from engine.commands.releases.deploy import deploy
from engine.commands.releases.family_files import FamilyFiles, read_families
from engine.model import ClockRow, ProcessInstance
from engine.people import SYSTEM
from engine.worktime import ClockState

FAMILY = PROCESSES / "complaint"
STAGES = 8
GONE, INSTEAD = "decide_complaint", "decide_and_sign"
RENAMED = "investigate_complaint"
NEW_TIMER = "record_slow"

_BOUNDARY = f"""<bpmn:boundaryEvent id="{NEW_TIMER}" name="登记过久" cancelActivity="false" attachedToRef="record_complaint">
  <bpmn:outgoing>record_slow_to_noted</bpmn:outgoing>
  <bpmn:timerEventDefinition id="record_slow_timer"><bpmn:timeDuration>PT72H</bpmn:timeDuration></bpmn:timerEventDefinition>
</bpmn:boundaryEvent>
<bpmn:endEvent id="record_slow_noted" name="已提示"><bpmn:incoming>record_slow_to_noted</bpmn:incoming></bpmn:endEvent>
<bpmn:sequenceFlow id="record_slow_to_noted" sourceRef="{NEW_TIMER}" targetRef="record_slow_noted" />
<bpmn:serviceTask id="acknowledge_complaint" """


@dataclass
class Counted:
    """Statements that were sent while it listened."""

    engine: Engine
    statements: int = 0

    def __post_init__(self) -> None:
        event.listen(self.engine.store.engine, "before_cursor_execute", self._count)

    def _count(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.statements += not statement.startswith("BEGIN")


def complaints(house: House, number: int) -> list[Driven]:
    """Running cases, spread over profiles and stages; every third claimed with a draft, every fourth paused."""
    watch = Stopwatch()
    profiles = complaint_profiles(house.release)
    cases = [start(house, profile, watch) for profile in islice(cycle(profiles), number)]
    for stage in range(STAGES):
        do_due_work(house.engine)
        for index, case in enumerate(cases):
            if index // len(profiles) % STAGES > stage:
                complete_next(house, case, watch)
    do_due_work(house.engine)
    for index, case in enumerate(cases):
        if index % 3 == 0 and (found := open_task(house, case.instance_key)) is not None:
            actor, key = house.actor(found[0]), found[1].user_task_key
            claim_user_task(house.engine, actor, user_task_key=key)
            save_draft(house.engine, actor, user_task_key=key, values={"opinion": f"半句 {index}"})
        if index % 4 == 0:
            _pause_one(house, case)
    return cases


def _pause_one(house: House, case: Driven) -> None:
    with house.engine.store.reading() as session:
        row = session.execute(
            select(ClockRow).where(
                ClockRow.instance_key == case.instance_key,
                ClockRow.state == "running",
                ClockRow.is_pausable.is_(True),
            )
        ).scalars().first()  # fmt: skip
    if row is not None and ClockState.from_data(row.data).state == "running":
        supervisor = house.actor("p_supervisor")
        pause_clock(house.engine, supervisor, clock_key=row.clock_key, kind="customer", reason="等客户材料")


def deploy_changed(house: House) -> str:
    """One task renamed, one deadline changed, one boundary timer new, one step replaced. The key of the release."""
    (family,) = read_families([FAMILY])
    files = dict(family.files)
    _replace(files, "complaint_investigate.bpmn", 'name="核实事实和责任"', 'name="核实事实与责任归属"')
    _replace(files, "complaint_handling.bpmn", GONE, INSTEAD, only_ids=True)
    _replace(files, "complaint.bpmn", '<bpmn:serviceTask id="acknowledge_complaint" ', _BOUNDARY)
    _replace(
        files,
        "profiles/CMP-01.toml",
        'id    = "CMP-01/I2"\nvalue = "1 WD"',
        'id    = "CMP-01/I2"\nvalue = "3 WD"',
    )
    files = {path: content for path, content in files.items() if "/scenarios/" not in f"/{path}"}
    deploy(house.engine, SYSTEM, [FamilyFiles(family.family, files)], name="changed")
    with house.engine.store.reading() as session:
        (release,) = house.engine.releases.newest_of_families(session)
    return release.release_key


def _replace(files: dict[str, bytes], path: str, old: str, new: str, *, only_ids: bool = False) -> None:
    text = files[path].decode()
    pairs = ((f'"{old}"', f'"{new}"'), (f">{old}<", f">{new}<")) if only_ids else ((old, new),)
    changed = text
    for was, now in pairs:
        changed = changed.replace(was, now)
    assert changed != text, (path, old)
    files[path] = changed.encode()


def state_of(house: House, instance_key: str) -> tuple[bytes, str, str, Any]:
    """The state as it is stored, the release, the definition, and the variables."""
    with house.engine.store.reading() as session:
        row = session.get_one(ProcessInstance, instance_key)
    return row.state_blob, row.release_key, row.definition_key, row.variables

"""Loads one case for a command: from memory when its row version matches, else from its rows."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.commands.case.frame import CaseFrame
from engine.commands.case.host import CaseHost
from engine.commands.case.record import CaseRecord, load_record, load_state
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.commands.releases.installed import InstalledRelease
from engine.model import WrongState
from engine.people import Actor, Directory
from engine.spiff import CaseRun


def open_case(engine: Engine, session: Session, actor: Actor, instance_key: str) -> CaseWork:
    """The case for a command that changes it. Raises NotFound; WrongState when the case is over."""
    record, directory_version, calendar_name = load_record(session, instance_key)
    if record.state != "running":
        raise WrongState(
            f"Expected case {record.business_key} running, but it is {record.state}.",
            f"事项“{record.business_key}”已经结束。",
        )
    engine.calendars.look(session, record.calendar_change)
    directory = engine.directories.get(session, record.organisation_key, directory_version)
    return CaseWork(frame_of(engine, session, actor, record, directory, calendar_name), is_new=False)


def frame_of(
    engine: Engine,
    session: Session,
    actor: Actor,
    record: CaseRecord,
    directory: Directory,
    calendar_name: str,
    *,
    is_new: bool = False,
    period_from: datetime | None = None,
) -> CaseFrame:
    now = engine.clock.now()
    release = engine.releases.get(session, record.release_key)
    profile = release.profile(record.profile_id)
    calendar = engine.calendars.get(calendar_name, session)
    host = CaseHost(release, profile, calendar, now)
    if is_new:
        run = _new_run(engine, record, release, host)
    else:
        run = _known_run(engine, session, record, release, host)
    return CaseFrame(
        engine, session, actor, record, directory, release, profile, calendar, host, now, run, period_from
    )


def _new_run(engine: Engine, record: CaseRecord, release: InstalledRelease, host: CaseHost) -> CaseRun:
    compiled = release.compiled(record.process_key)
    return CaseRun(compiled, host, {"case": record.variables}, engine.settings.guards)


def _known_run(
    engine: Engine, session: Session, record: CaseRecord, release: InstalledRelease, host: CaseHost
) -> CaseRun:
    run = engine.live.take(record.instance_key, record.row_version)
    if run is not None:
        run.use_host(host)
        record.variables = run.scopes["case"]
        return run
    blob, inner = load_state(session, record.instance_key)
    scopes = {"case": record.variables} | inner
    compiled = release.compiled(record.process_key)
    return CaseRun(compiled, host, scopes, engine.settings.guards, stored=blob)

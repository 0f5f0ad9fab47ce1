"""Takes a move back: the case stands again as it stood, as long as it has not gone on since."""

import hashlib
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.commands.case.access import require_case
from engine.commands.case.on_case import on_case
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.commands.migration.moved_rows import restore
from engine.model import CaseMigration, InvalidInput, NotFound, WrongState
from engine.people import Actor
from engine.spiff import STATE_FORMAT, CaseRun


def undo_migration(engine: Engine, actor: Actor, *, instance_key: str, reason: str) -> None:
    """The last move of the case. Its state, its release and its rows are byte for byte those before.

    Raises NotFound when it was never moved; InvalidInput without a reason; Forbidden; WrongState when the case has
    gone on since, or the move is taken back already.
    """
    if not reason.strip():
        raise InvalidInput("Expected a reason for undoing the move.", "撤销迁移必须填写原因。")

    def change(work: CaseWork) -> None:
        require_case(work.session, work.record, work.frame.directory, actor, "case.migrate")
        row = _last(work.session, instance_key)
        _check(work, row)
        old = engine.releases.get(work.session, row.from_release_key)
        number = work.release.number
        scopes = work.run.scopes
        for scope_key, names in row.rows_before["names"].items():
            for name in names:
                scopes[scope_key].pop(name, None)
        guards = engine.settings.guards
        compiled = old.compiled(work.record.process_key)
        run = CaseRun(compiled, work.frame.host, scopes, guards, stored=row.state_before)
        restore(work.session, row.rows_before["rows"])
        work.move_to(old, run, row.state_before)
        work.session.execute(
            update(CaseMigration)
            .where(CaseMigration.migration_key == row.migration_key)
            .values(undone_at=work.now, undone_by=actor.username)
        )
        work.note(
            "case.migration_undone",
            work.record.business_key,
            {
                "reason": reason,
                "from_release": number,
                "to_release": old.number,
                "digest": row.digest_before,
            },
        )

    on_case(engine, actor, lambda _session: instance_key, change)


def _last(session: Session, instance_key: str) -> Any:
    row = session.execute(
        select(CaseMigration.__table__)
        .where(CaseMigration.instance_key == instance_key)
        .order_by(CaseMigration.row_version.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound("migration of case", instance_key, "迁移记录")
    return row


def _check(work: CaseWork, row: Any) -> None:
    if row.undone_at is not None:
        raise WrongState(
            f"Expected a move that stands, but {row.undone_by} took it back.",
            f"此次迁移已由 {row.undone_by} 撤销。",
        )
    if work.record.row_version != row.row_version:
        raise WrongState(
            f"Expected case {work.record.business_key} untouched since its move, but {work.record.changed_by} changed it "
            f"at {work.record.changed_at:%Y-%m-%d %H:%M:%S} UTC: it cannot be taken back, but the case can be moved again.",
            f"事项“{work.record.business_key}”迁移后已由 {work.record.changed_by} 于 "
            f"{work.record.changed_at:%Y-%m-%d %H:%M:%S}（UTC）办理过，不能撤销；可以再次迁移。",
        )
    if row.state_format != STATE_FORMAT or hashlib.sha256(row.state_before).hexdigest() != row.digest_before:
        raise WrongState(
            "Expected the state before the move as it was stored, but it is not readable any more.",
            "迁移前的状态已无法原样读取，不能撤销。",
        )

"""The dry run: a verdict for each case, and nothing changed."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from engine.commands.engine import Engine
from engine.commands.migration.choice import CaseChoice, running_limits
from engine.commands.migration.judge import judge
from engine.commands.migration.verdict import Verdict
from engine.commands.releases.installed import InstalledRelease
from engine.model import ProcessInstance
from engine.people import Actor

BATCH = 200
_COLUMNS = (
    ProcessInstance.instance_key,
    ProcessInstance.business_key,
    ProcessInstance.process_key,
    ProcessInstance.profile_id,
    ProcessInstance.release_key,
    ProcessInstance.state_blob,
)


def plan_migration(
    engine: Engine,
    actor: Actor,
    *,
    choice: CaseChoice,
    to_release_key: str,
    mapping: Mapping[str, str] | None = None,
) -> list[Verdict]:
    """What `migrate_case` would say of each case now; the person complained about hears nothing of theirs.

    Raises NotFound for the release, Forbidden.
    """
    with engine.store.reading() as session:
        new = engine.releases.get(session, to_release_key)
        return _verdicts(engine, session, actor, choice, new, mapping or {})


def plan_migration_to(
    engine: Engine, actor: Actor, *, choice: CaseChoice, new: InstalledRelease
) -> list[Verdict]:
    """The same for a version that is no release yet (`would_be_installed`). Raises Forbidden."""
    with engine.store.reading() as session:
        return _verdicts(engine, session, actor, choice, new, {})


def _verdicts(
    engine: Engine,
    session: Session,
    actor: Actor,
    choice: CaseChoice,
    new: InstalledRelease,
    mapping: Mapping[str, str],
) -> list[Verdict]:
    verdicts: list[Verdict] = []
    for batch in session.execute(choice.query(actor, *_COLUMNS)).partitions(BATCH):
        limits = running_limits(session, [row.instance_key for row in batch])
        for row in batch:
            old = engine.releases.get(session, row.release_key)
            names = limits.get(row.instance_key, ())
            max_bytes = engine.settings.guards.max_state_bytes
            judged = judge(row, row.state_blob, old, new, mapping, names, max_bytes)
            verdicts.append(judged.verdict)
    return verdicts

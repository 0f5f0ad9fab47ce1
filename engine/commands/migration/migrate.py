"""Moves running cases to another release: tokens by element id; clocks, drafts, claims and timers stay as they are."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import insert

from engine.commands.case.access import require_case
from engine.commands.case.on_case import on_case
from engine.commands.case.record import load_state
from engine.commands.case.work import CaseWork
from engine.commands.engine import Engine
from engine.commands.migration.choice import CaseChoice
from engine.commands.migration.judge import judge
from engine.commands.migration.moved_rows import follow, note_timers
from engine.commands.migration.verdict import Verdict
from engine.commands.releases.installed import InstalledRelease
from engine.model import CaseMigration, InvalidInput, ProcessInstance, Rejected, WrongState, new_key
from engine.people import Actor
from engine.spiff import STATE_FORMAT, CaseRun, WaitingPlace


class DoesNotFit(WrongState):
    """The case stays where it is. `verdict` says why."""

    code = "does_not_fit"

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(
            f"Case {verdict.business_key} does not fit release {verdict.to_release}: "
            + " ".join(one.en for one in verdict.reasons),
            f"事项“{verdict.business_key}”不能迁移到第 {verdict.to_release} 版："
            + "".join(one.zh for one in verdict.reasons),
        )
        self.verdict = verdict


@dataclass(frozen=True)
class Migrated:
    """`migration_key`: what `undo_migration` takes back."""

    migration_key: str
    verdict: Verdict


@dataclass(frozen=True)
class Outcome:
    """One case of many: `migrated`, or why it was `refused`."""

    instance_key: str
    business_key: str
    migrated: Migrated | None
    refused: Rejected | None


def migrate_case(
    engine: Engine,
    actor: Actor,
    *,
    instance_key: str,
    to_release_key: str,
    reason: str,
    mapping: Mapping[str, str] | None = None,
) -> Migrated:
    """Raises NotFound, Forbidden; InvalidInput without a reason; DoesNotFit; WrongState when the case is over."""
    _require_reason(reason)
    given = dict(mapping or {})

    def change(work: CaseWork) -> Migrated:
        require_case(work.session, work.record, work.frame.directory, actor, "case.migrate")
        new = engine.releases.get(work.session, to_release_key)
        return _move(work, new, given, reason)

    return on_case(engine, actor, lambda _session: instance_key, change)


def migrate_cases(
    engine: Engine,
    actor: Actor,
    *,
    choice: CaseChoice,
    to_release_key: str,
    reason: str,
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> list[Outcome]:
    """One transaction a case: what is refused stays where it is, the others go on. `progress(done, of)` after each."""
    _require_reason(reason)
    with engine.store.reading() as session:
        rows = session.execute(
            choice.query(actor, ProcessInstance.instance_key, ProcessInstance.business_key)
        ).all()
    outcomes = []
    for done, row in enumerate(rows, 1):
        migrated = refused = None
        try:
            migrated = migrate_case(
                engine,
                actor,
                instance_key=row.instance_key,
                to_release_key=to_release_key,
                reason=reason,
                mapping=mapping,
            )
        except Rejected as problem:
            refused = problem
        outcomes.append(Outcome(row.instance_key, row.business_key, migrated, refused))
        progress(done, len(rows))
    return outcomes


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("Expected a reason for the move.", "迁移必须填写原因。")


def _move(work: CaseWork, new: InstalledRelease, mapping: dict[str, str], reason: str) -> Migrated:
    record, old, guards = work.record, work.release, work.engine.settings.guards
    blob, _ = load_state(work.session, record.instance_key)
    names = {one.row["limit_name"] for one in work.clocks.open.values()}
    judged = judge(record, blob, old, new, mapping, names, guards.max_state_bytes)
    if judged.carried is None or judged.carried.state is None:
        raise DoesNotFit(judged.verdict)
    run = CaseRun(
        new.compiled(record.process_key),
        work.frame.host,
        work.run.scopes,
        guards,
        stored=judged.carried.state,
    )
    before = follow(work.session, record.instance_key, new, judged.carried.renamed)
    closed = [place for key, place in work.run.waiting.items() if key not in run.waiting]
    opened = [place for key, place in run.waiting.items() if key not in work.run.waiting]
    note_timers(work.session, before, _timers(closed), _timers(opened))
    work.move_to(new, run, judged.carried.state)
    for place in closed:
        work.places.close(place)
    for place in opened:
        work.places.open(place)
    migration_key = new_key()
    work.session.execute(
        insert(CaseMigration).values(
            migration_key=migration_key,
            instance_key=record.instance_key,
            from_release_key=old.release_key,
            to_release_key=new.release_key,
            mapping=mapping,
            reason=reason,
            migrated_at=work.now,
            migrated_by=work.frame.actor.username,
            row_version=record.row_version + 1,
            state_format=STATE_FORMAT,
            state_before=blob,
            digest_before=hashlib.sha256(blob).hexdigest(),
            rows_before={"rows": before, "names": _new_names(work, old, new)},
        )
    )
    work.note(
        "case.migrated",
        record.business_key,
        {
            "reason": reason,
            "from_release": old.number,
            "to_release": new.number,
            "mapping": mapping,
            "timers_opened": [place.element_id for place in opened],
            "timers_cancelled": [place.element_id for place in closed],
        },
    )
    return Migrated(migration_key, judged.verdict)


def _timers(places: list[WaitingPlace]) -> list[str]:
    return [place.key for place in places if place.kind in ("timer", "repeating_timer")]


def _new_names(work: CaseWork, old: InstalledRelease, new: InstalledRelease) -> dict[str, list[str]]:
    """What only forms of the new release fill exists, empty, as in a case that starts there. Scope key → names."""
    key = work.record.process_key
    names = new.form_fields[key] - old.form_fields[key]
    added: dict[str, list[str]] = {}
    for scope_key, variables in work.run.scopes.items():
        missing = sorted(names - variables.keys())
        if missing and "loopCounter" not in variables:
            variables.update(dict.fromkeys(missing))
            added[scope_key] = missing
    return added

"""Running cases and another version: what a move would mean for each, and the move itself, as an act of its own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from engine.commands.engine import Engine
from engine.commands.migration.choice import CaseChoice
from engine.commands.migration.migrate import Outcome, migrate_cases
from engine.commands.migration.plan import plan_migration, plan_migration_to
from engine.commands.migration.verdict import Verdict
from engine.commands.releases.drafts import files_of_draft, find_draft
from engine.commands.releases.would_be_installed import would_be_installed
from engine.model import CaseMigration, InvalidInput, WrongState
from engine.people import Actor, is_allowed
from engine.queries.releases.versions import Version, find_version
from engine.queries.working_copies import names_of_people
from web.access import current_actor, current_engine, needs
from web.languages import current_locale
from web.languages import gettext as _
from web.procedures.house import checks
from web.releases.background import Act, Progress, background
from web.releases.words import verdict_word

blueprint = Blueprint("release_moves", __name__, template_folder="templates")

MOST = 500  # judged for one page; the further ones are told by their number
STORED = ("live", "replaced", "scheduled", "taken_off")


@dataclass(frozen=True)
class Moved:
    """Moves to this version that were made together: by whom, why, how many."""

    by: str
    reason: str
    number: int
    last_at: datetime


@blueprint.get("/procedures/<family>/versions/<int:number>/cases")
@needs("release.read")
def cases(family: str, number: int) -> ResponseReturnValue:
    """A part of the version's page, asked for after it: to judge each running case takes a while."""
    engine, actor = current_engine(), current_actor()
    version = find_version(engine, actor, family, number)
    may_move = is_allowed(actor, "case.migrate")
    verdicts = _verdicts(engine, actor, version) if may_move else []
    moved = _moved(version)
    return render_template(
        "releases/cases.html",
        family=family,
        version=version,
        may_move=may_move,
        verdicts=verdicts,
        counts=Counter(one.kind for one in verdicts),
        further=_count(engine, actor, version) - len(verdicts) if may_move else 0,
        moved=moved,
        people=names_of_people(engine, [one.by for one in moved], current_locale()),
        progress=background().find("move", family, number),
        verdict_word=verdict_word,
        kinds=("fits", "fits_with_remarks", "needs_mapping", "cannot"),
    )


@blueprint.post("/procedures/<family>/versions/<int:number>/cases")
@needs("case.migrate")
def move(family: str, number: int) -> ResponseReturnValue:
    engine, actor = current_engine(), current_actor()
    version = find_version(engine, actor, family, number)
    reason, chosen = request.form.get("reason", "").strip(), tuple(request.form.getlist("case"))
    if version.state != "live":
        raise WrongState(
            f"Expected a version that is live, but {family} {number} is {version.state}: cases move when it counts.",
            f"“{family}”版本 {number} 尚未生效，生效后才能迁移在办事项。",
        )
    if not reason:
        raise InvalidInput("Expected a reason for the move.", "迁移必须填写原因。")
    if not chosen:
        raise InvalidInput("Expected at least one case to move.", "请至少选择一件要迁移的事项。")
    choice = CaseChoice(cases=chosen, family=family, not_on=version.release_key)
    background().start(_moving(engine, actor, version, choice, reason), "move", family, number)
    flash(_("The chosen cases move now; below is how far it is."), "good")
    return redirect(f"{url_for('releases.version', family=family, number=number)}#cases", 303)


def _moving(engine: Engine, actor: Actor, version: Version, choice: CaseChoice, reason: str) -> Act:
    def act(progress: Progress) -> Sequence[Outcome]:
        return migrate_cases(
            engine,
            actor,
            choice=choice,
            to_release_key=version.release_key,
            reason=reason,
            progress=progress.tell,
        )

    return act


def _verdicts(engine: Engine, actor: Actor, version: Version) -> list[Verdict]:
    """Of the cases on other versions; none for a version with errors, which cannot go live anyway."""
    choice = CaseChoice(family=version.family, not_on=version.release_key, most=MOST)
    if version.state in STORED:
        return plan_migration(engine, actor, choice=choice, to_release_key=version.release_key)
    if version.state == "withdrawn":
        return []
    with engine.store.reading() as session:
        files = files_of_draft(session, find_draft(session, version.family, version.number))
    checked = checks.get(engine, files)
    if checked.errors:
        return []
    new = would_be_installed(checked, version.release_key, version.number)
    return plan_migration_to(engine, actor, choice=choice, new=new)


def _count(engine: Engine, actor: Actor, version: Version) -> int:
    choice = CaseChoice(family=version.family, not_on=version.release_key)
    with engine.store.reading() as session:
        found: int = session.execute(choice.query(actor, func.count()).order_by(None)).scalar_one()
    return found


def _moved(version: Version) -> list[Moved]:
    with current_engine().store.reading() as session:
        rows = session.execute(
            select(
                CaseMigration.migrated_by,
                CaseMigration.reason,
                func.count().label("number"),
                func.max(CaseMigration.migrated_at).label("last_at"),
            )
            .where(CaseMigration.to_release_key == version.release_key, CaseMigration.undone_at.is_(None))
            .group_by(CaseMigration.migrated_by, CaseMigration.reason)
            .order_by(func.max(CaseMigration.migrated_at))
        )
        return [Moved(row.migrated_by, row.reason, row.number, row.last_at) for row in rows]

"""`huiyin case plan`, `migrate`, `undo-migration`: running cases go to another release of their family."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click
from sqlalchemy import select

from engine.commands.engine import Engine
from engine.commands.migration.choice import CaseChoice, release_numbered
from engine.commands.migration.migrate import Outcome, migrate_cases
from engine.commands.migration.plan import plan_migration
from engine.commands.migration.undo import undo_migration as undo
from engine.commands.migration.verdict import Verdict
from engine.model import ProcessInstance, Release
from engine.people import Actor
from web.cli.case_lookup import case_key
from web.cli.doors import acting_person, open_engine
from web.cli.failure import Failure, in_language
from web.cli.options import act_options, actor_option, database_option, json_option
from web.cli.output import print_json, print_table, progress_bar

Command = TypeVar("Command", bound=Callable[..., Any])


def _which(command: Command) -> Command:
    """The cases, the release they go to, and what takes the place of what."""
    command = click.argument("cases", metavar="[CASE]...", nargs=-1)(command)
    command = click.option(
        "--process", "process_key", default=None, help="All running cases of this process."
    )(command)
    command = click.option("--profile", default=None, help="Only those of this policy profile.")(command)
    command = click.option(
        "--to",
        "number",
        type=int,
        required=True,
        help="The number of the release, as `huiyin release` lists it.",
    )(command)
    return click.option(
        "--map",
        "pairs",
        multiple=True,
        metavar="OLD=NEW",
        help="Which element takes the place of one that is gone.",
    )(command)


@click.command()
@_which
@actor_option
@json_option
@database_option
def plan(
    cases: tuple[str, ...],
    process_key: str | None,
    profile: str | None,
    number: int,
    pairs: tuple[str, ...],
    acting: str | None,
    as_json: bool,
    database: str | None,
) -> None:
    """What a move would mean for each case. Changes nothing."""
    with open_engine(database) as engine:
        choice = _choice(cases, process_key, profile)
        actor = acting_person(engine, acting)
        verdicts = plan_migration(
            engine,
            actor,
            choice=choice,
            to_release_key=_target(engine, actor, choice, number),
            mapping=_mapping(pairs),
        )
    if as_json:
        print_json([one.to_data() for one in verdicts])
        return
    _print_verdicts(verdicts)


@click.command()
@_which
@act_options
def migrate(
    cases: tuple[str, ...],
    process_key: str | None,
    profile: str | None,
    number: int,
    pairs: tuple[str, ...],
    reason: str,
    acting: str | None,
    as_json: bool,
    database: str | None,
) -> None:
    """Move the cases that fit; the others stay, with the reason. Clocks, drafts, claims and timers are kept."""
    with open_engine(database) as engine, progress_bar("") as told:
        choice = _choice(cases, process_key, profile)
        actor = acting_person(engine, acting)
        outcomes = migrate_cases(
            engine,
            actor,
            choice=choice,
            to_release_key=_target(engine, actor, choice, number),
            reason=reason,
            mapping=_mapping(pairs),
            progress=told or (lambda _done, _of: None),
        )
    if as_json:
        print_json([_said(one) for one in outcomes])
    else:
        print_table(
            ("case", "moved", "why not"),
            (
                (one.business_key, "yes" if one.migrated else "no", one.refused and str(one.refused))
                for one in outcomes
            ),
        )
    if any(one.refused for one in outcomes):
        raise SystemExit(1)


@click.command("undo-migration")
@click.argument("case", metavar="CASE")
@act_options
def undo_migration(case: str, reason: str, acting: str | None, as_json: bool, database: str | None) -> None:
    """Take back the last move of CASE, as long as nothing was done in it since."""
    with open_engine(database) as engine:
        actor = acting_person(engine, acting)
        with engine.store.reading() as session:
            key = case_key(session, case)
        undo(engine, actor, instance_key=key, reason=reason)
    if as_json:
        print_json({"instance_key": key, "undone": True})


def _choice(cases: Sequence[str], process_key: str | None, profile: str | None) -> CaseChoice:
    if not cases and process_key is None:
        raise Failure("Name cases, or give --process.", "请给出事项编号，或用 --process 指定流程。")
    return CaseChoice(cases=tuple(cases) or None, process_key=process_key, profile_id=profile)


def _target(engine: Engine, actor: Actor, choice: CaseChoice, number: int) -> str:
    with engine.store.reading() as session:
        families = set(
            session.execute(
                select(Release.family)
                .where(
                    Release.release_key.in_(choice.query(actor, ProcessInstance.release_key).order_by(None))
                )
                .distinct()
            ).scalars()
        )
        if len(families) != 1:
            raise Failure(
                f"Expected running cases of one family, but found {', '.join(sorted(families)) or 'none'}.",
                f"应为同一流程族的在办事项，但找到：{'、'.join(sorted(families)) or '无'}。",
            )
        return release_numbered(session, families.pop(), number)


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        old, equals, new = pair.partition("=")
        if not (old and equals and new):
            raise Failure(
                f"Expected OLD=NEW, but found {pair!r}.", f"应写成“旧图元=新图元”，但写的是“{pair}”。"
            )
        mapping[old] = new
    return mapping


def _print_verdicts(verdicts: Sequence[Verdict]) -> None:
    print_table(
        ("case", "verdict", "why"),
        (
            (
                one.business_key,
                one.kind,
                " ".join(in_language(said.en, said.zh) for said in (*one.reasons, *one.remarks)),
            )
            for one in verdicts
        ),
    )
    counts = Counter(one.kind for one in verdicts)
    click.echo(", ".join(f"{kind}: {number}" for kind, number in sorted(counts.items())), err=True)


def _said(one: Outcome) -> dict[str, Any]:
    return {
        "instance_key": one.instance_key,
        "business_key": one.business_key,
        "migration_key": one.migrated.migration_key if one.migrated else None,
        "verdict": one.migrated.verdict.to_data() if one.migrated else None,
        "refused": {"en": one.refused.en, "zh": one.refused.zh} if one.refused else None,
    }

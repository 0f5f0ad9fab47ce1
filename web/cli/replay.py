"""`huiyin replay`: what a changed version would have made of the cases that ended in a period."""

from pathlib import Path

import click

from engine.rehearsal.replay import KINDS, ReplayReport, ReplayWish, replay_family
from engine.rehearsal.replay.tried import files_over_live, last_month, period, tried_files
from web.cli.doors import acting_person, open_engine
from web.cli.failure import in_language, language
from web.cli.options import actor_option, database_option, json_option
from web.cli.output import print_json, print_table, progress_bar


@click.command()
@click.argument("family")
@click.option(
    "--from", "first", metavar="DAY", help="First day on which the cases ended (default: last month)."
)
@click.option("--to", "last", metavar="DAY", help="Last day.")
@click.option(
    "--version", "number", type=int, metavar="N", help="The version to try (default: the working copy)."
)
@click.option(
    "--files",
    "path",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Try the family as it lies in this folder, or this one file over what is live.",
)
@click.option(
    "--fill", "is_filling", is_flag=True, help="Steps that nobody ever answered take their form's example."
)
@click.option(
    "--calendar", default="cn", show_default=True, metavar="NAME", help="In whose zone days are meant."
)
@actor_option
@json_option
@database_option
def replay_command(
    family: str,
    first: str | None,
    last: str | None,
    number: int | None,
    path: Path | None,
    is_filling: bool,
    calendar: str,
    acting: str | None,
    as_json: bool,
    database: str | None,
) -> None:
    """Try a changed version of FAMILY on the cases that ended in a period. Nothing is written and nothing is sent.

    A case that its own version does not reproduce from the record is told and not counted.
    """
    with open_engine(database) as engine:
        actor = acting_person(engine, acting)
        with engine.store.reading() as session:
            days = engine.calendars.get(calendar, session)
        default_first, default_last = last_month(engine.clock.now(), days)
        since, until = period(first or default_first.isoformat(), last or default_last.isoformat(), days)
        changed = (
            files_over_live(engine, family, path) if path is not None else tried_files(engine, family, number)
        )
        with progress_bar(in_language("cases replayed", "已重演事项")) as on_progress:
            report = replay_family(
                engine,
                actor,
                ReplayWish(changed, since, until, is_filling),
                on_progress=on_progress or (lambda _done, _total: None),
            )
    if as_json:
        print_json(report.to_data())
        return
    _print(report)


def _print(report: ReplayReport) -> None:
    locale = language()
    print(
        in_language(
            f"{report.total} cases of {report.family}: {len(report.different)} would have come out otherwise than "
            f"with version {report.base}, {report.same} the same, {len(report.not_reproduced)} could not be "
            f"reproduced. {report.seconds} s",
            f"“{report.family}”共 {report.total} 件：与版本 {report.base} 相比，{len(report.different)} 件结果不同，"
            f"{report.same} 件相同，{len(report.not_reproduced)} 件无法重演。用时 {report.seconds} 秒",
        )
    )
    is_zh = locale.startswith("zh")
    print_table(
        ("kind", "cases", "element", "for example"),
        (
            (KINDS[one.kind][is_zh], one.cases, one.element_id, one.example.says(locale))
            for one in report.by_element()
        ),
    )
    print_table(
        ("case", "differences"),
        (
            (one.business_key, " ".join(each.says(locale) for each in one.differences))
            for one in report.different
        ),
    )
    print_table(
        ("not reproduced", "why"),
        ((one.business_key, one.why_not[is_zh] if one.why_not else "") for one in report.not_reproduced),
    )

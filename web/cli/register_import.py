"""`huiyin import`: a register that was kept on paper or in a spreadsheet becomes cases with their past."""

import sys
from pathlib import Path

import click

from engine.commands.imports import ImportReport, import_register
from web.cli.doors import acting_person, open_engine
from web.cli.failure import Failure, in_language, one_line
from web.cli.options import actor_option, database_option, json_option
from web.cli.output import print_json, progress_bar

MOST_TOLD = 20


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--org", "organisation", default=None, help="Only rows of this organisation, and rows that name none."
)
@click.option("--family", default=None, help="Which procedure, where an organisation follows several.")
@click.option(
    "--person", "people", multiple=True, metavar="NAME=USERNAME", help="Whom a name in the register means."
)
@click.option(
    "--rejected",
    type=click.Path(path_type=Path),
    default=None,
    help="Where bad rows go (default: beside FILE).",
)
@actor_option
@json_option
@database_option
def import_file(
    file: Path,
    organisation: str | None,
    family: str | None,
    people: tuple[str, ...],
    rejected: Path | None,
    acting: str | None,
    as_json: bool,
    database: str | None,
) -> None:
    """Import cases from FILE (.csv or .xlsx).

    Good rows are kept, bad ones are told and written to a file; a second run takes only what is new.
    """
    names = dict(_pair(text) for text in people)
    with open_engine(database) as engine, progress_bar(file.name) as on_progress:
        report = import_register(
            engine,
            acting_person(engine, acting),
            file,
            organisation_key=organisation,
            family=family,
            people=names,
            on_progress=on_progress,
            rejected_path=rejected,
        )
    if as_json:
        print_json(_data(report))
    else:
        _tell(report)


def _pair(text: str) -> tuple[str, str]:
    name, equals, username = text.partition("=")
    if not equals or not name or not username:
        raise Failure(
            f"Expected NAME=USERNAME, but found {text!r}.", f"应写成“姓名=用户名”，但写的是“{text}”。"
        )
    return name, username


def _tell(report: ImportReport) -> None:
    for column in report.unknown_columns:
        _warn(in_language(f"Column {column!r} is not read.", f"没有读取“{column}”列。"))
    for one in report.rejected[:MOST_TOLD]:
        _warn(in_language(f"row {one.row} {one.number}: {one.en}", f"第 {one.row} 行 {one.number}：{one.zh}"))
    if len(report.rejected) > MOST_TOLD:
        more = len(report.rejected) - MOST_TOLD
        _warn(in_language(f"… and {more} more.", f"……另有 {more} 行。"))
    print(
        in_language(
            f"{report.rows} rows: {report.imported} imported, {report.skipped_known} known already, "
            f"{len(report.rejected)} rejected",
            f"共 {report.rows} 行：导入 {report.imported}，已有 {report.skipped_known}，退回 {len(report.rejected)}",
        )
        + (f" ({report.rejected_path})" if report.rejected_path else "")
    )


def _warn(text: str) -> None:
    print(one_line(text), file=sys.stderr)


def _data(report: ImportReport) -> dict[str, object]:
    return {
        "rows": report.rows,
        "imported": report.imported,
        "known": report.skipped_known,
        "rejected": [
            {"row": one.row, "number": one.number, "says": {"zh": one.zh, "en": one.en}}
            for one in report.rejected
        ],
        "unknown_columns": list(report.unknown_columns),
        "rejected_file": str(report.rejected_path) if report.rejected_path else None,
    }

"""`huiyin audit verify`: whether the record of what was done is whole."""

import sys

import click

from engine.audit import verify as check
from web.cli.doors import open_engine
from web.cli.failure import in_language, language
from web.cli.options import database_option, json_option
from web.cli.output import print_json


@click.group()
def audit() -> None:
    """The record of what was done."""


@audit.command()
@json_option
@database_option
def verify(as_json: bool, database: str | None) -> int:
    """Check every chain from its first row to its anchored head. Exit code 1 when anything was changed."""
    with open_engine(database) as engine, engine.store.reading() as session:
        report = check(session)
    if as_json:
        print_json(
            {
                "sound": report.is_sound,
                "rows": report.rows,
                "chains": report.chains,
                "anchors": report.anchors,
                "erased": report.erased,
                "problems": [
                    {
                        "chain": one.chain,
                        "sequence": one.sequence,
                        "kind": one.kind,
                        "says": {"zh": one.says("zh"), "en": one.says("en")},
                    }
                    for one in report.problems
                ],
            }
        )
    else:
        for one in report.problems:
            print(one.says(language()), file=sys.stderr)
        print(
            in_language(
                f"{report.rows} rows in {report.chains} chains, {report.anchors} anchors, {report.erased} payloads "
                f"erased: {'sound' if report.is_sound else f'{len(report.problems)} problems'}",
                f"{report.chains} 条链共 {report.rows} 行，{report.anchors} 个锚点，{report.erased} 处明细已删除："
                f"{'完好' if report.is_sound else f'{len(report.problems)} 处问题'}",
            )
        )
    return 0 if report.is_sound else 1

"""`huiyin scenario`: the stories of the process owners, each straight and again with a restart between all steps."""

import sys
from pathlib import Path
from typing import Any

import click

from engine.commands.handler import HandlerTable
from engine.rehearsal import StoryResult, run_stories
from handlers import HANDLERS
from web.cli.coverage_print import coverage_json, coverage_lines
from web.cli.doors import settings_for
from web.cli.failure import language, one_line
from web.cli.options import database_option, json_option
from web.cli.output import print_json


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option(
    "--coverage",
    "with_coverage",
    is_flag=True,
    help="Also print which elements and branches the stories pass.",
)
@json_option
@database_option
def scenario(paths: tuple[Path, ...], with_coverage: bool, as_json: bool, database: str | None) -> int:
    """Run stories (files, or folders with scenarios/*.toml) under a virtual clock, in memory.

    With --database of a PostgreSQL they are played there, in databases of their own that are dropped afterwards;
    nothing in the named database is read or changed. HUIYIN_DATABASE_URL alone plays nothing there. One line a story; the last line is `N passed, M failed`. Exit code 1 on failure.
    """
    result = run_stories(
        paths,
        processes_folder=settings_for(database).processes_folder,
        handlers=HandlerTable(HANDLERS),
        report=_nothing if as_json else _line,
        locale=language(),
        database_url=database,
        summary=(lambda played: coverage_lines(played.coverage())) if with_coverage else None,
    )
    if as_json:
        shown: dict[str, Any] = {
            "passed": result.passed,
            "failed": result.failed,
            "stories": [_story(one) for one in result.stories],
        }
        print_json(shown | ({"coverage": coverage_json(result.coverage())} if with_coverage else {}))
    return 0 if result.is_ok else 1


def _line(text: str) -> None:
    print(one_line(text))
    sys.stdout.flush()


def _nothing(text: str) -> None:
    del text


def _story(played: StoryResult) -> dict[str, Any]:
    failure = played.failure
    return {
        "title": played.title,
        "file": str(played.path),
        "source": list(played.source),
        "process": played.process_key,
        "profile": played.profile_id,
        "passed": played.is_ok,
        "step": failure.step_number if failure else None,
        "says": {"zh": failure.zh, "en": failure.en} if failure else None,
    }

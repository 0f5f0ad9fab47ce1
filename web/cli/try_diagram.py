"""`huiyin try`: walks a diagram in memory, before anybody works with it."""

import sys
from pathlib import Path
from typing import Any

import click

from engine.commands.handler import HandlerTable
from engine.rehearsal.try_diagram import Tried, try_diagram
from engine.rehearsal.try_files import files_to_try
from engine.rehearsal.try_ground import TryGround
from engine.rehearsal.try_walk import POLICIES, Policy
from handlers import HANDLERS
from web.cli.doors import settings_for
from web.cli.failure import in_language, language, one_line
from web.cli.json_input import read_data
from web.cli.options import database_option, json_option
from web.cli.output import print_json_line

_DID = {
    "started": ("started", "登记"),
    "completed": ("completed", "办结"),
    "worked": ("done by a worker", "由外部程序完成"),
    "fired": ("timer fired", "定时器触发"),
    "delivered": ("sent", "送出"),
}
_OUTCOMES = {
    "completed": ("The case is completed.", "事项已办结。"),
    "waiting": ("The case waits", "事项在等待"),
    "error": ("The case cannot go on", "事项无法继续"),
    "not_startable": ("No case can be started", "无法登记事项"),
}


@click.command("try")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--process", "process_key", metavar="ID", default=None, help="Which process, if there are several."
)
@click.option(
    "--data", type=click.File("rb"), help="A file with one JSON object (- for stdin): first variables."
)
@click.option(
    "--policy", type=click.Choice(POLICIES), default="default", show_default=True, help="When timers fire."
)
@json_option
@database_option
def try_command(
    file: Path, process_key: str | None, data: Any, policy: Policy, as_json: bool, database: str | None
) -> int:
    """Walk a diagram, or a family's folder, in memory under a virtual clock; nothing outside is told.

    Nothing in the database is read or changed. The last line with --json is {"deployed", "error", "outcome",
    "visited"}. Exit code 0 when completed or waiting.
    """
    values = read_data(data, ())
    with TryGround(settings_for(database).processes_folder, HandlerTable(HANDLERS)) as ground:
        tried = try_diagram(files_to_try(file), ground, process_key=process_key, data=values, policy=policy)
    if as_json:
        print_json_line(tried.to_data(language()))
    else:
        _print(tried)
    sys.stdout.flush()
    return 0 if tried.is_ok else 1


def _print(tried: Tried) -> None:
    for step in tried.steps:
        did = in_language(*_DID[step.did])
        print(one_line(f"{step.at:%Y-%m-%d %H:%M:%S} · {did} · {_named(tried, step.element_id)}"))
    words = in_language(*_OUTCOMES[tried.outcome])
    if tried.error is not None:
        print(one_line(f"{words}: {in_language(tried.error.en, tried.error.zh)}"))
    elif tried.waits_at:
        print(one_line(f"{words}: " + ", ".join(_named(tried, one) for one in tried.waits_at)))
    else:
        print(words)


def _named(tried: Tried, element_id: str) -> str:
    name = tried.names.get(element_id)
    return f"{element_id} “{name}”" if name else element_id

"""`huiyin first-start`: what must be there before several processes share one database."""

import click

from web.cli.doors import settings_for
from web.cli.failure import in_language
from web.cli.options import database_option
from web.cli.output import progress_bar
from web.wiring.build import build_engine
from web.wiring.demo import load_demo
from web.wiring.first_start import ADMIN, FirstStart, first_start


@click.command(name="first-start")
@click.option("--demo", is_flag=True, help="Load the demo organisations with their complaints, once.")
@database_option
def first_start_command(demo: bool, database: str | None) -> None:
    """Make or upgrade the tables, add the administrator, deploy the procedures that are missing.

    Idempotent, and safe to call on several machines at once. `huiyin run` does it by itself; before `huiyin web` and
    `huiyin worker` it is called once, and again with each new version of the program.
    """
    settings = settings_for(database)
    engine = build_engine(settings)
    try:
        started = first_start(engine, settings)
        if demo:
            with progress_bar(in_language("Demo register", "演示台账")) as on_progress:
                load_demo(engine, settings, on_progress)
    finally:
        engine.store.close()
    for line in first_start_lines(started):
        print(line)
    print(in_language("The database is ready.", "数据库已就绪。"))


def first_start_lines(started: FirstStart) -> list[str]:
    """What was made, for the person at the terminal. A password that was made now is shown here and nowhere again."""
    lines = [
        in_language(f"  deployed {family} {number}", f"  已发布 {family} {number}")
        for family, number in started.deployed
    ]
    if started.admin_password is not None:
        note = in_language("made now, shown this once", "刚刚生成，仅显示这一次")
        lines.append(f"  {ADMIN}  {started.admin_password}  ({note})")
    return lines

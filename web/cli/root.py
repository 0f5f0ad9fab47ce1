"""The list of commands, and the frame around each: plain UTF-8 out, one line on stderr when something is wrong.

Commands are imported when they are called, so that `huiyin due` need not wait for the web server to load.
"""

import importlib
import io
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from web.cli.failure import one_line, plain_failures

# name → (module, attribute, one line for the list of commands)
COMMANDS = {
    "run": ("web.cli.serve", "run", "Web, scheduler and worker in one process; makes the database at first start."),
    "web": ("web.cli.serve", "web", "Only the web server."),
    "worker": ("web.cli.serve", "worker", "Only the scheduler and the worker."),
    "first-start": ("web.cli.first_start", "first_start_command", "Tables, administrator, procedures: once before web and worker."),
    "db": ("web.cli.database", "db", "The schema of the database."),
    "doctor": ("web.cli.doctor", "doctor", "Checks the installation; says what to mend and how."),
    "backup": ("web.cli.backup", "backup", "Copies the database into one file."),
    "restore": ("web.cli.backup", "restore", "Puts a backup in place of the database."),
    "lint": ("web.cli.lint", "lint", "Checks diagrams, tables, forms and profiles."),
    "decide": ("web.cli.decide", "decide", "Tries a decision table on a row of inputs."),
    "deploy": ("web.cli.deploy", "deploy", "Installs procedure families: all of it or nothing."),
    "try": ("web.cli.try_diagram", "try_command", "Walks a diagram in memory, before anybody works with it."),
    "release": ("web.cli.release", "release", "Versions: draft, check, review, live from a moment, roll back, compare."),
    "scenario": ("web.cli.scenario", "scenario", "Runs the stories beside the diagrams."),
    "replay": ("web.cli.replay", "replay_command", "What a change would have made of the cases of a period."),
    "year": ("web.cli.year", "year_command", "On which start dates of a year a promise cannot be kept."),
    "trace": ("web.cli.trace", "trace", "Compares the policy register with what is modelled."),
    "start": ("web.cli.case", "start", "Starts a case."),
    "tasks": ("web.cli.case", "tasks", "Lists open tasks."),
    "complete": ("web.cli.case", "complete", "Completes a task."),
    "case": ("web.cli.case_group", "case", "Moves cases to another release; stops, mends and corrects them."),
    "import": ("web.cli.register_import", "import_file", "Imports cases from a CSV or XLSX register."),
    "due": ("web.cli.due", "due", "When a limit is due, and why."),
    "user": ("web.cli.user", "user", "People, their roles and passwords."),
    "token": ("web.cli.token", "token", "Tokens by which programs act for a person."),
    "org": ("web.cli.organisation", "org", "Organisations and their units."),
    "audit": ("web.cli.audit", "audit", "The record of what was done."),
    "routes": ("web.cli.routes", "routes", "Every route with its methods and the right it needs."),
}  # fmt: skip


class LazyGroup(click.Group):
    """Imports a command's module when the command is asked for; turns errors into one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it.
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        found = COMMANDS.get(cmd_name)
        if found is None:
            return None
        command = getattr(importlib.import_module(found[0]), found[1])
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        with plain_failures():
            return super().invoke(ctx)

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> Any:
        """Like click's, but a refusal is one line also where click would add its usage text."""
        extra.pop("standalone_mode", None)
        _plain_utf8()
        try:
            result = super().main(args, prog_name or "huiyin", standalone_mode=False, **extra)
        except click.exceptions.NoArgsIsHelpError as nothing:
            print(nothing.format_message())
            sys.exit(2)
        except click.ClickException as refusal:
            print(f"huiyin: {one_line(refusal.format_message())}{_hint(refusal)}", file=sys.stderr)
            sys.exit(refusal.exit_code)
        except (click.Abort, KeyboardInterrupt):
            print("huiyin: stopped.", file=sys.stderr)
            sys.exit(130)
        except BrokenPipeError:
            # The reader has gone (`huiyin tasks | head`): not our error, and nothing more can be said to it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        sys.exit(result if isinstance(result, int) else 0)


def _hint(refusal: click.ClickException) -> str:
    if isinstance(refusal, click.UsageError) and refusal.ctx is not None:
        return f" (see `{refusal.ctx.command_path} --help`)"
    return ""


def _plain_utf8() -> None:
    """Chinese texts leave as UTF-8 whatever the locale says; a terminal that cannot show a character gets an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            is_utf8 = (stream.encoding or "").lower().replace("-", "") == "utf8"
            if stream.isatty():
                stream.reconfigure(errors="backslashreplace")
            elif not is_utf8:
                stream.reconfigure(encoding="utf-8")


@click.group(cls=LazyGroup, name="huiyin", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="huiyin", prog_name="huiyin")
def huiyin() -> None:
    """Huiyin 回音: every matter gets an answer."""


def main() -> None:
    huiyin.main()
